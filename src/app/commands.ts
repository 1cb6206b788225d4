/** Looks up commands as a shell would, and interpreters as the kernel would, in one world of a context. */
import type { PackageObject, ResolvedCommand, SystemTool } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import type { World } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import { resolveClosure } from '../loader/closure.ts'
import { systemToolPaths } from '../rules/knowledge/data.ts'
import { SYSTEM_PATH } from '../runtime/system-path.ts'
import type { Focus, Gathered } from './gather.ts'
import type { Ownership } from './ownership.ts'

export interface CommandOptions {
  readonly world: World
  readonly gathered: Gathered
  readonly objects: readonly PackageObject[]
  readonly packages: readonly Package[]
  readonly path: readonly string[]
  readonly focus: Focus
}

/** Entries of `tools`, `#!` interpreters and PT_INTERP of every package. */
export function resolveCommands(options: CommandOptions): readonly ResolvedCommand[] {
  const { world, gathered, objects, packages } = options
  const find = memoised((name: string) => onPath(world, options.path, name))
  const open = memoised((path: string) => fileAt(world, path))
  const make = (
    owner: Package,
    kind: ResolvedCommand['kind'],
    name: string,
    witness: string | null,
    found: Place | null,
  ): ResolvedCommand => ({
    world: world.name,
    owner,
    kind,
    name,
    witness,
    path: found?.path ?? null,
    provider: found === null ? null : gathered.ownership(found.file),
  })
  const commands: ResolvedCommand[] = []
  const inFocus = (item: Package): boolean => options.focus === null || options.focus(item)
  for (const item of packages.filter(inFocus)) {
    for (const tool of item.tools) if (!tool.includes('/')) commands.push(make(item, 'tool', tool, null, find(tool)))
  }
  for (const { owner, relative, interpreter, command } of gathered.scripts) {
    const found = open(interpreter)
    // Without env there is nothing to look the command up.
    if (command === null || found === null) commands.push(make(owner, 'script', interpreter, relative, found))
    else commands.push(make(owner, 'env', command, relative, command.includes('/') ? open(command) : find(command)))
  }
  for (const { owner, relative, role, reading } of objects) {
    const interpreter = reading.object?.interpreter ?? null
    if (role === 'program' && interpreter !== null) {
      commands.push(make(owner, 'program', interpreter, relative, open(interpreter)))
    }
  }
  return commands
}

interface Place {
  readonly path: string
  /** Links followed. */
  readonly file: string
}

function onPath(world: World, path: readonly string[], name: string): Place | null {
  for (const folder of [...path, ...SYSTEM_PATH.split(':')]) {
    const found = folder.startsWith('/') ? fileAt(world, `${folder.replace(/\/+$/, '')}/${name}`) : null
    if (found !== null) return found
  }
  return null
}

function fileAt(world: World, path: string): Place | null {
  const found = world.lookup(path)
  return failed(found) || found.kind !== 'file' ? null : { path, file: found.path }
}

function memoised<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    const old = known.get(key)
    if (old !== undefined || known.has(key)) return old as T
    const fresh = compute(key)
    known.set(key, fresh)
    return fresh
  }
}

/** Commands of the system that load files of packages when they are started inside the context. */
export function systemToolsOf(world: World, ownership: Ownership): readonly SystemTool[] {
  const tools: SystemTool[] = []
  const seen = new Set<string>()
  for (const path of systemToolPaths) {
    const found = fileAt(world, path)
    if (found === null || seen.has(found.file) || ownership(found.file) !== null) continue
    seen.add(found.file)
    if (world.read(found.file).object?.dynamic !== true) continue
    const loads = resolveClosure(world, path)
      .objects.filter((object) => object.file !== null && ownership(object.file) !== null)
      .map((object) => ({ name: object.name, file: object.file ?? '' }))
    if (loads.length > 0) tools.push({ path, loads })
  }
  return tools
}

/** The repairs of a context as a shell script that does what `repair apply` does, for builders without Node. */
import { printable } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { GraftEntry, RepairFile } from '../domain/repair.ts'
import { shellQuoted } from '../domain/shell.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import { compareBytes } from './compare.ts'
import { atLeast, oldestOf } from './installed.ts'
import { neverGrafted } from './never-grafted.ts'
import type { Places } from './paths.ts'
import { expandPath } from './paths.ts'
import { SCRIPT_END, SCRIPT_START } from './script-text.ts'

export interface ScriptSetting {
  /** The name of the context, for the head of the script. */
  readonly name: string
  readonly places: Places
  readonly drivers: Drivers
}

/**
 * The script; faults where an entry can be done in no root at all. The same files make the same bytes.
 *
 * @param files those of packages, then that of the context: the order of `repair apply`
 */
export function repairScript(
  files: readonly { readonly path: string; readonly file: RepairFile }[],
  setting: ScriptSetting,
): string | readonly Fault[] {
  const writer = new Writer(setting)
  for (const { path, file } of files) writer.removals(path, file)
  for (const { path, file } of files) writer.grafts(path, file)
  for (const { path, file } of files) writer.links(path, file)
  for (const { path, file } of files) writer.runPaths(path, file)
  if (writer.faults.length > 0) return writer.faults
  const packages = new Map<string, Set<string>>()
  for (const { file } of files) {
    for (const [name, entry] of Object.entries(file.os_packages ?? {})) {
      const oldest = oldestOf(entry)
      const names = packages.get(entry.manager) ?? new Set<string>()
      packages.set(entry.manager, names.add(oldest === null ? name : name + atLeast(oldest)))
    }
  }
  const [manager = ''] = packages.keys()
  const names = [...(packages.get(manager) ?? [])].sort(compareBytes)
  const head = [
    `# The repairs of ${printable(setting.name)}, made by airtight repair script. They do what airtight repair apply does.`,
    ...writer.notDone(files),
    `manager=${shellQuoted(manager)}`,
    `packages=${shellQuoted(names.join(' '))}`,
    `sources=${shellQuoted([...writer.sources].sort(compareBytes).join(' '))}`,
  ]
  const steps = ['entries() {', '  :', ...writer.steps.map((step) => `  ${step}`), '}']
  return `#!/bin/sh\n${head.join('\n')}\n${SCRIPT_START}\n${steps.join('\n')}\n\n${SCRIPT_END}`
}

class Writer {
  readonly steps: string[] = []
  readonly faults: Fault[] = []
  /** Names of grafts' sources. */
  readonly sources = new Set<string>()
  readonly #setting: ScriptSetting
  readonly #copied = new Set<string>()

  constructor(setting: ScriptSetting) {
    this.#setting = setting
  }

  removals(from: string, file: RepairFile): void {
    for (const [key, { sha256 }] of Object.entries(file.remove_files ?? {})) {
      const path = this.#path(from, key)
      if (path !== null) this.#step('removal', path, sha256)
    }
  }

  grafts(from: string, file: RepairFile): void {
    for (const [name, graft] of Object.entries(file.grafts ?? {})) {
      const kept = neverGrafted(name, this.#setting.drivers)
      if (kept !== null) this.#refuse(from, name, `is never grafted: ${kept}`)
      else this.#graft(from, graft)
    }
  }

  #graft(from: string, graft: GraftEntry): void {
    const dest = this.#path(from, graft.dest)
    if (dest === null) return
    const source = sourceName(graft.source)
    this.sources.add(source)
    const value = graft.rpath === undefined ? [] : [graft.rpath.join(':')]
    if (!this.#copied.has(dest)) {
      this.#copied.add(dest)
      this.#step('graft', source, graft.source.path, dest, graft.sha256, ...value)
    }
    for (const [link, to] of Object.entries(graft.symlinks ?? {})) {
      if (!link.includes('/')) this.#step('link', `${dest.slice(0, dest.lastIndexOf('/'))}/${link}`, to)
    }
  }

  links(from: string, file: RepairFile): void {
    for (const [key, { target }] of Object.entries(file.symlinks ?? {})) {
      const path = this.#path(from, key)
      const to = target.startsWith('{') ? this.#path(from, target) : target
      if (path !== null && to !== null) this.#step('link', path, to)
    }
  }

  runPaths(from: string, file: RepairFile): void {
    for (const [key, { guard, set }] of Object.entries(file.rpath ?? {})) {
      const path = this.#path(from, key)
      if (path === null) continue
      const value = set.value.map((part) =>
        part.startsWith('{') ? (expandPath(part, this.#setting.places) ?? part) : part,
      )
      this.#step('runpath', path, guard.sha256, set.tag, value.join(':'))
    }
  }

  /** What the files say and no script can do, as comments. */
  notDone(files: readonly { readonly file: RepairFile }[]): readonly string[] {
    const has = (key: 'requires' | 'env' | 'binds'): boolean => files.some(({ file }) => file[key] !== undefined)
    return [
      ...(has('requires') ? ['# Requirements belong into package.py: airtight repair patch-package.'] : []),
      ...(has('env') ? ['# Variables belong into the environment: airtight env CONTEXT --repairs DIR.'] : []),
      ...(has('binds') ? ['# Libraries of drivers come from the machine that runs the image.'] : []),
    ]
  }

  #step(...words: readonly string[]): void {
    this.steps.push(words.map(shellQuoted).join(' '))
  }

  #path(from: string, text: string): string | null {
    const path = expandPath(text, this.#setting.places)
    if (path === null) this.#refuse(from, text, 'names a package whose place is not known')
    return path
  }

  #refuse(file: string, entry: string, message: string): void {
    this.faults.push(faultAt('malformed', file, null, `${entry}: ${message}`))
  }
}

/** What a source is called on the command line: `host`, else its kind and name in letters that a shell takes. */
export function sourceName({ kind, ref }: GraftEntry['source']): string {
  return kind === 'host' ? 'host' : `${kind}:${ref ?? ''}`.replace(/[^A-Za-z0-9_@%+=:,./-]/g, '_')
}

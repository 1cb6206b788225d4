/** Phrases and data that the messages of several rules are made of. */
import type { ContextAudit, PackageObject, ResolvedNeed, WorldName } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Hop } from './facts/blame.ts'
import type { Copy } from './facts/copies.ts'
import type { Facts } from './facts/facts.ts'
import type { Use, UseGroup } from './facts/uses.ts'
import { answer } from './facts/uses.ts'

/** `a`, `a and b`, `a, b and 3 more`. */
export function some(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? 'nothing'
  if (names.length <= most) return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`
}

/** `s` unless there is one. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/** What a person calls the system of a world. */
export function systemName(audit: ContextAudit, world: WorldName): string {
  if (world === 'host') return 'the host'
  const system = audit.worlds.base?.world.system
  return system?.declaration?.name ?? (system?.tells === undefined ? 'the base' : system.label)
}

/** Where something is not: `on the host or in the base`. */
export function nowhere(audit: ContextAudit, worlds: readonly WorldName[]): string {
  return worlds.map((world) => `${world === 'host' ? 'on' : 'in'} ${systemName(audit, world)}`).join(' or ')
}

/** A file of a system with the OS package that owns it, as `/usr/lib/x.so (dpkg libx 1.2)`. */
export function systemFile(audit: ContextAudit, world: WorldName, file: string): string {
  const owner = audit.worlds[world]?.ownerOf(file) ?? null
  return owner === null ? file : `${file} (${owner.manager} ${owner.name} ${owner.version})`
}

/** A copy in a package, as `tiff-4.5.0 lib/libtiff.so.6`. */
export function copyName(copy: Copy): string {
  return `${packageId(copy.owner)} ${copy.object.relative}`
}

/**
 * A folder as a `package.py` writes it: `{root}/lib` within the package's own root, else the path itself.
 *
 * @param object one of the package: by it the name without links of a root is known that is a link, as `_v/a` of a
 *   hashed variant
 */
export function rootedFolder({ root, payload }: Package, folder: string, object: PackageObject | null = null): string {
  const real = object === null || payload.length > 1 ? root : object.path.slice(0, -object.relative.length - 1)
  const top = [root, real].find((path) => folder === path || folder.startsWith(`${path}/`))
  return top === undefined ? folder : `{root}${folder.slice(top.length)}`
}

/** The objects of a group, relative to their payload roots, sorted. */
export function witnesses(uses: readonly Use[]): readonly string[] {
  return [...new Set(uses.map((use) => use.object.relative))].sort()
}

/** Which worlds a condition holds in, over all uses; null where it holds in none. */
export function worldsWhere(
  uses: readonly Use[],
  test: (need: ResolvedNeed | null) => boolean,
): WorldName | 'both' | null {
  const host = uses.some((use) => test(use.host))
  const base = uses.some((use) => test(use.base))
  return host && base ? 'both' : host ? 'host' : base ? 'base' : null
}

/** The first answer of a group in one world that meets a condition: host first unless `world` says otherwise. */
export function firstNeed<T extends ResolvedNeed>(
  group: UseGroup,
  test: (need: ResolvedNeed | null) => need is T,
  world: WorldName | 'both' = 'both',
): T | null {
  for (const name of world === 'both' ? (['host', 'base'] as const) : [world]) {
    for (const use of group.uses) {
      const need = answer(use, name)
      if (test(need)) return need
    }
  }
  return null
}

/** Whether every witness was judged alone because no root reaches it: then a verdict is at most a warning. */
export function judgedAlone(uses: readonly Use[]): boolean {
  return uses.every((use) => use.host?.alone ?? use.base?.alone ?? false)
}

/** The shortest way from a command to one of the objects, each hop with its package; empty where none leads there. */
export function blamePath(facts: Facts, uses: readonly Use[]): readonly Hop[] {
  let best: readonly Hop[] = []
  for (const path of new Set(uses.map((use) => use.object.path))) {
    const chain = facts.blame(path)
    if (chain !== null && (best.length === 0 || chain.length < best.length)) best = chain
  }
  return best
}

/** Evidence that every finding about a need carries: each different answer with the world and how it was found. */
export function bindingEvidence(uses: readonly Use[]): Readonly<Record<string, unknown>>[] {
  const seen = new Map<string, Readonly<Record<string, unknown>>>()
  for (const use of uses) {
    for (const need of [use.host, use.base]) {
      if (need === null) continue
      const key = `${need.world}\0${need.file ?? ''}\0${need.how}`
      if (!seen.has(key)) seen.set(key, { world: need.world, file: need.file, how: need.how, root: need.root })
    }
  }
  return [...seen.values()]
}

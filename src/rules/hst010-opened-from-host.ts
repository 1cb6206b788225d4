/** HST010: a library of the context opens a file by itself that the host has and the base has not. */
import type { RepairHint, ResolvedWorld } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { KnownOpening, LibraryOpens } from '../domain/opening.ts'
import { baseName } from './facts/copies.ts'
import type { Facts } from './facts/facts.ts'
import { isBrought, openedAction, openedName } from './opened-action.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some, systemFile, systemName } from './words.ts'

export const openedFromHost: Rule = defineRule({
  id: 'HST010',
  name: 'opened-from-host',
  severity: 'warn',
  summary:
    'A library that the context loads is known to open a file by itself; the host has one, and the base has none.',
  why: 'The loader does not look at such files at start, so everything resolves, and the program ends at its first window or its first text.',
  remedy: 'Install the OS package that has the file, or graft it; a driver of the machine brings its own at run time.',
  accept:
    'Where nothing of the context draws or types in the image: accept the finding in the repair file of the context, or set `rules: {HST010: note}`.',
  judge: (facts) => {
    const { host, base } = facts.audit.worlds
    if (host === undefined || base === undefined || base.world.system.tells !== undefined) return []
    return grouped(host, base, facts).map((group) => draft(facts, group))
  },
})

type Group = readonly [Lost, ...Lost[]]

/** What the host's libraries get and those of the base would not, one group for each file that is missed. */
function grouped(host: ResolvedWorld, base: ResolvedWorld, facts: Facts): readonly Group[] {
  const found = new Map<string, [Lost, ...Lost[]]>()
  for (const { opens, library, root, file } of host.opened()) {
    if (file === null || !isLost(base, opens, facts)) continue
    const list = found.get(file)
    if (list === undefined) found.set(file, [{ opens, library, root, file }])
    else list.push({ opens, library, root, file })
  }
  return [...found.values()]
}

type Lost = Omit<KnownOpening, 'closure' | 'file'> & { readonly file: string }

/**
 * Whether the base is without it: the library is loaded there too and gets none, and no driver that the base declares
 * brings one. Where the base does not load the library, it is missing itself, or the base does without it.
 */
function isLost(base: ResolvedWorld, opens: LibraryOpens, facts: Facts): boolean {
  const same = base.opened().filter((other) => other.opens.library === opens.library && sameNames(other.opens, opens))
  return same.length > 0 && !isBrought(base, opens, facts.drivers) && same.every(({ file }) => file === null)
}

function sameNames(a: LibraryOpens, b: LibraryOpens): boolean {
  return a.any.join('\0') === b.any.join('\0') && a.folders.join('\0') === b.folders.join('\0')
}

function draft(facts: Facts, group: Group): Draft {
  // One that does not work without counts for all.
  const { opens, file, root } = group.find((lost) => lost.opens.required) ?? group[0]
  const libraries = [...new Set(group.map((lost) => lost.opens.library))].sort()
  const owner = facts.audit.worlds.host?.ownerOf(file)?.name ?? null
  const name = openedName(file, opens.any)
  const asker = facts.audit.owner(root)
  const used = asker === null ? '' : `, loaded by ${baseName(root)} of ${packageId(asker)},`
  const [verb, self] = libraries.length > 1 ? ['open', 'themselves'] : ['opens', 'itself']
  return {
    package: null,
    subject: name,
    world: 'both',
    ...(opens.required ? { severity: 'error' as const } : { confidence: 'inferred' as const }),
    message:
      `${some(libraries)}${used} ${verb} ${some(opens.any)} by ${self}: ${opens.reason}. ` +
      `The host has ${systemFile(facts.audit, 'host', file)}, ${systemName(facts.audit, 'base')} has none.`,
    objects: libraries,
    evidence: { file, libraries, any: opens.any, os_package: owner, root, source: opens.source },
    repairs: repairs({ opens, file, name, owner, facts }),
  }
}

interface Subject {
  readonly opens: LibraryOpens
  readonly file: string
  readonly name: string
  readonly owner: string | null
  readonly facts: Facts
}

function repairs({ opens, file, name, owner, facts }: Subject): readonly RepairHint[] {
  const driver = facts.drivers.of(name)
  if (driver !== null) {
    const { name: family, device } = driver.family
    const action = { kind: 'bind' as const, driver: family, device, soname: name }
    return [{ kind: 'bind', target: device, text: `Start the container with the device ${device}.`, action }]
  }
  const action = openedAction(opens, file, owner)
  const install: readonly RepairHint[] =
    owner === null
      ? []
      : [
          {
            kind: 'os-package',
            target: owner,
            text: `Install what the host calls ${owner} in the image.`,
            action,
          },
        ]
  if (opens.tree) {
    const text = `Bring ${file} and what belongs to it in a package, or install it in the image.`
    return install.length > 0 ? install : [{ kind: 'advice', target: name, text }]
  }
  return [...install, { kind: 'graft', target: name, text: `Graft ${file} into the image.`, action }]
}

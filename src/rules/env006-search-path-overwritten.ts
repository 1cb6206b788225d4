/** ENV006: a package sets a search path anew and throws away what others had put on it. */
import { posix } from 'node:path'
import type { OverwrittenEntry, Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import { elementSubject } from './facts/environment.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { plural, some } from './words.ts'

export const searchPathOverwritten: Rule = defineRule({
  id: 'ENV006',
  name: 'search-path-overwritten',
  severity: 'error',
  summary: 'A package sets a search path anew, and the folders that other packages had put on it are lost.',
  why: 'Rez lets the last assignment win without a word: the libraries, programs or modules of the other packages are no longer found, or those of the system are taken instead.',
  remedy: 'Append or prepend to the variable, or write the old value into the new one.',
  accept:
    'Where the package means to start from nothing and brings all that it needs: suppress it there with the reason.',
  judge: (facts) =>
    groups(facts.context.environment.overwritten ?? []).map(([by, variable, entries]) =>
      draft(facts, by, variable, entries),
    ),
})

type Group = readonly [by: string, variable: string, entries: readonly OverwrittenEntry[]]

function groups(overwritten: readonly OverwrittenEntry[]): readonly Group[] {
  const found = new Map<string, [string, string, OverwrittenEntry[]]>()
  for (const entry of overwritten) {
    const key = `${entry.variable}\0${entry.by}`
    const group = found.get(key) ?? [entry.by, entry.variable, []]
    found.set(key, group)
    group[2].push(entry)
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

function draft(facts: Facts, by: string, variable: string, entries: readonly OverwrittenEntry[]): Draft {
  const members = new Map(facts.context.packages.map((item) => [packageId(item), item]))
  const setter = members.get(by) ?? null
  const owners = [...new Set(entries.map((entry) => entry.package))]
  const folders = [...new Set(entries.map((entry) => elementSubject(element(entry, members))))]
  const libraries = variable === 'LD_LIBRARY_PATH' ? librariesIn(facts, new Set(entries.map(({ value }) => value))) : []
  const harm =
    libraries.length === 0
      ? ''
      : ` ${libraries.length} ${libraries.length === 1 ? 'library' : 'libraries'} of the context (${some(libraries)}) can no longer be found by it.`
  return {
    package: setter,
    subject: variable,
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    severity: libraries.length > 0 ? 'error' : 'warn',
    message: `${by} sets ${variable} anew, and ${plural(folders.length, 'element')} of ${some(owners)} ${folders.length === 1 ? 'is' : 'are'} lost: ${some(entries.map(({ value }) => value))}.${harm}`,
    objects: [],
    evidence: {
      variable,
      lost: entries.map((entry) => ({ package: entry.package, value: entry.value })),
      libraries: libraries.slice(0, 40),
    },
    repairs: [
      {
        kind: 'advice',
        target: `${by} ${variable}`,
        text: `In commands() of ${by}, write env.${variable}.append(...) or env.${variable}.prepend(...) instead of an assignment.`,
      },
    ],
  }
}

function element(entry: OverwrittenEntry, members: ReadonlyMap<string, Package>): Parameters<typeof elementSubject>[0] {
  return { variable: entry.variable, text: entry.value, setter: members.get(entry.package) ?? null, places: [] }
}

/** Names of the context's libraries that lie in the folders, sorted. */
function librariesIn(facts: Facts, folders: ReadonlySet<string>): readonly string[] {
  const normal = new Set([...folders].map((folder) => posix.normalize(folder).replace(/(.)\/+$/, '$1')))
  const names = facts.audit.objects
    .filter((object) => normal.has(posix.dirname(object.path)))
    .map((object) => object.reading.object?.soname ?? posix.basename(object.path))
  return [...new Set(names)].sort()
}

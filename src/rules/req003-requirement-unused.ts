/** REQ003: a package of libraries is required and no object needs any of them. */
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { plural } from './words.ts'

export const requirementUnused: Rule = defineRule({
  id: 'REQ003',
  name: 'requirement-unused',
  severity: 'note',
  summary: 'A package that holds nothing but libraries is required, and no object needs one of them.',
  why: 'The requirement makes resolves larger and slower, and fails them when versions conflict.',
  remedy: 'Remove the requirement, or move it to build_requires when only headers are used.',
  accept: 'Libraries opened by name with dlopen leave no trace in the object: keep the requirement then.',
  judge: (facts) => facts.context.packages.flatMap((item) => unused(facts, item)),
})

function unused(facts: Facts, item: Package): Draft[] {
  const objects = facts.objectsOf(item)
  const needed = new Set(objects.flatMap((object) => (object.reading.object?.needs ?? []).map((need) => need.name)))
  // A package without objects of its own passes its requirements on; that is what it is for.
  if (needed.size === 0 || facts.audit.scripts.some((script) => script.owner === item)) return []
  const direct = facts.requirements.direct(item)
  const answers = (other: Package, names: ReadonlySet<string>): boolean =>
    facts.objectsOf(other).some((object) => answersTo(facts, object.path, names))
  return facts.context.packages
    .filter((other) => direct.has(other.name) && isPureLibrary(facts, other))
    .filter((other) => !answers(other, needed) && !answers(other, openedBy(facts, item)))
    .map((other) => draft(facts, item, other))
}

/** Names that its objects and scripts say or seem to open at run time. */
function openedBy(facts: Facts, item: Package): ReadonlySet<string> {
  const notes = facts.objectsOf(item).flatMap((object) => object.reading.object?.dlopen ?? [])
  const texts = facts.openNames().filter(({ owner }) => owner === item)
  return new Set([...notes.flatMap(({ sonames }) => sonames), ...texts.flatMap(({ names }) => names)])
}

function answersTo(facts: Facts, path: string, needed: ReadonlySet<string>): boolean {
  for (const name of needed) {
    if (facts.copies.anyCopies(name, null).some((copy) => copy.object.path === path)) return true
  }
  return false
}

/** Only public libraries, no commands, and nothing in the environment but the library path. */
function isPureLibrary(facts: Facts, item: Package): boolean {
  const objects = facts.objectsOf(item)
  if (objects.length === 0 || item.tools.length > 0 || objects.some((object) => !object.public)) return false
  const id = packageId(item)
  return !facts.context.environment.variables.some(
    (variable) =>
      variable.name !== 'LD_LIBRARY_PATH' &&
      !variable.name.startsWith('REZ_') &&
      variable.entries.some((entry) => entry.package === id),
  )
}

function draft(facts: Facts, item: Package, other: Package): Draft {
  const id = packageId(other)
  return {
    package: item,
    subject: other.name,
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    confidence: 'heuristic',
    message:
      `${packageId(item)} requires ${id}, and none of its ${plural(facts.objectsOf(item).length, 'object')} needs ` +
      `one of the libraries there.`,
    objects: [],
    evidence: { provider: id },
    repairs: [
      {
        kind: 'requires',
        target: `${item.name} -${other.name}`,
        text: `Remove ${other.name} from requires of ${packageId(item)}.`,
      },
    ],
  }
}

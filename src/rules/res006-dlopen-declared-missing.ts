/** RES006: a library that an object says it opens is missing. */
import type { PackageObject, Severity, WorldName } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { DlopenNote } from '../domain/object.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some, systemName } from './words.ts'

export const dlopenDeclaredMissing: Rule = defineRule({
  id: 'RES006',
  name: 'dlopen-declared-missing',
  severity: 'error',
  summary: 'A library that an object declares to open at run time (`.note.dlopen`) is found nowhere.',
  why: 'The loader does not look at such libraries at start. The feature fails later, in the middle of the work.',
  remedy: 'Bring one of the alternatives in a package, or install it in the image.',
  accept: 'Severity follows the priority in the note: required is an error, recommended a warning, suggested a note.',
  judge: (facts) => facts.audit.objects.flatMap((object) => draftsOf(facts, object)),
})

function draftsOf(facts: Facts, object: PackageObject): readonly Draft[] {
  return (object.reading.object?.dlopen ?? []).flatMap((note) => {
    const missing = facts.worlds.filter((world) => isMissing(facts, world, object, note))
    return missing.length === 0 ? [] : [draft(facts, object, note, missing)]
  })
}

/** None of the alternatives is there; a driver's libraries come from the machine that runs the image. */
function isMissing(facts: Facts, world: WorldName, object: PackageObject, note: DlopenNote): boolean {
  const opening = facts.opening(world)
  return (
    opening !== null &&
    note.sonames.every((name) => facts.drivers.of(name) === null && opening.open(object, name) === 'missing')
  )
}

function draft(facts: Facts, object: PackageObject, note: DlopenNote, missing: readonly WorldName[]): Draft {
  const owner = packageId(object.owner)
  const where = missing.map((world) => systemName(facts.audit, world)).join(' and ')
  const works = facts.worlds.some((world) => !missing.includes(world))
  const what = note.feature === null ? '' : ` for ${note.feature}`
  return {
    package: object.owner,
    subject: note.sonames[0] ?? '',
    world: missing.length > 1 ? 'both' : (missing[0] ?? 'both'),
    severity: severityOf(note, works || facts.worlds.length === 1),
    message:
      `${object.relative} of ${owner} opens ${some(note.sonames)}${what} (${note.priority}), missing from ${where}` +
      `${works ? '; the other system has it' : ''}.${note.description === null ? '' : ` ${note.description}.`}`,
    objects: [object.relative],
    evidence: { feature: note.feature, priority: note.priority, alternatives: note.sonames, missing },
    repairs: [
      {
        kind: 'advice',
        target: note.sonames[0] ?? '',
        text: `Bring ${note.sonames.length > 1 ? `one of ${some(note.sonames)}` : (note.sonames[0] ?? '')} in a package, or install it in the image.`,
      },
    ],
  }
}

/** What the host does without as well is not missed so badly. */
function severityOf(note: DlopenNote, news: boolean): Severity {
  if (note.priority === 'required') return 'error'
  return note.priority === 'recommended' && news ? 'warn' : 'note'
}

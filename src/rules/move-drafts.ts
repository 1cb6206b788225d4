/** What the rules about a move to another base say in common. */
import type { RepairHint } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { Change, ChangeKind, Move } from './facts/move.ts'
import type { Draft } from './rule.ts'
import { judgedAlone, some, systemFile, witnesses } from './words.ts'

/** Changes of some kinds as drafts of one rule. */
export function changeDrafts(move: Move, kinds: readonly ChangeKind[], say: (change: Change) => string): Draft[] {
  return move.changes
    .filter(({ kind }) => kinds.includes(kind))
    .map((change) => ({
      package: change.owner,
      subject: change.soname,
      world: 'base',
      ...grade(change),
      message: `${packageId(change.owner)} (${some(witnesses(change.uses))}) ${say(change)}`,
      objects: witnesses(change.uses),
      evidence: evidenceOf(change),
      repairs: repairsOf(change, move.systems.to.label),
    }))
}

function grade(change: Change): Partial<Pick<Draft, 'severity' | 'confidence'>> {
  if (change.kind === 'unknown') return { severity: 'warn', confidence: 'inferred' }
  if (change.unfit !== null) return { severity: 'warn', confidence: 'inferred' }
  // The OS package is there to be installed: nothing has to be built.
  if (change.kind === 'package') return { severity: 'warn' }
  return judgedAlone(change.uses) ? { severity: 'warn', confidence: 'inferred' } : {}
}

/** Where the old base had a library, as `, which RELEASE gives (FILE)`. */
export function oldPlace(move: Move, change: Change): string {
  if (change.file === null) return ''
  return `, which ${move.systems.from.label} gives (${systemFile(move.facts.audit, 'host', change.file)})`
}

function evidenceOf(change: Change): Readonly<Record<string, unknown>> {
  return {
    kind: change.kind,
    file: change.file,
    os_package: change.osPackage,
    install: change.install,
    ...unfitEvidence(change),
    instead: change.instead,
    versions: change.versions,
    known: change.fact,
    graft: change.graft?.files ?? [],
    not_carried: change.graft?.refused ?? null,
  }
}

function unfitEvidence({ unfit }: Change): Readonly<Record<string, unknown>> {
  if (unfit === null) return {}
  const { by, on, least, hiddenBy } = unfit
  return { unfit: { by, on, least, hidden_by: packageId(hiddenBy) } }
}

function repairsOf(change: Change, base: string): RepairHint[] {
  const repairs: RepairHint[] = []
  if (change.install !== null && change.unfit === null) {
    repairs.push({ kind: 'os-package', target: change.install, text: `Install ${change.install} in ${base}.` })
  }
  if (change.graft !== null && change.graft.refused === null && change.kind !== 'versions') {
    const more = change.graft.files.length - 1
    const text = `Carry ${change.file ?? ''}${more > 0 ? ` and ${more} more that it loads` : ''} to ${base}.`
    repairs.push({ kind: 'graft', target: change.soname, text })
  }
  const against = change.instead.length > 0 ? ` against ${some(change.instead)}` : ` for ${base}`
  repairs.push({
    kind: 'advice',
    target: packageId(change.owner),
    text: `Rebuild ${packageId(change.owner)}${against}.`,
  })
  return repairs
}

/** What the rules about a running program say in common. */
import type { ContextAudit, RepairHint } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { ObservedHow, ObservedUse } from '../domain/observed.ts'
import { baseName } from './facts/copies.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft } from './rule.ts'
import { systemFile } from './words.ts'

/** Uses of one package that one library was met in. */
export interface ObservedGroup {
  readonly first: ObservedUse
  /** The soname or file name. */
  readonly subject: string
  readonly uses: readonly ObservedUse[]
}

/** What was observed of one kind, by package and library, in the order in which it was met. */
export function observedGroups(facts: Facts, kind: ObservedUse['kind']): readonly ObservedGroup[] {
  const groups = new Map<string, { first: ObservedUse; subject: string; uses: ObservedUse[] }>()
  for (const use of facts.audit.observed?.uses ?? []) {
    if (use.kind !== kind) continue
    const subject = baseName(use.name)
    const key = `${packageId(use.owner)}\0${use.owner.variant ?? ''}\0${subject}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { first: use, subject, uses: [use] })
    else known.uses.push(use)
  }
  return [...groups.values()]
}

/** A group as a draft; what was seen is exact, whatever it means. */
export function observedDraft(
  facts: Facts,
  group: ObservedGroup,
  rest: Pick<Draft, 'message' | 'repairs'> & Pick<Partial<Draft>, 'severity'>,
): Draft {
  const { first, subject, uses } = group
  return {
    package: first.owner,
    subject,
    world: facts.audit.observed?.world ?? 'host',
    objects: uses.map((use) => use.witness),
    evidence: {
      observed: uses.map(({ witness, name, file, expected, how, opened, program }) => ({
        object: witness,
        asked_for: name,
        file,
        computed: expected,
        how,
        opened,
        program,
      })),
    },
    ...rest,
  }
}

/** A file with whom it belongs to: a package of the context, or an OS package. */
export function ownedFile(audit: ContextAudit, file: string): string {
  const owner = audit.owner(file)
  if (owner !== null) return `${file} (${packageId(owner)})`
  return systemFile(audit, audit.observed?.world ?? 'host', file)
}

const HOWS: Record<ObservedHow, string | null> = {
  path: null,
  rpath: 'an RPATH',
  runpath: 'a RUNPATH',
  'library-path': 'LD_LIBRARY_PATH',
  cache: 'the cache of the system',
  default: "the system's folders",
  other: null,
}

/** `, found through LD_LIBRARY_PATH`; nothing where the path was given or the way is not known. */
export function foundThrough(use: ObservedUse): string {
  const how = use.how === null ? null : HOWS[use.how]
  return how === null ? '' : `, found through ${how}`
}

/** One sentence of advice. */
export function advice(target: string, text: string): RepairHint {
  return { kind: 'advice', target, text }
}

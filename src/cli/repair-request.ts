/** What the repair commands share: their options, the run they ask for, and the report of it. */
import { resolve } from 'node:path'
import type { Finding } from '../domain/audit.ts'
import type { RepairOutcome } from '../app/repair.ts'
import { clearing, countFindings } from '../app/repair.ts'
import type { RepairOptions } from '../app/repair-options.ts'
import type { PlannedContext } from '../app/repair-rounds.ts'
import type { Remedy } from '../repair/planned.ts'
import { DEFAULT_PREFERENCE, FORBIDDABLE } from '../repair/planned.ts'
import { reasonAgainst } from '../repair/reasons.ts'
import { GRAFT_ROOT } from '../repair/paths.ts'
import type { RepairReport } from '../report/repair-text.ts'
import { auditOptions } from './audit-request.ts'
import { UsageError } from './exit.ts'
import type { Output } from './output.ts'
import type { Arguments, OptionSpec } from './spec.ts'
import { unpacking } from './unpacking.ts'
import { toolVersion } from './version.ts'

export const planOptions: readonly OptionSpec[] = [
  { name: 'index', value: 'FILE', help: 'OS packages that the base could install (airtight base index)' },
  { name: 'name', value: 'NAME', help: 'name of the context and of its file' },
  {
    name: 'prefer',
    value: 'LIST',
    help: 'remedies in order: os_packages,grafts by default; what is left out is not used',
  },
  {
    name: 'never',
    value: 'LIST',
    help: `what is not planned, beside what the policy forbids: ${FORBIDDABLE.join(',')}`,
  },
  {
    name: 'graft-from',
    value: 'SOURCE',
    repeat: true,
    help: 'where copies come from, best first: host (default), another root, image or base, a package folder; NAME=SOURCE names it',
  },
  { name: 'graft-root', value: 'DIR', help: `where grafts go in the image (${GRAFT_ROOT})` },
]

/** The run that the arguments ask for. */
export function repairOptions(
  args: Arguments,
  contexts: readonly string[],
  out: string,
  output: Output,
): RepairOptions {
  const index = args.value('index')
  return {
    ...auditOptions(args, contexts, output),
    out: resolve(out),
    index: index === null ? null : resolve(index),
    graftRoot: args.value('graft-root') ?? GRAFT_ROOT,
    preference: preference(args.value('prefer')),
    never: wordsOf('--never', args.value('never'), FORBIDDABLE),
    graftFrom: args.values('graft-from'),
    unpacking: unpacking(output),
    name: args.value('name'),
    toolVersion: toolVersion(),
  }
}

function preference(text: string | null): readonly Remedy[] | null {
  return text === null ? null : wordsOf('--prefer', text, DEFAULT_PREFERENCE)
}

function wordsOf<T extends string>(option: string, text: string | null, known: readonly T[]): readonly T[] {
  if (text === null) return []
  return text.split(',').map((word) => {
    const found = known.find((item) => item === word.trim())
    if (found === undefined) throw new UsageError(`${option} names '${word}'`, `use ${known.join(', ')}`)
    return found
  })
}

/** The outcome as a report reads it. */
export function reportOf(outcome: RepairOutcome): RepairReport {
  return {
    schema: 'airtight/repair-report/v1',
    contexts: outcome.contexts.map(({ name, plan, proof }) => ({
      context: name,
      before: countFindings(plan.before),
      after: countFindings(proof),
      entries: clearing(plan).map(({ entry, findings, packages }) => ({
        section: entry.keys[0] ?? '',
        name: entryName(entry.keys, entry.owner?.name ?? null),
        findings,
        packages,
      })),
      residual: residualOf(plan, proof.findings),
    })),
    files: [...outcome.merged.changes.keys()].filter((path) => !path.startsWith('.state/')).sort(),
    notes: outcome.notes,
  }
}

function residualOf(
  { withheld }: PlannedContext,
  findings: readonly Finding[],
): RepairReport['contexts'][number]['residual'] {
  return findings.flatMap((finding) => {
    const { rule, severity, subject, message } = finding
    const reason = severity === 'note' ? null : reasonAgainst(finding, withheld)
    if (severity !== 'error' && !rule.startsWith('FIX') && reason === null) return []
    return [{ rule, severity, subject, message, ...(reason === null ? {} : { reason }) }]
  })
}

function entryName(keys: readonly string[], owner: string | null): string {
  const [section = '', ...rest] = keys
  if (section === 'requires') return `${rest.join(' ')} in ${owner ?? ''}`
  return section === 'env' ? `${rest[0] ?? ''}: ${rest[1] ?? ''}` : rest.join(' ')
}

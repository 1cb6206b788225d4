/** A migration plan on a terminal. */
import { printable } from '../../domain/bytes.ts'
import type { MigrationPlan, TargetPlan } from '../../migrate/document.ts'
import type { Style } from '../style.ts'
import { effortOf, listed, matrixOf, rowName, rowReasons, VERDICT_WORDS, WORST_FIRST } from './words.ts'

export interface MigrateTextOptions {
  readonly style: Style
  /** Every package and library, those that run as they are too. */
  readonly all: boolean
}

const MOST = 12

/** The plan as text: the comparison first, then each target. */
export function migrateText(plan: MigrationPlan, options: MigrateTextOptions): string {
  const { style, all } = options
  const { from, targets } = plan
  const lines = [
    `${style.strong(plan.contexts.length === 1 ? printable(plan.contexts[0] ?? '') : `${plan.contexts.length} contexts`)}  from ${system(from)}`,
    '',
    ...table(effortOf(targets)),
  ]
  if (targets.length > 1) {
    const differing = matrixOf(plan).filter(({ cells }) => all || new Set(cells.map((cell) => cell?.verdict)).size > 1)
    const rows = differing.map(({ name, cells }) => [
      name,
      ...cells.map((cell) => (cell === null ? '.' : VERDICT_WORDS[cell.verdict])),
    ])
    if (rows.length > 0)
      lines.push(
        '',
        all ? 'side by side' : 'where the bases differ',
        ...table([['', ...targets.map(({ base }) => printable(base))], ...rows]),
      )
  }
  for (const target of targets) lines.push(...targetText(target, options))
  for (const note of plan.notes) lines.push(style.faint(`note: ${printable(note)}`))
  for (const fault of plan.incomplete) lines.push(style.missing(`not read: ${printable(fault)}`))
  return `${lines.join('\n')}\n`
}

function system({ base, os, libc }: MigrationPlan['from']): string {
  const known = [os, libc].filter((text) => text !== null)
  return `${printable(base)}${known.length === 0 ? '' : ` (${known.map(printable).join(', ')})`}`
}

function targetText(target: TargetPlan, { style, all }: MigrateTextOptions): readonly string[] {
  const lines = ['', style.strong(`to ${system(target)}`)]
  for (const verdict of WORST_FIRST) {
    const rows = target.packages.filter((row) => row.verdict === verdict)
    if (rows.length === 0) continue
    lines.push('', `${VERDICT_WORDS[verdict]}: ${rows.length}`)
    if (verdict === 'runs' && !all) {
      lines.push(`  ${listed(rows.map(rowName), MOST)}`)
      continue
    }
    for (const row of all ? rows : rows.slice(0, MOST)) {
      lines.push(`  ${verdict === 'rebuild' ? style.missing(rowName(row)) : rowName(row)}`)
      const parts = rowReasons(row)
      lines.push(...(all ? parts : parts.slice(0, MOST)).map((part) => `      ${part}`))
      if (!all && parts.length > MOST) lines.push(`      and ${parts.length - MOST} more (--all)`)
    }
    if (!all && rows.length > MOST) lines.push(`  and ${rows.length - MOST} more (--all)`)
  }
  target.waves.forEach((wave, index) =>
    lines.push(`${index === 0 ? '\n' : ''}wave ${index + 1}: ${wave.map(printable).join(', ')}`),
  )
  if (target.spared.length > 0)
    lines.push(`not rebuilt although they use those: ${listed(target.spared.map(printable), MOST)}`)
  if (target.os_packages.length > 0)
    lines.push('', `install: ${target.os_packages.map(({ name }) => printable(name)).join(' ')}`)
  if (target.shared.length > 0) {
    lines.push('', 'worth a package of their own, the most wanted first')
    const rows = (all ? target.shared : target.shared.slice(0, MOST)).map(({ soname, packages }) => [
      printable(soname),
      `${packages.length} packages`,
    ])
    lines.push(...table(rows))
  }
  return lines
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}

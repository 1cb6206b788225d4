/** A migration plan as Markdown, for a wiki or a merge request. */
import { printable } from '../../domain/bytes.ts'
import type { MigrationPlan, TargetPlan } from '../../migrate/document.ts'
import { effortOf, matrixOf, rowName, rowReasons, VERDICT_WORDS, WORST_FIRST } from './words.ts'

/** The whole plan: effort, matrix, then what each target needs. */
export function migrateMarkdown(plan: MigrationPlan): string {
  const bases = plan.targets.map(({ base }) => base)
  const matrix = matrixOf(plan).map(({ name, cells }) => [
    name,
    ...cells.map((cell) => (cell === null ? '' : VERDICT_WORDS[cell.verdict])),
  ])
  return [
    `# From ${cell(plan.from.base)} to ${bases.map(cell).join(', ')}`,
    '',
    ...table(effortOf(plan.targets)),
    '',
    '## Packages',
    '',
    ...table([['package', ...bases], ...matrix]),
    ...plan.targets.flatMap(target),
    ...(plan.notes.length === 0 ? [] : ['', '## Notes', '', ...plan.notes.map((note) => `- ${cell(note)}`)]),
    ...(plan.incomplete.length === 0
      ? []
      : ['', '## Not read', '', ...plan.incomplete.map((note) => `- ${cell(note)}`)]),
    '',
  ].join('\n')
}

function target(plan: TargetPlan): readonly string[] {
  const lines = ['', `## To ${cell(plan.base)}`]
  for (const verdict of WORST_FIRST) {
    const rows = plan.packages.filter((row) => row.verdict === verdict && row.changes.length > 0)
    if (rows.length === 0) continue
    lines.push(
      '',
      `### ${capital(VERDICT_WORDS[verdict])}`,
      '',
      ...table([['package', 'why'], ...rows.map((row) => [rowName(row), rowReasons(row).join('; ')])]),
    )
  }
  if (plan.waves.length > 0)
    lines.push('', '### Waves', '', ...plan.waves.map((wave, at) => `${at + 1}. ${wave.map(cell).join(', ')}`))
  if (plan.os_packages.length > 0)
    lines.push(
      '',
      '### OS packages',
      '',
      ...table([['install', 'for'], ...plan.os_packages.map(({ name, sonames }) => [name, sonames.join(', ')])]),
    )
  if (plan.grafts.length > 0)
    lines.push(
      '',
      '### Grafts',
      '',
      ...table([
        ['library', 'files', 'packages'],
        ...plan.grafts.map(({ soname, files, packages }) => [soname, files.join(', '), packages.join(', ')]),
      ]),
    )
  if (plan.shared.length > 0)
    lines.push(
      '',
      '### Worth a package of their own',
      '',
      ...table([['library', 'packages'], ...plan.shared.map(({ soname, packages }) => [soname, packages.join(', ')])]),
    )
  return lines
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = [], ...body] = rows
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...body.map(line)]
}

/** Names come from files: nothing in them is markup. */
function cell(text: string): string {
  return printable(text).replace(/[\\`*_|<>[\]&]/g, '\\$&')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

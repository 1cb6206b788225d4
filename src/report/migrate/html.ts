/** A migration plan as one self-contained page without script: the matrix of packages and bases, and what stands behind it. */
import { printable } from '../../domain/bytes.ts'
import type { MigrationPlan, PackageRow, TargetPlan } from '../../migrate/document.ts'
import { effortOf, matrixOf, rowName, rowReasons, VERDICT_WORDS, WORST_FIRST } from './words.ts'

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--bad:#c6283840;--odd:#e0a00040;--work:#3b82f640;--good:#2e9e4a30}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem}h3{font-size:1rem}
table{border-collapse:collapse;margin:.5rem 0 1rem}
th,td{border:1px solid var(--line);padding:.25rem .6rem;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}code{font-family:ui-monospace,monospace;font-size:.92em}
.rebuild,.broken{background:var(--bad)}.unknown{background:var(--odd)}.grafts,.os-packages{background:var(--work)}.runs,.redundant{background:var(--good)}
details{margin:.2rem 0}`

/** The page. It loads nothing and runs nothing. */
export function migrateHtml(plan: MigrationPlan): string {
  const bases = plan.targets.map(({ base }) => base)
  const title = `From ${plan.from.base} to ${bases.join(', ')}`
  const effort = effortOf(plan.targets)
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${text(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${text(title)}</h1>`,
    `<p>${text(plan.contexts.length === 1 ? (plan.contexts[0] ?? '') : `${plan.contexts.length} contexts`)}</p>`,
    table(
      effort[0] ?? [],
      effort
        .slice(1)
        .map((row) =>
          row.map((value, at) => (at === 0 ? `<td>${text(value)}</td>` : `<td class="n">${text(value)}</td>`)),
        ),
    ),
    '<h2>Packages</h2>',
    table(
      ['package', ...bases],
      matrixOf(plan).map(({ name, cells }) => [`<td><code>${text(name)}</code></td>`, ...cells.map(matrixCell)]),
    ),
    ...plan.targets.map(target),
    ...list('Notes', plan.notes),
    ...list('Not read', plan.incomplete),
    '</body></html>',
    '',
  ].join('\n')
}

function matrixCell(row: PackageRow | null): string {
  if (row === null) return '<td></td>'
  const reasons = rowReasons(row)
  const word = text(VERDICT_WORDS[row.verdict])
  if (reasons.length === 0) return `<td class="${row.verdict}">${word}</td>`
  const parts = reasons.map((part) => `<li>${text(part)}</li>`)
  return `<td class="${row.verdict}"><details><summary>${word}</summary><ul>${parts.join('')}</ul></details></td>`
}

function target(plan: TargetPlan): string {
  const code = (value: string): string => `<td><code>${text(value)}</code></td>`
  const rows = WORST_FIRST.flatMap((verdict) => plan.packages.filter((row) => row.verdict === verdict))
    .filter((row) => row.changes.length > 0)
    .flatMap((row) =>
      row.changes.map((change) => [
        code(rowName(row)),
        code(change.soname),
        `<td>${text(change.solution)}</td>`,
        `<td>${text(change.reason)}</td>`,
        `<td>${text(change.source === null ? 'read from the base' : `${change.grade ?? ''}: ${change.source}`)}</td>`,
      ]),
    )
  const parts = [`<h2>To ${text(plan.base)}</h2>`]
  if (plan.waves.length > 0)
    parts.push(
      '<h3>Rebuild, in waves</h3><ol>',
      ...plan.waves.map((wave) => `<li>${wave.map((name) => `<code>${text(name)}</code>`).join(', ')}</li>`),
      '</ol>',
    )
  if (plan.os_packages.length > 0)
    parts.push(
      '<h3>OS packages</h3>',
      table(
        ['install', 'for'],
        plan.os_packages.map(({ name, sonames }) => [code(name), code(sonames.join(', '))]),
      ),
    )
  if (plan.grafts.length > 0)
    parts.push(
      '<h3>Grafts</h3>',
      table(
        ['library', 'files', 'packages'],
        plan.grafts.map(({ soname, files, packages }) => [
          code(soname),
          code(files.join(', ')),
          code(packages.join(', ')),
        ]),
      ),
    )
  if (plan.shared.length > 0)
    parts.push(
      '<h3>Worth a package of their own</h3>',
      table(
        ['library', 'packages'],
        plan.shared.map(({ soname, packages }) => [code(soname), code(packages.join(', '))]),
      ),
    )
  if (rows.length > 0)
    parts.push('<h3>Library by library</h3>', table(['package', 'library', 'solution', 'why', 'known from'], rows))
  return parts.join('\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const header = head.map((name) => `<th>${text(name)}</th>`).join('')
  return `<table><thead><tr>${header}</tr></thead><tbody>\n${rows.map((row) => `<tr>${row.join('')}</tr>\n`).join('')}</tbody></table>`
}

function list(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0
    ? []
    : [`<h2>${title}</h2><ul>${items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>`]
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function text(value: string): string {
  return printable(value).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
}

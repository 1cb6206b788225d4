/** The verdict of `base check` for a person. */
import { printable } from '../domain/bytes.ts'
import type { BaseCheck, Verdict } from '../migrate/base-check.ts'
import { count, some } from './layout.ts'
import type { Style } from './style.ts'

const SHOWN = 12

/** One line for each promise that is not kept. */
export function baseCheckText(check: BaseCheck, style: Style): string {
  const { missing, different, extra } = check
  const lines = [style.strong(`${printable(check.root)} against ${printable(check.base)}`)]
  for (const verdict of missing) lines.push(style.missing(`  missing    ${what(verdict)}`))
  for (const verdict of different) lines.push(`  different  ${what(verdict)}${versions(verdict)}`)
  if (extra.length > 0)
    lines.push(`  extra      ${count(extra.length, 'OS package')} with libraries: ${some(extra, SHOWN)}`)
  const kept = missing.length + different.length === 0
  lines.push(
    kept
      ? `  ${count(check.checked, 'promise')} kept`
      : `  ${missing.length} missing, ${different.length} different, of ${count(check.checked, 'promise')}`,
  )
  return `${lines.join('\n')}\n`
}

function what({ aspect, name }: Verdict): string {
  if (aspect === 'package') return `OS package ${printable(name)}`
  if (aspect === 'version-node') return `version nodes of ${printable(name)}`
  return aspect === 'soname' ? `soname ${printable(name)}` : printable(name === 'level' ? 'cpu' : name)
}

function versions({ aspect, expected, found }: Verdict): string {
  if (aspect === 'version-node') return `: ${printable(expected ?? '')} absent`
  return `: ${printable(expected ?? 'none')} declared, ${printable(found ?? 'none')} found`
}

/** The verdict of `base check` for a person. */
import { printable } from '../domain/bytes.ts'
import type { BaseCheck, Verdict } from '../migrate/base-check.ts'
import type { DriverFound } from '../migrate/driver-check.ts'
import { count, some } from './layout.ts'
import type { Style } from './style.ts'

const SHOWN = 12
const DRIVERS_SHOWN = 6

/** One line for each promise that is not kept. */
export function baseCheckText(check: BaseCheck, style: Style): string {
  const { missing, different, extra } = check
  const lines = [style.strong(`${printable(check.root)} against ${printable(check.base)}`)]
  for (const verdict of missing) lines.push(style.missing(`  missing    ${what(verdict)}`))
  for (const verdict of different) lines.push(`  different  ${what(verdict)}${versions(verdict)}`)
  if (extra.length > 0)
    lines.push(`  extra      ${count(extra.length, 'OS package')} with libraries: ${some(extra, SHOWN)}`)
  for (const driver of check.drivers) lines.push(`  driver     ${driverText(driver, check.machine)}`)
  const kept = missing.length + different.length === 0
  lines.push(
    kept
      ? `  ${count(check.checked, 'promise')} kept`
      : `  ${missing.length} missing, ${different.length} different, of ${count(check.checked, 'promise')}`,
  )
  return `${lines.join('\n')}\n`
}

/** Where the libraries of a declared driver are. */
function driverText({ name, device, devices, libraries }: DriverFound, machine: boolean): string {
  const subject = printable(name)
  if (!machine) {
    return libraries.length > 0
      ? `${subject}: left to the machine, and yet in the image`
      : `${subject}: left to the machine that runs the image (--root / or --machine looks for it)`
  }
  if (libraries.length === 0) {
    const advice = device === null ? '' : `; ${printable(device)} would bring it`
    return `${subject}: no library of it, neither in folders of the loader nor in a CDI file${advice}`
  }
  const files = libraries.filter(({ cdi }) => cdi === null).length
  const ways = [
    ...(files > 0 ? [`${files} that the loader finds`] : []),
    ...(libraries.length > files ? [`${libraries.length - files} by CDI alone`] : []),
    ...(devices.length > 0 ? [`device ${some(devices, 4)}`] : ['no CDI file names them']),
  ]
  const sonames = some([...new Set(libraries.map(({ soname }) => soname))], DRIVERS_SHOWN)
  return `${subject}: ${sonames}; ${ways.join(', ')}`
}

function what({ aspect, name, expected }: Verdict): string {
  if (aspect === 'package') return `OS package ${printable(name)}`
  if (aspect === 'version-node') return `version nodes of ${printable(name)}`
  if (aspect === 'driver') return `driver ${printable(name)}`
  if (aspect === 'driver-need') return `${printable(name)} with ${printable(expected ?? '')}, which the driver needs`
  return aspect === 'soname' ? `soname ${printable(name)}` : printable(name === 'level' ? 'cpu' : name)
}

function versions({ aspect, expected, found }: Verdict): string {
  if (aspect === 'driver') {
    return expected === null
      ? `: comes from the machine, and ${printable(found ?? '')} is in the image`
      : `: names ${printable(expected)}, which is not there`
  }
  if (aspect === 'version-node') return `: ${printable(expected ?? '')} absent`
  return `: ${printable(expected ?? 'none')} declared, ${printable(found ?? 'none')} found`
}

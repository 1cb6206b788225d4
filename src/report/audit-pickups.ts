/** What the packages take from the only system that was resolved: one table, for without a base nothing is a leak yet. */
import { printable } from '../domain/bytes.ts'
import { isAlwaysCovered } from '../system/covered.ts'
import type { AuditDocument } from './document.ts'
import { columns, count, shorten, some } from './layout.ts'
import type { TextOptions } from './text-options.ts'

const ROWS = 20

interface PickUp {
  readonly name: string
  readonly path: string
  readonly osPackage: string
  readonly users: Set<number>
}

/** The lines of the table; empty where nothing is taken. */
export function pickUpTable(document: AuditDocument, options: TextOptions): readonly string[] {
  const all = pickUps(document)
  const rows = all.filter((row) => !isAlwaysCovered(row.name))
  const usual = all.length - rows.length
  if (all.length === 0) return []
  const shown = options.all ? rows : rows.slice(0, ROWS)
  const table = [
    { title: 'taken from the host', align: 'left' },
    { title: 'packages', align: 'right' },
    { title: 'OS package', align: 'left' },
    { title: 'file', align: 'left' },
  ] as const
  const room = fileRoom(shown, options.width)
  const cells = shown.map((row) => [
    printable(row.name),
    String(row.users.size),
    printable(row.osPackage),
    shorten(printable(row.path), room),
  ])
  const lines =
    rows.length === 0
      ? []
      : [...columns(table, cells, { mark: (cell, row) => (row < 0 ? options.style.faint(cell) : cell) })]
  const left = rows.length - shown.length
  if (left > 0)
    lines.push(`and ${count(left, 'more library').replace('more libraries', 'libraries more')} (--all shows them)`)
  if (usual > 0) lines.push(`${rows.length === 0 ? 'taken from the host: ' : 'and '}${usualText(all)}`)
  return lines
}

/** What a terminal leaves for the last column. */
function fileRoom(rows: readonly PickUp[], width: number | null): number | null {
  if (width === null) return null
  const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => printable(text).length))
  const names = longest(['taken from the host', ...rows.map((row) => row.name)])
  return width - names - 'packages'.length - longest(['OS package', ...rows.map((row) => row.osPackage)]) - 6
}

function usualText(all: readonly PickUp[]): string {
  const names = all.filter((row) => isAlwaysCovered(row.name)).map((row) => row.name)
  return `what every system has: ${some(names, 4)}`
}

/** By the number of packages that take it, then by name. */
function pickUps(document: AuditDocument): readonly PickUp[] {
  const rows = new Map<string, PickUp>()
  for (const binding of document.bindings) {
    const owner = document.objects[binding.object]?.owner ?? null
    const file = document.objects[binding.file ?? -1]
    if (owner === null || binding.world !== 'host' || file?.world !== 'host') continue
    const name = document.names[binding.name] ?? ''
    const key = `${name}\0${file.path}`
    const row = rows.get(key) ?? { name, path: file.path, osPackage: file.os_package ?? '', users: new Set<number>() }
    row.users.add(owner)
    rows.set(key, row)
  }
  return [...rows.values()].sort(
    (a, b) => b.users.size - a.users.size || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  )
}

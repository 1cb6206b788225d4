/** The plan of an image for a person: layers, what updates cost, and what an earlier image lacks. */
import { printable } from '../domain/bytes.ts'
import type { ImagePlan, PlanChange, PlanLayer } from '../image/layers/plan.ts'
import type { Split } from '../image/layers/split.ts'

export interface ImagePlanReport {
  readonly plan: ImagePlan
  readonly change: PlanChange | null
  readonly split: Split
}

export const PLAN_REPORT_SCHEMA = 'airtight/image-plan-report/v1'

/** The report as data. */
export interface PlanReportDocument extends ImagePlanReport {
  readonly schema: typeof PLAN_REPORT_SCHEMA
}

/** The report as a document. */
export function planReportDocument({ plan, change, split }: ImagePlanReport): PlanReportDocument {
  return { schema: PLAN_REPORT_SCHEMA, plan, change, split }
}

/** The report as text. With `all` every package is named. */
export function imagePlanText({ plan, change, split }: ImagePlanReport, all: boolean): string {
  const { layers } = plan
  const count = plan.contexts.length
  const head = `${count === 1 ? printable(plan.contexts[0]?.name ?? '') : `${count} contexts`} over ${printable(plan.base)}: ${layers.length} layers, ${bytesText(plan.size)}`
  const lines = [head, '', ...layerTable(layers), '', ...updateLines(layers, all)]
  if (change !== null) lines.push('', ...changeLines(change, layers))
  if (split.groups.length > 1) lines.push('', ...splitLines(split))
  return `${lines.join('\n')}\n`
}

function layerTable(layers: readonly PlanLayer[]): readonly string[] {
  const rows = layers.map((layer, at) => [
    String(at + 1),
    layer.class,
    bytesText(layer.size),
    layer.files === 0 ? '' : String(layer.files),
    shortened(layer),
  ])
  return table([['layer', 'class', 'size', 'files', 'what'], ...rows], new Set([0, 2, 3]))
}

function shortened({ title, packages }: PlanLayer): string {
  const names = packages.map(({ id }) => printable(id))
  if (names.length < 2) return printable(title)
  const text = names.join(', ')
  return text.length <= 90 ? text : `${text.slice(0, 90).replace(/,[^,]*$/s, '')}, ...`
}

/** An update of a package sends its layer anew, and the environment, which names versions. */
function updateLines(layers: readonly PlanLayer[], all: boolean): readonly string[] {
  const environment = layers.find((layer) => layer.class === 'environment')?.size ?? 0
  const costs = layers
    .flatMap((layer, at) => layer.packages.map(({ id, size }) => ({ id, size, layer: at + 1, cost: layer.size })))
    .sort((a, b) => b.cost - a.cost || (a.id < b.id ? -1 : 1))
  if (costs.length === 0) return []
  const shown = all ? costs : costs.slice(0, 10)
  const rows = shown.map(({ id, size, layer, cost }) => [
    printable(id),
    bytesText(size),
    String(layer),
    bytesText(cost),
  ])
  const rest = costs.length - shown.length
  return [
    `An update of a package sends its layer, and that of the environment (${bytesText(environment)}) where its version changes:`,
    ...table([['package', 'size', 'layer', 'sends'], ...rows], new Set([1, 2, 3])),
    ...(rest === 0 ? [] : [`and ${rest} more, which send less (--all)`]),
  ]
}

function changeLines(change: PlanChange, layers: readonly PlanLayer[]): readonly string[] {
  if (!change.needed) return ['No new image is needed: the earlier one holds the same.']
  const { fresh, packages } = change
  const moved = packages.map(({ name, from, to }) => {
    const version = (id: string | null): string => printable(id?.slice(name.length + 1) ?? '')
    if (from === null) return `${printable(name)} ${version(to)} is new`
    return to === null
      ? `${printable(name)} ${version(from)} is gone`
      : `${printable(name)} ${version(from)} becomes ${version(to)}`
  })
  const titles = fresh.map(
    (at) => `  ${at + 1} ${shortened(layers[at] ?? NO_LAYER)} (${bytesText(layers[at]?.size ?? 0)})`,
  )
  return [
    `A new image is needed: ${fresh.length} of ${layers.length} layers differ, ${bytesText(change.size)}`,
    ...titles,
    ...(moved.length === 0 ? [] : [`packages: ${moved.join('; ')}`]),
    ...(fresh.length === 0 && change.configuration ? ['only labels, or how it is run, differ'] : []),
  ]
}

const NO_LAYER: PlanLayer = { class: 'packages', title: '', size: 0, files: 0, packages: [], fingerprint: '' }

function splitLines({ groups, shared }: Split): readonly string[] {
  return [
    `${groups.length} images would serve better than one: these share only ${bytesText(shared)} of packages`,
    ...groups.map(({ tools, size }) => `  ${bytesText(size).padStart(9)}  ${tools.map(printable).join(', ')}`),
  ]
}

/** Columns as wide as their widest cell; numbers to the right. */
function table(rows: readonly (readonly string[])[], right: ReadonlySet<number>): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, at) => (right.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/** A size for a person: `131.2 MB`, in powers of ten as disks and registries count. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = -1
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value.toFixed(1)} ${units[unit] ?? ''}`
}

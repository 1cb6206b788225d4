/** What came of building an image, for a person. */
import { printable } from '../domain/bytes.ts'
import type { LeftOut } from '../image/compose/slim.ts'
import type { ImagePlan } from '../image/layers/plan.ts'
import type { Written, WrittenLayer } from '../image/write.ts'
import { bytesText } from './image-plan.ts'
import { count } from './layout.ts'

/** A finding that fails an image, and the layer it is in. */
export interface ImageFinding {
  readonly rule: string
  readonly severity: string
  readonly package: string | null
  readonly subject: string
  readonly message: string
  /** `5 blender-3.4.1`: its place from the lowest, counted from 1, and its title. */
  readonly layer: string
}

export interface BuildReport {
  readonly plan: ImagePlan
  /** Null where nothing was written. */
  readonly written:
    Pick<Written, 'manifestDigest' | 'configDigest' | 'layers' | 'bytes'> | { readonly bytes: number } | null
  readonly failing: readonly ImageFinding[]
  /** When the findings were met: in the composed tree, before anything was written, or in the image. */
  readonly stage: 'composed' | 'written' | null
  readonly leftOut: readonly LeftOut[]
  readonly notes: readonly string[]
  readonly incomplete: readonly string[]
}

export const IMAGE_BUILD_SCHEMA = 'airtight/image-build/v1'

/** What was built, as data. */
export interface ImageBuildDocument {
  readonly schema: typeof IMAGE_BUILD_SCHEMA
  readonly path: string
  readonly plan: ImagePlan
  /** Null where nothing is under the name. Digests and layers are absent for a root folder. */
  readonly written: {
    readonly bytes: number
    readonly manifest_digest?: string
    readonly config_digest?: string
    readonly layers?: readonly (Omit<WrittenLayer, 'diffId'> & { readonly diff_id: string })[]
  } | null
  readonly failing: readonly ImageFinding[]
  readonly stage: 'composed' | 'written' | null
  readonly left_out: readonly LeftOut[]
  readonly incomplete: readonly string[]
}

/** The result as a document. */
export function buildDocument(report: BuildReport, path: string): ImageBuildDocument {
  const { plan, failing, stage, leftOut, incomplete } = report
  return {
    schema: IMAGE_BUILD_SCHEMA,
    path,
    plan,
    written: report.written === null ? null : writtenDocument(report.written),
    failing,
    stage,
    left_out: leftOut,
    incomplete,
  }
}

function writtenDocument(written: NonNullable<BuildReport['written']>): NonNullable<ImageBuildDocument['written']> {
  const { bytes } = written
  if (!('layers' in written)) return { bytes }
  const layers = written.layers.map(({ diffId, ...layer }) => ({ ...layer, diff_id: diffId }))
  return { bytes, manifest_digest: written.manifestDigest, config_digest: written.configDigest, layers }
}

/** How many libraries of `--slim` are named. */
const NAMED = 10

/** The result as text. With `all` every library that was left out is named. */
export function buildText(report: BuildReport, path: string, all: boolean): string {
  const { plan, written, failing, leftOut, incomplete } = report
  const lines = [...slimLines(leftOut, all), ...failing.map(findingLine)]
  const audited =
    failing.length === 0
      ? 'read back and audited: no finding fails it'
      : `${count(failing.length, 'finding')} that would fail it: kept all the same`
  if (written !== null) {
    const digest = 'manifestDigest' in written ? `, ${written.manifestDigest}` : ''
    lines.push(
      `${printable(path)}: ${count(plan.layers.length, 'layer')}, ${bytesText(written.bytes)}${digest}`,
      audited,
    )
  } else if (failing.length > 0) {
    const when =
      report.stage === 'written' ? 'the image that was written fails its audit' : 'the image would fail its audit'
    lines.push(
      `nothing is at ${printable(path)}: ${when} (${count(failing.length, 'finding')}); repair what is wrong, or --keep it`,
    )
  } else if (incomplete.length > 0) {
    lines.push(
      `nothing is at ${printable(path)}: what could not be read may change the verdict; --keep builds it all the same`,
    )
  }
  return `${lines.join('\n')}\n`
}

function findingLine({ rule, severity, message, layer }: ImageFinding): string {
  return `${severity} ${rule} in layer ${printable(layer)}: ${printable(message)}`
}

function slimLines(leftOut: readonly LeftOut[], all: boolean): readonly string[] {
  if (leftOut.length === 0) return []
  const size = leftOut.reduce((sum, item) => sum + item.size, 0)
  const largest = [...leftOut].sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
  const shown = all ? largest : largest.slice(0, NAMED)
  const rest = leftOut.length - shown.length
  return [
    `left out, for nothing is seen to load them: ${count(leftOut.length, 'library')}, ${bytesText(size)}`,
    ...shown.map((item) => `  ${bytesText(item.size).padStart(9)}  ${printable(item.path)}`),
    ...(rest === 0 ? [] : [`  and ${rest} more (--all)`]),
  ]
}

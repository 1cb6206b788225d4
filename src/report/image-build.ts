/** What came of building an image, for a person. */
import { printable } from '../domain/bytes.ts'
import type { LeftOut } from '../image/compose/slim.ts'
import type { ImagePlan } from '../image/layers/plan.ts'
import type { Written, WrittenLayer } from '../image/write.ts'
import { bytesText } from './image-plan.ts'

interface Built {
  readonly plan: ImagePlan
  readonly written:
    ({ readonly bytes: number } & Partial<Pick<Written, 'manifestDigest' | 'configDigest' | 'layers'>>) | null
  readonly failing: ImageBuildDocument['failing']
  readonly stage: ImageBuildDocument['stage']
  readonly leftOut: readonly LeftOut[]
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
  readonly failing: readonly {
    readonly rule: string
    readonly severity: string
    readonly package: string | null
    readonly subject: string
    readonly message: string
    readonly layer: string
  }[]
  readonly stage: 'composed' | 'written' | null
  readonly left_out: readonly LeftOut[]
  readonly incomplete: readonly string[]
}

/** The result as a document. */
export function buildDocument(report: Built, path: string): ImageBuildDocument {
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

function writtenDocument(written: NonNullable<Built['written']>): NonNullable<ImageBuildDocument['written']> {
  const { bytes, manifestDigest, configDigest, layers } = written
  return {
    bytes,
    ...(manifestDigest === undefined ? {} : { manifest_digest: manifestDigest }),
    ...(configDigest === undefined ? {} : { config_digest: configDigest }),
    ...(layers === undefined ? {} : { layers: layers.map(({ diffId, ...layer }) => ({ ...layer, diff_id: diffId })) }),
  }
}

/** How many libraries of `--slim` are named. */
const NAMED = 10

/** The result as text. With `all` every library that was left out is named. */
export function buildText(report: Built, path: string, all: boolean): string {
  const { plan, written, failing, leftOut, incomplete } = report
  const lines = [...slimLines(leftOut, all), ...failing.map(findingLine)]
  const audited =
    failing.length === 0 ? 'read back and audited: no finding fails it' : `${failing.length} findings fail it`
  if (written !== null) {
    const digest = written.manifestDigest === undefined ? '' : `, ${written.manifestDigest}`
    lines.push(`${printable(path)}: ${plan.layers.length} layers, ${bytesText(written.bytes)}${digest}`, audited)
  } else if (failing.length > 0) {
    const when =
      report.stage === 'written' ? 'the image that was written fails its audit' : 'the image would fail its audit'
    lines.push(`nothing is at ${printable(path)}: ${when} (${failing.length} findings); repair them, or --keep it`)
  } else if (incomplete.length > 0) {
    lines.push(
      `nothing is at ${printable(path)}: what could not be read may change the verdict; --keep builds it all the same`,
    )
  }
  return `${lines.join('\n')}\n`
}

function findingLine({ rule, severity, message, layer }: Built['failing'][number]): string {
  return `${severity} ${rule} in layer ${printable(layer)}: ${printable(message)}`
}

function slimLines(leftOut: readonly LeftOut[], all: boolean): readonly string[] {
  if (leftOut.length === 0) return []
  const size = leftOut.reduce((sum, item) => sum + item.size, 0)
  const largest = [...leftOut].sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
  const shown = all ? largest : largest.slice(0, NAMED)
  const rest = leftOut.length - shown.length
  return [
    `left out, for nothing is seen to load them: ${leftOut.length} libraries, ${bytesText(size)}`,
    ...shown.map((item) => `  ${bytesText(item.size).padStart(9)}  ${printable(item.path)}`),
    ...(rest === 0 ? [] : [`  and ${rest} more (--all)`]),
  ]
}

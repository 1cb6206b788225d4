/** The plan of an image as data, schema `airtight/image-plan/v1`: its layers, what is in them, and what an update costs. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { BaseImage, LayerClass, NewLayer, RunConfig } from '../model.ts'
import { layerFingerprint, layerSize } from './cut.ts'

const PLAN_SCHEMA = 'airtight/image-plan/v1'

const layer = z.object({
  class: z.enum(['base', 'os', 'libraries', 'application', 'packages', 'environment']),
  title: z.string(),
  /** Bytes of its files; of a base that is passed through, bytes of the stored layer. */
  size: z.number(),
  files: z.number(),
  packages: z.array(z.object({ id: z.string(), size: z.number() })),
  /** Equal for layers that need not be written or sent again. */
  fingerprint: z.string(),
})

const plan = z.object({
  schema: z.literal(PLAN_SCHEMA),
  contexts: z.array(z.object({ name: z.string(), packages: z.array(z.string()) })),
  base: z.string(),
  size: z.number(),
  layers: z.array(layer),
  /** How it is run, and its labels. */
  configuration: z.string(),
})

/** One layer of a plan. */
export interface PlanLayer {
  readonly class: LayerClass
  readonly title: string
  readonly size: number
  readonly files: number
  readonly packages: readonly { readonly id: string; readonly size: number }[]
  readonly fingerprint: string
}

export interface ImagePlan {
  readonly schema: typeof PLAN_SCHEMA
  readonly contexts: readonly { readonly name: string; readonly packages: readonly string[] }[]
  readonly base: string
  /** Bytes of all layers. */
  readonly size: number
  /** From the lowest to the topmost. */
  readonly layers: readonly PlanLayer[]
  readonly configuration: string
}

/** The schema of a plan, of which those of whole reports are made. */
export const imagePlanSchema: z.ZodType<ImagePlan> = plan

/** A plan in JSON; null where the text is none. */
export function parsePlan(text: string): ImagePlan | null {
  try {
    const found = plan.safeParse(JSON.parse(text))
    return found.success ? found.data : null
  } catch {
    return null
  }
}

export interface PlanParts {
  readonly contexts: readonly { readonly name: string; readonly packages: readonly string[] }[]
  /** What the base is called: its declared name, or the last part of its source. */
  readonly baseName: string
  readonly base: BaseImage | null
  readonly layers: readonly NewLayer[]
  readonly config: RunConfig
  /** Bytes of the files of each package by `NAME-VERSION`. */
  readonly sizes: ReadonlyMap<string, number>
  /** Paths of files that tell of the image itself: they do not decide whether it has changed. */
  readonly telling: ReadonlySet<string>
}

/** Makes the plan of an image. */
export function planOf(parts: PlanParts): ImagePlan {
  const passed = (parts.base?.layers ?? []).map((item, at): PlanLayer => ({
    class: 'base',
    title: `layer ${at + 1} of the base`,
    size: item.size,
    files: 0,
    packages: [],
    fingerprint: item.diffId,
  }))
  const own = parts.layers.map((item): PlanLayer => ({
    class: item.class,
    title: item.title,
    size: layerSize(item),
    files: item.entries.filter(({ kind }) => kind !== 'folder').length,
    packages: item.packages.map((id) => ({ id, size: parts.sizes.get(id) ?? 0 })),
    fingerprint: layerFingerprint(item, parts.telling),
  }))
  const layers = [...passed, ...own]
  return {
    schema: PLAN_SCHEMA,
    contexts: parts.contexts.map(({ name, packages }) => ({ name, packages: [...packages] })),
    base: parts.baseName,
    size: layers.reduce((sum, { size }) => sum + size, 0),
    layers,
    configuration: `sha256:${createHash('sha256').update(JSON.stringify(parts.config)).digest('hex')}`,
  }
}

/** How an image differs from an earlier one. */
export interface PlanChange {
  /** Nothing that is in it or says how it runs differs: the earlier image serves. */
  readonly needed: boolean
  /** Layers that the earlier image does not have, by their place in the plan. */
  readonly fresh: readonly number[]
  /** Bytes of these. */
  readonly size: number
  /** Packages that the earlier image has in no version, or in another one. */
  readonly packages: readonly { readonly name: string; readonly from: string | null; readonly to: string | null }[]
  readonly configuration: boolean
}

/** Compares a plan with that of an earlier image. */
export function comparePlans(earlier: ImagePlan, now: ImagePlan): PlanChange {
  const known = new Set(earlier.layers.map(({ fingerprint }) => fingerprint))
  const fresh = now.layers.flatMap(({ fingerprint }, at) => (known.has(fingerprint) ? [] : [at]))
  const order = (list: ImagePlan): string => list.layers.map(({ fingerprint }) => fingerprint).join(' ')
  const configuration = earlier.configuration !== now.configuration
  return {
    needed: order(earlier) !== order(now) || configuration,
    fresh,
    size: fresh.reduce((sum, at) => sum + (now.layers[at]?.size ?? 0), 0),
    packages: changedPackages(idsOf(earlier), idsOf(now)),
    configuration,
  }
}

function idsOf({ layers }: ImagePlan): ReadonlySet<string> {
  return new Set(layers.flatMap(({ packages }) => packages.map(({ id }) => id)))
}

function changedPackages(before: ReadonlySet<string>, after: ReadonlySet<string>): PlanChange['packages'] {
  const gone = [...before].filter((id) => !after.has(id))
  const come = [...after].filter((id) => !before.has(id))
  const name = (id: string): string => id.replace(/-.*$/s, '')
  const names = [...new Set([...gone, ...come].map(name))].sort()
  return names.flatMap((one) => {
    const from = gone.filter((id) => name(id) === one)
    const to = come.filter((id) => name(id) === one)
    const count = Math.max(from.length, to.length)
    return Array.from({ length: count }, (_, at) => ({ name: one, from: from[at] ?? null, to: to[at] ?? null }))
  })
}

/** The use case of `image plan`: the layers of an image, what an update of each package costs, and an earlier image beside it. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Context, Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { OWN_FOLDER } from '../image/compose/made.ts'
import { cutLayers, packageSizes } from '../image/layers/cut.ts'
import type { ImagePlan, PlanChange } from '../image/layers/plan.ts'
import { comparePlans, parsePlan, planOf } from '../image/layers/plan.ts'
import type { Split, ToolNeeds } from '../image/layers/split.ts'
import { splitTools } from '../image/layers/split.ts'
import { readBase } from '../image/base.ts'
import type { BaseImage, NewLayer, RunConfig } from '../image/model.ts'
import { requiredName } from '../rules/facts/requirements.ts'
import { isFileSource, isPrefixed } from '../system/source-kind.ts'
import type { AuditFailure } from './audit.ts'
import type { Composed, ImageQuestion } from './image-compose.ts'
import { composeImage, contextNames } from './image-compose.ts'
import type { ConfigQuestion } from './image-config.ts'
import { runConfig } from './image-config.ts'

/** Files that tell of the image itself: they follow from the rest. */
export const AUDIT_FILE: string = join(OWN_FOLDER, 'audit.json')
export const MATERIALS_FILE: string = join(OWN_FOLDER, 'sbom.cdx.json')
export const PLAN_FILE: string = join(OWN_FOLDER, 'plan.json')
/** The label that holds the plan of an image. A file in a layer would change that layer with every other one. */
export const PLAN_LABEL = 'airtight.plan'
const TELLING: ReadonlySet<string> = new Set([AUDIT_FILE, MATERIALS_FILE, PLAN_FILE])

export interface PlanQuestion extends ImageQuestion, ConfigQuestion {
  /** How many layers there may be in all, those of the base among them. */
  readonly layers: number
}

/** A composed image cut into layers. */
export interface CutImage {
  readonly layers: readonly NewLayer[]
  readonly plan: ImagePlan
  readonly config: RunConfig
}

export interface PlanReport {
  readonly plan: ImagePlan
  readonly change: PlanChange | null
  readonly split: Split
  readonly notes: readonly string[]
}

/** Plans an image; with `against`, compares it with an earlier one: an image, an archive, or a plan in JSON. */
export async function planImage(question: PlanQuestion, against: string | null): Promise<PlanReport | AuditFailure> {
  const earlier = against === null ? null : await earlierPlan(resolveSource(question.audit.folder, against))
  if (earlier !== null && 'message' in earlier) return { failures: [earlier] }
  const composed = await composeImage(question)
  if ('failures' in composed) return composed
  const base = await baseImageOf(composed)
  if (base !== null && 'message' in base) return { failures: [base] }
  const { plan } = cutImage(composed, base, question)
  return {
    plan,
    change: earlier === null ? null : comparePlans(earlier, plan),
    split: splitTools(toolsOf(composed.contexts, packageSizes(composed.composition))),
    notes: composed.notes,
  }
}

/** The layers of the base that are passed through; null for a folder, whose files are a layer of ours. */
export function baseImageOf(composed: Composed): Promise<BaseImage | Fault | null> {
  return composed.base.kind === 'image' ? readBase(composed.base.spec) : Promise.resolve(null)
}

/** Cuts a composed image into layers and makes the plan of them. */
export function cutImage(composed: Composed, base: BaseImage | null, question: PlanQuestion): CutImage {
  const { composition, contexts } = composed
  const layers = cutLayers(composition, {
    packages: usersOf(contexts),
    baseLayers: base?.layers.length ?? 0,
    limit: question.layers,
  })
  const config = runConfig(composed, base, question)
  const plan = planOf({
    contexts: contextNames(contexts),
    baseName: composed.base.name,
    base,
    layers,
    config,
    sizes: packageSizes(composition),
    telling: TELLING,
  })
  return { layers, plan, config }
}

/** How many packages of the contexts require each. */
function usersOf(contexts: readonly Context[]): readonly { id: string; name: string; users: number }[] {
  const users = new Map<string, Set<string>>()
  const all = contexts.flatMap(({ packages }) => packages)
  for (const context of contexts) {
    for (const item of context.packages) {
      for (const needed of requiredIn(context, item)) {
        users.set(packageId(needed), (users.get(packageId(needed)) ?? new Set()).add(packageId(item)))
      }
    }
  }
  return all.map((item) => ({ id: packageId(item), name: item.name, users: users.get(packageId(item))?.size ?? 0 }))
}

/** The packages of a context that one requires. */
function requiredIn(context: Context, item: Package): readonly Package[] {
  const names = new Set(item.requires.map(requiredName))
  return context.packages.filter((other) => other !== item && names.has(other.name))
}

/** Packages with commands that no other such package requires, each with all it requires in turn. */
function toolsOf(contexts: readonly Context[], sizes: ReadonlyMap<string, number>): readonly ToolNeeds[] {
  const tools = new Map<string, Map<string, number>>()
  for (const context of contexts) {
    const withTools = context.packages.filter((item) => item.tools.length > 0)
    const closures = new Map(withTools.map((item) => [item, closureOf(context, item)]))
    for (const [item, needs] of closures) {
      const inner = [...closures].some(([other, others]) => other !== item && others.has(item) && !needs.has(other))
      if (inner) continue
      const known = tools.get(packageId(item)) ?? new Map<string, number>()
      for (const one of needs) known.set(packageId(one), sizes.get(packageId(one)) ?? 0)
      tools.set(packageId(item), known)
    }
  }
  return [...tools].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, packages]) => ({ name, packages }))
}

function closureOf(context: Context, item: Package): ReadonlySet<Package> {
  const found = new Set([item])
  // The set grows while it is walked.
  for (const one of found) for (const needed of requiredIn(context, one)) found.add(needed)
  return found
}

/** The plan of an earlier image: every image that is built here holds its own. */
async function earlierPlan(source: string): Promise<ImagePlan | Fault> {
  if (source.endsWith('.json')) {
    const plan = existsSync(source) ? parsePlan(planIn(readFileSync(source, 'utf8'))) : null
    return (
      plan ?? faultAt('malformed', source, null, 'is no plan of an image; airtight image plan --format json makes one')
    )
  }
  const made = 'airtight did not build it, or an early version of it'
  if (isPrefixed(source) || isFileSource(source)) {
    const image = await readBase(source)
    if ('message' in image) return image
    return (
      parsePlan(image.config.labels[PLAN_LABEL] ?? '') ?? faultAt('malformed', source, null, `holds no plan: ${made}`)
    )
  }
  const file = join(source, PLAN_FILE)
  if (!existsSync(source)) {
    return faultAt(
      'missing',
      source,
      null,
      'does not exist; name an image, an archive, a root folder or a plan in JSON',
    )
  }
  const plan = existsSync(file) ? parsePlan(readFileSync(file, 'utf8')) : null
  return plan ?? faultAt('malformed', source, null, `holds no ${PLAN_FILE}: ${made}`)
}

/** The plan alone, or as a part of what `image plan --format json` prints. */
function planIn(text: string): string {
  try {
    const value = JSON.parse(text) as { readonly plan?: unknown }
    return typeof value.plan === 'object' ? JSON.stringify(value.plan) : text
  } catch {
    return text
  }
}

function resolveSource(folder: string, source: string): string {
  return source.includes(':') ? source : resolve(folder, source)
}

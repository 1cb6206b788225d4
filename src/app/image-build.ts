/** The use case of `image build`: composed, audited, written, read back and audited again before it gets its name. */
import { resolve } from 'node:path'
import type { Audit, ContextAudit, Finding } from '../domain/audit.ts'
import { faultAt } from '../domain/fault.ts'
import type { System } from '../domain/system.ts'
import { addMade } from '../image/compose/made.ts'
import type { LeftOut } from '../image/compose/slim.ts'
import { takeOut, unreached } from '../image/compose/slim.ts'
import { compositionTree } from '../image/compose/view.ts'
import type { Compression } from '../image/compress.ts'
import { WriteFailure } from '../image/failure.ts'
import { writeFolder } from '../image/folder.ts'
import type { ImagePlan } from '../image/layers/plan.ts'
import type { Image } from '../image/model.ts'
import type { WriteOptions } from '../image/write.ts'
import { writeImage } from '../image/write.ts'
import { auditJson } from '../report/audit-json.ts'
import { cyclonedx } from '../report/cyclonedx.ts'
import { counts } from '../report/document.ts'
import type { BuildReport, ImageFinding } from '../report/image-build.ts'
import { findOpenNames } from '../rules/facts/open-names.ts'
import type { AuditFailure } from './audit.ts'
import { toDocument } from './document.ts'
import type { ImageWorld } from './image-audit.ts'
import { auditImage, composedSystem, writtenSystem } from './image-audit.ts'
import type { Composed } from './image-compose.ts'
import { composeImage } from './image-compose.ts'
import { architectureOf, rfc3339, standardLabels } from './image-config.ts'
import type { PlanQuestion } from './image-plan.ts'
import { AUDIT_FILE, MATERIALS_FILE, PLAN_FILE, PLAN_LABEL, baseImageOf, cutImage } from './image-plan.ts'

export type ImageFormat = 'oci' | 'oci-archive' | 'docker-archive' | 'folder'

export interface BuildQuestion extends PlanQuestion {
  readonly format: ImageFormat
  readonly path: string
  readonly compression: Compression
  readonly slim: boolean
  /** The image is kept although findings fail it. */
  readonly keep: boolean
  /** Severities that fail it. */
  readonly failing: readonly string[]
  readonly tool: string
  readonly signal: AbortSignal
  readonly said: (label: string, bytes: number) => void
}

/** Builds an image. A failure means that nothing is under the final name. */
export async function buildImage(question: BuildQuestion): Promise<BuildReport | AuditFailure> {
  const composed = await composeImage(question)
  if ('failures' in composed) return composed
  const base = await baseImageOf(composed)
  if (base !== null && 'message' in base) return { failures: [base] }
  const found = await auditComposed(composed, question)
  if ('failures' in found) return found
  const { audit, leftOut, system } = found
  const { plan } = cutImage(composed, base, question)
  const failing = failingIn(audit, plan, question)
  const report = { plan, failing, leftOut, notes: composed.notes, incomplete: audit.incomplete }
  const stops = failing.length > 0 || audit.incomplete.length > 0
  if (stops && !question.keep) return { ...report, written: null, stage: failing.length > 0 ? 'composed' : null }
  const faults = addMade(composed.composition, tellingFiles(audit, plan, question))
  if (faults.length > 0) return { failures: faults }
  const { layers, config } = cutImage(composed, base, question)
  const image: Image = {
    base,
    layers,
    architecture: base?.architecture ?? architectureOf(system),
    config: { ...config, labels: { ...config.labels, [PLAN_LABEL]: JSON.stringify(plan) } },
    created: rfc3339(composed.clock.newest()),
    annotations: { ...standardLabels(composed, question), ...question.annotations },
    reference: question.reference,
  }
  return write(image, { composed, question, report })
}

interface Writing {
  readonly composed: Composed
  readonly question: BuildQuestion
  readonly report: Omit<BuildReport, 'written' | 'stage'>
}

async function write(image: Image, { composed, question, report }: Writing): Promise<BuildReport | AuditFailure> {
  const { format, path, compression, signal, said } = question
  let after: readonly ImageFinding[] = []
  const inspect = async (place: string): Promise<void> => {
    after = await inspected(place, composed, report.plan, question)
    if (after.length > 0 && !question.keep) throw new WriteFailure(faultAt('malformed', path, null, 'fails its audit'))
  }
  const options: WriteOptions = { compression, signal, progress: said, inspect }
  const target = resolve(question.audit.folder, path)
  const written =
    format === 'folder'
      ? await writeFolder(image, target, { signal, progress: said, inspect })
      : await writeImage(image, { kind: format, path: target }, options)
  if ('message' in written) {
    if (after.length > 0) return { ...report, failing: after, stage: 'written', written: null }
    return { failures: [written] }
  }
  const notes = 'faults' in written ? written.faults.map(({ file, message }) => `${file}: ${message}`) : []
  const stage = after.length > 0 ? 'written' : report.failing.length > 0 ? 'composed' : null
  return {
    ...report,
    failing: after.length > 0 ? after : report.failing,
    stage,
    written,
    notes: [...report.notes, ...notes],
  }
}

/** The image as it lies there before it has its name, opened as any other and audited with its own packages. */
async function inspected(
  place: string,
  composed: Composed,
  plan: ImagePlan,
  question: BuildQuestion,
): Promise<readonly ImageFinding[]> {
  const source = question.format === 'folder' ? place : `${question.format === 'oci' ? 'oci' : 'oci-archive'}:${place}`
  const system = await writtenSystem(source, question.audit)
  if ('message' in system) throw new WriteFailure(system)
  const audit = await auditImage(worldOf(composed, question), system, system.tree)
  if ('failures' in audit) throw new WriteFailure(audit.failures[0] ?? faultAt('unreadable', place, null, 'no audit'))
  return failingIn(audit, plan, question)
}

interface ComposedAudit {
  readonly audit: Audit
  readonly system: System
  readonly leftOut: readonly LeftOut[]
}

/** Audits the composed tree; with `slim`, takes out what nothing reaches and audits what is left. */
async function auditComposed(composed: Composed, question: BuildQuestion): Promise<ComposedAudit | AuditFailure> {
  const tree = compositionTree(composed.composition, 'image')
  const system = composedSystem(tree, question.audit)
  const audit = await auditImage(worldOf(composed, question), system, tree)
  if ('failures' in audit) return audit
  if (!question.slim) return { audit, system, leftOut: [] }
  const leftOut = unreached(audit.contexts, openNames)
  takeOut(composed.composition, tree, leftOut)
  const smaller = compositionTree(composed.composition, 'image')
  const again = composedSystem(smaller, question.audit)
  const second = await auditImage(worldOf(composed, question), again, smaller)
  return 'failures' in second ? second : { audit: second, system: again, leftOut }
}

function openNames(audit: ContextAudit): ReadonlySet<string> {
  return new Set(findOpenNames(audit).flatMap(({ names }) => names))
}

function worldOf({ contexts, policy, repairs }: Composed, question: BuildQuestion): ImageWorld {
  return { contexts, policy, repairs, options: question.audit }
}

/** What the image says of itself: the audit and its materials; its plan as a label, in a folder, which has none, as a file. */
function tellingFiles(audit: Audit, plan: ImagePlan, { tool, format }: BuildQuestion): Parameters<typeof addMade>[1] {
  const document = { ...toDocument(audit, 'whole'), tool }
  return [
    { path: AUDIT_FILE, text: auditJson(document) },
    { path: MATERIALS_FILE, text: cyclonedx(document) },
    ...(format === 'folder' ? [{ path: PLAN_FILE, text: `${JSON.stringify(plan)}\n` }] : []),
  ]
}

function failingIn(audit: Audit, plan: ImagePlan, { failing }: BuildQuestion): readonly ImageFinding[] {
  return audit.findings
    .filter((finding) => counts(finding) && failing.includes(finding.severity))
    .map((finding) => {
      const { rule, severity, subject, message } = finding
      return { rule, severity, package: finding.package, subject, message, layer: layerOf(finding, plan) }
    })
}

/** The layer of the package that a finding is about; what is wrong with repairs is in what they add to the system. */
function layerOf(finding: Finding, { layers }: ImagePlan): string {
  const kind = finding.rule.startsWith('FIX') ? 'os' : 'environment'
  const at =
    finding.package === null
      ? layers.findIndex((layer) => layer.class === kind)
      : layers.findIndex((layer) => layer.packages.some(({ id }) => id === finding.package))
  const layer = layers[at]
  return layer === undefined ? 'none' : `${at + 1} (${layer.title})`
}

/** The use case of `observe`: what was seen as a document, and with a context held against its audit. */
import type { Audit, Finding, WorldName } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import { faultText } from '../domain/fault.ts'
import type { Observation } from '../domain/observed.ts'
import { failed } from '../domain/tree.ts'
import type {
  DocumentLoad,
  ObservationComparison,
  ObservationDocument,
  ObservationFinding,
} from '../report/observation.ts'
import { OBSERVATION_SCHEMA } from '../runtime/observation-file.ts'

/** What an observation is told beside itself. */
export interface ObservationSetting {
  readonly tool: string
  readonly command: readonly string[] | null
  readonly exit: number | null
  /** The audit that it was held against; null where no context was named. */
  readonly audit: Audit | null
}

/** The document of an observation. */
export function observationDocument(observation: Observation, setting: ObservationSetting): ObservationDocument {
  const { tool, command, exit, audit } = setting
  const owner = audit === null ? null : ownersOf(audit)
  return {
    schema: OBSERVATION_SCHEMA,
    tool,
    ...(command === null ? {} : { command }),
    ...(exit === null ? {} : { exit }),
    processes: observation.processes.map((item) => ({
      ...item,
      loads: item.loads.map((load): DocumentLoad => (owner === null ? load : { ...load, owner: owner(load.file) })),
    })),
    ...(audit === null
      ? {}
      : { comparisons: comparisonsOf(audit), findings: audit.findings.filter(isObserved).map(findingData) }),
    faults: observation.faults.map(faultText),
    notes: observation.notes,
  }
}

/** Whether a finding comes from what was observed. */
export function isObserved(finding: Finding): boolean {
  return finding.rule.startsWith('OBS')
}

/** The world of a context that was compared. */
function comparisonsOf(audit: Audit): readonly ObservationComparison[] {
  return audit.contexts.flatMap(({ context, observed, worlds }) => {
    const resolved = observed === undefined ? undefined : worlds[observed.world]
    if (observed === undefined || resolved === undefined) return []
    const { world, asked, agreed, files, unnamed } = observed
    return [{ context: context.name, world, system: resolved.world.system.label, asked, agreed, files, unnamed }]
  })
}

/** The package that a path leads to, in the first context that has one. */
function ownersOf(audit: Audit): (file: string | null) => string | null {
  return (file) => {
    if (file?.startsWith('/') !== true) return null
    for (const context of audit.contexts) {
      const name: WorldName = context.observed?.world ?? 'host'
      const found = context.worlds[name]?.world.lookup(file)
      const item = found === undefined || failed(found) ? null : context.owner(found.path)
      if (item !== null) return packageId(item)
    }
    return null
  }
}

function findingData(finding: Finding): ObservationFinding {
  const { rule, name, severity, confidence, contexts, subject, message, objects, evidence, fingerprint } = finding
  return {
    rule,
    name,
    severity,
    confidence,
    contexts,
    package: finding.package,
    subject,
    message,
    objects,
    evidence,
    repairs: finding.repairs.map((repair) => repair.text),
    fingerprint,
    suppressed: finding.suppressed !== undefined || finding.baseline === 'known',
  }
}

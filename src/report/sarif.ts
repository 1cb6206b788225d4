/**
 * The audit as SARIF 2.1.0, within what GitHub reads: 25,000 results and rules a run, 1,000 locations a result
 * (docs.github.com, SARIF support for code scanning). One finding is one result; its witnesses are logical locations.
 */
import { printable } from '../domain/bytes.ts'
import { rules } from '../rules/registry.ts'
import type { Rule } from '../rules/rule.ts'
import type { AuditDocument, DocumentFinding } from './document.ts'
import type { FormatOptions } from './place.ts'
import { packageOf, placeOf } from './place.ts'

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'
const MOST_RESULTS = 25_000
const MOST_WITNESSES = 100

const LEVELS = { error: 'error', warn: 'warning', note: 'note' } as const

/** The SARIF log with its line feed. */
export function sarif(document: AuditDocument, options: FormatOptions): string {
  const used = rules.filter((rule) => document.findings.some((finding) => finding.rule === rule.id))
  const index = new Map(used.map((rule, at) => [rule.id, at]))
  // Worst first: what a reader with limits cuts off is what matters least.
  const shown = document.findings.slice(0, MOST_RESULTS)
  const [name = 'airtight', version = '0'] = document.tool.split(' ')
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name, version, rules: used.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'the folder that the audit was started in' } } },
        results: shown.map((finding) => result(document, finding, index.get(finding.rule), options)),
        invocations: [
          {
            executionSuccessful: document.summary.incomplete.length === 0,
            toolExecutionNotifications: [
              ...document.summary.incomplete.map((text) => notification(text, 'error')),
              ...document.summary.not_judged.map((text) => notification(text, 'note')),
              ...(document.findings.length > shown.length
                ? [notification(`${document.findings.length - shown.length} findings are left out`, 'warning')]
                : []),
            ],
          },
        ],
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function descriptor(rule: Rule): object {
  return {
    id: rule.id,
    name: pascal(rule.name),
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    help: {
      text: `${rule.remedy} ${rule.accept}`,
      markdown: `${rule.why}\n\n**How to repair.** ${rule.remedy}\n\n**When to accept.** ${rule.accept}`,
    },
    defaultConfiguration: rule.severity === 'off' ? { enabled: false } : { level: LEVELS[rule.severity] },
    properties: { tags: ['rez', rule.id.slice(0, 3).toLowerCase()], 'problem.severity': problem(rule.severity) },
  }
}

/** GitHub's word for a severity. */
function problem(severity: Rule['severity']): string {
  return severity === 'error' ? 'error' : severity === 'warn' ? 'warning' : 'recommendation'
}

function result(
  document: AuditDocument,
  finding: DocumentFinding,
  ruleIndex: number | undefined,
  options: FormatOptions,
): object {
  const place = placeOf(document, finding, options)
  const fixes = finding.repairs.flatMap((at) => document.repairs[at]?.text ?? [])
  const text = [finding.message, ...fixes.map((fix) => `Fix: ${fix}`)].map(printable).join('\n')
  return {
    ruleId: finding.rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[finding.severity],
    kind: 'fail',
    message: { text },
    locations: [
      {
        ...(place === null
          ? {}
          : { physicalLocation: { artifactLocation: artifact(place.file), region: { startLine: place.line } } }),
        logicalLocations: witnesses(document, finding),
      },
    ],
    partialFingerprints: { 'airtight/v1': finding.fingerprint },
    ...(finding.baseline === undefined ? {} : { baselineState: finding.baseline === 'new' ? 'new' : 'unchanged' }),
    ...suppressions(finding),
    properties: {
      confidence: finding.confidence,
      contexts: finding.contexts,
      package: finding.package,
      variant: finding.variant,
      subject: printable(finding.subject),
      world: finding.world,
    },
  }
}

/** What is inside the folder is told relative to it, everything else by a whole URI. */
function artifact(file: string): object {
  const uri = file.split('/').map(encodePart).join('/')
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' }
}

/** Lone surrogates are bytes that are no text: they have no URI of their own. */
function encodePart(part: string): string {
  return encodeURIComponent(printable(part))
}

/** The binaries that see it: they have no lines. */
function witnesses(document: AuditDocument, finding: DocumentFinding): readonly object[] {
  const item = packageOf(document, finding)
  const owner = finding.package ?? item?.name ?? finding.contexts[0] ?? 'policy'
  const objects = finding.objects.slice(0, MOST_WITNESSES)
  if (objects.length === 0) return [{ name: printable(owner), kind: 'module' }]
  return objects.map((path) => ({
    name: printable(path.slice(path.lastIndexOf('/') + 1)),
    fullyQualifiedName: printable(`${owner}/${path}`),
    kind: 'module',
  }))
}

/** A decision stands in the policy, debt in the baseline; to a reader of results both are accepted from outside. */
function suppressions({ suppressed }: DocumentFinding): object {
  if (suppressed === undefined) return {}
  const { reason, owner, ticket, expires } = suppressed
  const facts = [reason, owner, ticket, expires === null ? null : `until ${expires}`].filter((fact) => fact !== null)
  return { suppressions: [{ kind: 'external', status: 'accepted', justification: printable(facts.join(', ')) }] }
}

function notification(text: string, level: 'error' | 'warning' | 'note'): object {
  return { level, message: { text: printable(text) } }
}

function pascal(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
}

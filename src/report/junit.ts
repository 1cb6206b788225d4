/** The audit as JUnit XML: a suite for each package, a case for each rule and subject. What is accepted is skipped. */
import type { AuditDocument, DocumentFinding } from './document.ts'
import { counts } from './document.ts'
import type { FormatOptions } from './place.ts'
import { placeOf } from './place.ts'
import { xmlText } from './xml.ts'

/** The suite of what concerns whole contexts and the policy. */
const CONTEXT = 'contexts'

type State = 'failure' | 'skipped' | 'passed'

/** The document with its line feed. Errors and warnings that count are failures; notes pass and are told. */
export function junit(document: AuditDocument, options: FormatOptions): string {
  const suites = new Map<string, DocumentFinding[]>()
  for (const { name, version } of document.packages) suites.set(version === '' ? name : `${name}-${version}`, [])
  for (const finding of document.findings) {
    const name = finding.package ?? CONTEXT
    const list = suites.get(name)
    if (list === undefined) suites.set(name, [finding])
    else list.push(finding)
  }
  const parts = [...suites].map(([name, findings]) => suite(document, name, findings, options))
  const incomplete = document.summary.incomplete
  if (incomplete.length > 0) parts.push(incompleteSuite(incomplete))
  const total = (state: State): number => document.findings.filter((finding) => stateOf(finding) === state).length
  const tests = sumOf(parts, 'tests')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="airtight" tests="${tests}" failures="${total('failure')}" errors="${incomplete.length}">`,
    ...parts.map((part) => part.text),
    '</testsuites>',
    '',
  ].join('\n')
}

interface Part {
  readonly text: string
  readonly tests: number
}

function sumOf(parts: readonly Part[], key: 'tests'): number {
  return parts.reduce((sum, part) => sum + part[key], 0)
}

function suite(
  document: AuditDocument,
  name: string,
  findings: readonly DocumentFinding[],
  options: FormatOptions,
): Part {
  const of = (state: State): number => findings.filter((finding) => stateOf(finding) === state).length
  const cases = findings.map((finding) => testCase(document, name, finding, options))
  // A package without findings is a case that passes: silence would look like a package that was not looked at.
  if (cases.length === 0) cases.push(`    <testcase classname="${xmlText(name)}" name="airtight"/>`)
  const head =
    `  <testsuite name="${xmlText(name)}" tests="${cases.length}" failures="${of('failure')}" errors="0" ` +
    `skipped="${of('skipped')}">`
  return { text: [head, ...cases, '  </testsuite>'].join('\n'), tests: cases.length }
}

function testCase(
  document: AuditDocument,
  suiteName: string,
  finding: DocumentFinding,
  options: FormatOptions,
): string {
  const variant = finding.variant === null ? '' : ` [${finding.variant}]`
  const name = `${finding.rule} ${finding.name} ${finding.subject}${variant}`
  const open = `    <testcase classname="${xmlText(suiteName)}" name="${xmlText(name)}"`
  const fixes = finding.repairs.flatMap((at) => document.repairs[at]?.text ?? [])
  const place = placeOf(document, finding, options)
  const lines = [
    finding.message,
    ...fixes.map((fix) => `fix: ${fix}`),
    ...finding.objects.map((path) => `seen by ${path}`),
    ...(place === null ? [] : [`at ${place.file}:${place.line}`]),
  ]
  const body = xmlText(lines.join('\n'))
  switch (stateOf(finding)) {
    case 'failure':
      return `${open}>\n      <failure type="${finding.severity}" message="${xmlText(finding.message)}">${body}</failure>\n    </testcase>`
    case 'skipped':
      return `${open}>\n      <skipped message="${xmlText(acceptedBy(finding))}"/>\n    </testcase>`
    case 'passed':
      return `${open}>\n      <system-out>${body}</system-out>\n    </testcase>`
  }
}

function stateOf(finding: DocumentFinding): State {
  if (!counts(finding)) return 'skipped'
  return finding.severity === 'note' ? 'passed' : 'failure'
}

function acceptedBy({ suppressed }: DocumentFinding): string {
  if (suppressed === undefined) return 'known to the baseline'
  const { reason, owner, expires } = suppressed
  return ['suppressed', reason, owner, expires === null ? null : `until ${expires}`]
    .filter((part) => part !== null)
    .join(', ')
}

function incompleteSuite(incomplete: readonly string[]): Part {
  const cases = incomplete.map(
    (text) =>
      `    <testcase classname="airtight" name="${xmlText(text)}">\n      <error type="incomplete" message="${xmlText(text)}"/>\n    </testcase>`,
  )
  const head = `  <testsuite name="incomplete" tests="${cases.length}" failures="0" errors="${cases.length}" skipped="0">`
  return { text: [head, ...cases, '  </testsuite>'].join('\n'), tests: cases.length }
}

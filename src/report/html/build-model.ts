/** Makes the page's model of an audit document. */
import { documentPackageId } from '../document.ts'
import type { AuditDocument, DocumentBinding, DocumentFinding } from '../document.ts'
import { groupFindings } from '../audit-groups.ts'
import type { FindingGroup } from '../audit-groups.ts'
import { decisiveWorld, needPairs, packageRows, sourceOf, SOURCES } from '../package-rows.ts'
import type { NeedPair } from '../package-rows.ts'
import { placePackages } from './layers.ts'
import type { PageCandidate, PageCause, PageEdge, PageFinding, PageModel, PagePackage } from './model.ts'
import { HOWS, MISSING, NOT_ASKED, PROVIDERS } from './model.ts'

/** How many candidates of a trail a finding shows. */
const TRAIL = 60
/** Evidence longer than this says nothing on a page. */
const EVIDENCE = 400

/** The model of a document. */
export function pageModel(document: AuditDocument): PageModel {
  const pairs = needPairs(document).toSorted((a, b) => a.object - b.object || a.context - b.context || a.name - b.name)
  const edges = packageEdges(document, pairs)
  const decisive = decisiveWorld(document)
  const known = new Map(document.findings.map((finding, index) => [finding, index]))
  return {
    tool: document.tool,
    contexts: document.contexts.map(({ name, requests, packages, notes, unevaluated }) => ({
      name,
      requests,
      packages,
      notes,
      unevaluated,
    })),
    host: document.host,
    base: document.base,
    decisive,
    summary: document.summary,
    packages: pagePackages(document, edges),
    names: document.names,
    objects: document.objects,
    needs: pairs.flatMap(({ context, object, name, host, base }) => [
      context,
      object,
      name,
      ...answer(host),
      ...answer(base),
      SOURCES.indexOf(sourceOf(host, base, decisive)),
    ]),
    edges,
    findings: document.findings.map((finding) => pageFinding(document, finding)),
    causes: groupFindings(document).map((group) => cause(document, group, known)),
    repairs: document.repairs,
    faults: document.faults,
  }
}

function answer(binding: DocumentBinding | null): readonly [file: number, how: number] {
  if (binding === null) return [NOT_ASKED, 0]
  const provider = binding.provider === null ? 7 : PROVIDERS.indexOf(binding.provider)
  return [binding.file ?? MISSING, HOWS.indexOf(binding.how) * 8 + provider]
}

function pagePackages(document: AuditDocument, edges: readonly PageEdge[]): readonly PagePackage[] {
  const places = placePackages(document.packages.length, edges)
  return packageRows(document).flatMap((row, index) => {
    const item = document.packages[index]
    const place = places[index]
    return item === undefined || place === undefined ? [] : [{ ...item, ...row, ...place }]
  })
}

/** Who loads files of whom, by the answers that decide. */
function packageEdges(document: AuditDocument, pairs: readonly NeedPair[]): readonly PageEdge[] {
  const edges = new Map<string, { from: number; to: number; names: Set<number>; undeclared: boolean }>()
  for (const { object, name, host, base } of pairs) {
    const binding = decisiveWorld(document) === 'base' ? base : host
    const from = document.objects[object]?.owner ?? null
    const to = document.objects[binding?.file ?? -1]?.owner ?? null
    if (from === null || to === null || from === to) continue
    const key = `${from} ${to}`
    const known = edges.get(key) ?? { from, to, names: new Set(), undeclared: false }
    known.names.add(name)
    known.undeclared ||= binding?.provider === 'unrequired'
    edges.set(key, known)
  }
  return [...edges.values()]
    .map((edge) => ({ ...edge, names: edge.names.size }))
    .sort((a, b) => a.from - b.from || a.to - b.to)
}

function pageFinding(document: AuditDocument, finding: DocumentFinding): PageFinding {
  const { evidence, ...rest } = finding
  const owner = document.packages.findIndex(
    (item) => documentPackageId(item) === finding.package && item.variant === finding.variant,
  )
  return {
    ...rest,
    owner: owner < 0 ? null : owner,
    state: finding.suppressed !== undefined ? 'suppressed' : finding.baseline === 'known' ? 'known' : 'open',
    evidence: Object.entries(evidence)
      .filter(([key]) => key !== 'trail')
      .map(([key, value]) => [key, evidenceText(value)] as const)
      .filter(([, value]) => value !== '' && value.length <= EVIDENCE),
    trail: trailOf(evidence['trail']),
  }
}

/** Evidence as a reader wants it: lists of words as words, what is empty not at all. */
function evidenceText(value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ')
  return JSON.stringify(value)
}

/** The trail as the document holds it; anything else in its place is no trail. */
function trailOf(value: unknown): readonly PageCandidate[] {
  if (!Array.isArray(value)) return []
  return value.filter(isCandidate).slice(0, TRAIL)
}

function isCandidate(value: unknown): value is PageCandidate {
  if (value === null || typeof value !== 'object') return false
  return 'stage' in value && 'path' in value && typeof value.path === 'string' && 'verdict' in value
}

function cause(document: AuditDocument, group: FindingGroup, known: ReadonlyMap<DocumentFinding, number>): PageCause {
  const [first] = group.findings
  const subjects = new Set(group.findings.map((finding) => finding.subject))
  const more = subjects.size > 1 ? ` and ${subjects.size - 1} more` : ''
  const repair = document.repairs[first?.repairs[0] ?? -1]
  return {
    severity: group.severity,
    title: first === undefined ? '' : `${first.subject}${more}`,
    findings: group.findings.flatMap((finding) => known.get(finding) ?? []),
    packages: new Set(group.findings.map((finding) => finding.package)).size,
    fix: repair?.text ?? null,
  }
}

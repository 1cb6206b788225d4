/** Who takes libraries from whom, at package level, as a graph in the DOT language. */
import { printable } from '../domain/bytes.ts'
import type { AuditDocument, DocumentBinding } from './document.ts'
import { documentPackageId } from './document.ts'

/** The graph with its line feed. Edges carry how many names are taken; red is missing, dashed is not required. */
export function dot(document: AuditDocument): string {
  const edges = edgesOf(document)
  const targets = new Set(edges.map(({ to }) => to))
  const nodes = [
    ...[...new Set(document.packages.map(documentPackageId))].map((id) => `  ${quoted(id)} [shape=box]`),
    ...(['base', 'host', 'driver'] as const)
      .filter((name) => targets.has(`(${name})`))
      .map((name) => `  ${quoted(`(${name})`)} [shape=ellipse, style=filled, fillcolor="${FILLS[name]}"]`),
    ...(targets.has('(missing)') ? [`  ${quoted('(missing)')} [shape=octagon, color=red, fontcolor=red]`] : []),
  ]
  const lines = edges.map(({ from, to, names, provider }) => {
    const style = provider === 'unrequired' ? ', style=dashed' : provider === null ? ', color=red' : ''
    return `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(String(names.size))}, tooltip=${quoted([...names].sort().join(' '))}${style}]`
  })
  return ['digraph airtight {', '  rankdir=LR', '  node [fontname="sans-serif"]', ...nodes, ...lines, '}', ''].join(
    '\n',
  )
}

const FILLS = { base: 'gray90', host: 'lightyellow', driver: 'lightblue' } as const

interface Edge {
  readonly from: string
  readonly to: string
  readonly provider: DocumentBinding['provider']
  readonly names: Set<string>
}

/** What decides is the base where there is one, and the host besides where it lends what the base lacks. */
function edgesOf(document: AuditDocument): readonly Edge[] {
  const decisive = document.base === null ? 'host' : 'base'
  const edges = new Map<string, Edge>()
  for (const binding of document.bindings) {
    const owner = document.objects[binding.object]?.owner
    if (owner == null || binding.optional === true) continue
    if (binding.world !== decisive && binding.provider !== 'host') continue
    const item = document.packages[owner]
    const to = targetOf(document, binding)
    if (item === undefined || to === null) continue
    const from = documentPackageId(item)
    const key = `${from}\0${to}`
    const edge = edges.get(key) ?? { from, to, provider: binding.provider, names: new Set<string>() }
    edge.names.add(document.names[binding.name] ?? '')
    edges.set(key, edge)
  }
  return [...edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge)
}

function targetOf(document: AuditDocument, { provider, file }: DocumentBinding): string | null {
  if (provider === null) return '(missing)'
  if (provider === 'own') return null
  if (provider !== 'required' && provider !== 'unrequired') return `(${provider})`
  const item = document.packages[document.objects[file ?? -1]?.owner ?? -1]
  return item === undefined ? null : documentPackageId(item)
}

function quoted(text: string): string {
  return `"${printable(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

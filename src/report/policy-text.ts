/** A policy as text: YAML with the origin of each line behind it. */
import { printable } from '../domain/bytes.ts'
import type { PolicyEntry } from '../policy/policy.ts'
import type { Style } from './style.ts'

/** What is wrapped in braces stays on one line. */
type Line = readonly [text: string, origin: string]

/** The lines of a policy, in the order of its entries; entries of one key stand together. */
export function policyText(entries: readonly PolicyEntry[], style: Style): string {
  const lines = tree(grouped(entries), 0)
  const width = Math.min(72, Math.max(0, ...lines.map(([text]) => text.length)))
  return lines
    .map(([text, origin]) =>
      origin === '' ? `${text}\n` : `${text.padEnd(width)}  ${style.faint(`# ${printable(origin)}`)}\n`,
    )
    .join('')
}

/** The entries as data for other programs. */
export function policyJson(file: string | null, entries: readonly PolicyEntry[]): string {
  const rows = entries.map(({ path, value, origin }) => ({ key: path.join('.'), value, ...origin }))
  return `${JSON.stringify({ schema: 'airtight/effective-policy/v1', policy: file, entries: rows }, null, 2)}\n`
}

interface Node {
  readonly below: Map<string, Node>
  readonly values: { readonly value: unknown; readonly origin: string }[]
}

function grouped(entries: readonly PolicyEntry[]): Node {
  const root: Node = { below: new Map(), values: [] }
  for (const { path, value, origin } of entries) {
    let node = root
    for (const key of path) {
      const next = node.below.get(key) ?? { below: new Map<string, Node>(), values: [] }
      node.below.set(key, next)
      node = next
    }
    node.values.push({ value, origin: origin.line === null ? origin.file : `${origin.file}:${origin.line}` })
  }
  return root
}

/** Keys whose values are lists, whatever their number. */
const LISTS = new Set([
  'repos',
  'private_dirs',
  'ignore_paths',
  'suppress',
  'sonames',
  'stubs',
  'match',
  'payload',
  'mounts',
  'licence_variables',
])

function tree(node: Node, depth: number): readonly Line[] {
  const indent = '  '.repeat(depth)
  return [...node.below].flatMap(([key, next]): readonly Line[] => {
    const [only, ...more] = next.values
    const name = `${indent}${scalar(key)}:`
    if (only === undefined) return [[name, ''], ...tree(next, depth + 1)]
    if (more.length === 0 && !LISTS.has(key)) return [[`${name} ${scalar(only.value)}`, only.origin]]
    return [[name, ''], ...next.values.map(({ value, origin }): Line => [`${indent}  - ${scalar(value)}`, origin])]
  })
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return printable(JSON.stringify(value))
  return /^[A-Za-z_/.][\w./+@{}-]*$/.test(value) ? printable(value) : printable(JSON.stringify(value))
}

/** Reads a YAML file against a schema: every fault has file, line and column, and names the key that was meant. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { z } from 'zod'
import { closest } from '../domain/closest.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import { schemaAt, keysOf } from './schema-keys.ts'

/** Where something stands in a text, both counted from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

type Path = readonly (string | number)[]

/** Data that passed its schema, and where each part of it stands. */
export interface Located<T> {
  readonly data: T
  /** Of the deepest part of the path that is there. */
  place(path: Path): Place
}

/** Text larger than any policy; what is larger is none. */
const MAX_ALIASES = 100

/** Parses and checks a text; `x-` keys are dropped at every level. */
export function readYaml<T>(text: string, file: string, schema: z.ZodType<T>): Located<T> | readonly Fault[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const source: Source = { document, lines, file }
  const broken = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0])
    return faultIn(file, { line, column: col }, firstLine(error.message))
  })
  if (broken.length > 0) return broken
  const plain = toPlain(source, schema)
  if (!('data' in plain)) return plain
  const result = schema.safeParse(plain.data)
  if (!result.success) {
    const faults = result.error.issues.flatMap((issue) => issueFaults(issue, [], source, schema))
    return faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
  }
  return { data: result.data, place: (path) => placeOf(source, path) }
}

/** A fault at a place of a text file. */
export function faultIn(file: string, { line, column }: Place, message: string): Fault & Place {
  return { ...faultAtLine('malformed', file, line, message), line, column }
}

interface Source {
  readonly document: Document.Parsed
  readonly lines: LineCounter
  readonly file: string
}

function toPlain({ document, file }: Source, schema: z.ZodType): { readonly data: unknown } | readonly Fault[] {
  try {
    const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    if (data !== null && typeof data === 'object' && !Array.isArray(data)) return { data: withoutNotes(data, schema) }
    const named = schemaAt(schema, ['schema'])
    const literal = named instanceof z.ZodLiteral ? String([...named.values][0]) : 'a known schema'
    return [faultIn(file, { line: 1, column: 1 }, `expected a mapping that begins with schema: ${literal}`)]
  } catch (error) {
    return [faultAtLine('malformed', file, null, error instanceof Error ? firstLine(error.message) : String(error))]
  }
}

/** `x-` keys beside known keys are for people and for other tools; where keys are names, they are names. */
function withoutNotes(value: unknown, schema: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, at) => withoutNotes(item, schemaAt(schema, [at])))
  if (value === null || typeof value !== 'object') return value
  const fixed = keysOf(schema).length > 0
  const entries = Object.entries(value).filter(([key]) => !(fixed && key.startsWith('x-')))
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNotes(item, schemaAt(schema, [key]))]))
}

function issueFaults(
  issue: z.core.$ZodIssue,
  above: Path,
  source: Source,
  schema: z.ZodType,
): readonly (Fault & Place)[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => strangeKey(key, path, source, schema))
  if (issue.code === 'invalid_union') {
    const branch = nearestBranch(issue.errors)
    if (branch !== null) return branch.flatMap((inner) => issueFaults(inner, path, source, schema))
  }
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  return [faultIn(source.file, placeOf(source, path), `${where}${messageOf(issue, valueAt(source, path))}`)]
}

function strangeKey(key: string, path: Path, source: Source, schema: z.ZodType): Fault & Place {
  const keys = keysOf(schemaAt(schema, path))
  const near = closest(key, keys)
  const advice = near === null ? `known keys: ${keys.join(', ')}` : `did you mean '${near}'?`
  return faultIn(source.file, placeOf(source, [...path, key]), `unknown key '${key}'; ${advice}`)
}

/** Of the forms that a value may have, the one it comes nearest to: whose complaint lies deepest. */
function nearestBranch(errors: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | null {
  const deep = errors.filter((issues) =>
    issues.every((issue) => issue.code !== 'invalid_type' || issue.path.length > 0),
  )
  const [best] = deep.toSorted((a, b) => depth(b) - depth(a))
  return best ?? null
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length))
}

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String)
    const near = typeof value === 'string' ? closest(value, values) : null
    return near === null || values.length === 1
      ? `expected ${values.join(', ')}`
      : `'${String(value)}' is none of ${values.join(', ')}; did you mean '${near}'?`
  }
  if (issue.code === 'invalid_type' && value === undefined) return `is missing`
  if (issue.code === 'invalid_type' && issue.expected === 'string') return 'expected a text; put it into quotes'
  if (issue.code === 'invalid_key') return firstLine(issue.issues[0]?.message ?? issue.message)
  if (issue.code === 'invalid_union') return 'has none of the forms it may have'
  return firstLine(issue.message)
}

function valueAt({ document }: Source, path: Path): unknown {
  const node: unknown = document.getIn(path, false)
  return isMap(node) || isSeq(node) ? {} : node
}

/** The place of the deepest part of the path that stands in the document. */
function placeOf({ document, lines }: Source, path: Path): Place {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const key of path) {
    if (isSeq(node)) {
      const item = node.items[Number(key)]
      if (item === undefined) break
      offset = offsetOf(item) ?? offset
      node = item
      continue
    }
    if (!isMap(node)) break
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
    if (pair === undefined) break
    offset = offsetOf(pair.key) ?? offset
    node = pair.value
  }
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

function offsetOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null
}

function firstLine(message: string): string {
  return message.replace(/\n.*/s, '')
}

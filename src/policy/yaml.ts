/** Reads a YAML file against a schema: every fault has file, line and column, and names the key that was meant. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Document } from 'yaml'
import type { z } from 'zod'
import { closest } from '../domain/closest.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import { formsAt, keysOf, literalsOf, namesOf } from './schema-keys.ts'

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

/** So often an anchor may be used: more multiplies. */
const MAX_ALIASES = 100

/**
 * Parses and checks a text. Keys that begin with `x-` are for people and for other tools.
 *
 * @param notes where they are dropped: beside known keys, or among names as well
 */
export function readYaml<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  notes: 'beside keys' | 'everywhere' = 'beside keys',
): Located<T> | readonly Fault[] {
  const lines = new LineCounter()
  // What it would warn of goes to the terminal, past every report.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const source: Source = { document, lines, file, schema, notes }
  const broken = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0])
    return faultIn(file, { line, column: col }, firstLine(error.message))
  })
  if (broken.length > 0) return broken
  const plain = toPlain(source)
  if (!('data' in plain)) return plain
  const result = schema.safeParse(plain.data)
  if (!result.success) {
    const checked = { ...source, data: plain.data }
    const faults = result.error.issues.flatMap((issue) => issueFaults(issue, [], checked))
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
  readonly schema: z.ZodType
  readonly notes: 'beside keys' | 'everywhere'
}

/** A source whose data does not pass its schema. */
interface Checked extends Source {
  readonly data: unknown
}

function toPlain(source: Source): { readonly data: unknown } | readonly Fault[] {
  const { document, file, schema } = source
  let data: unknown
  try {
    data = document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    const message = firstLine((error as Error).message)
    const lost = lostAlias(source)
    return [lost === null ? faultAtLine('malformed', file, null, message) : faultIn(file, lost, message)]
  }
  if (data !== null && typeof data === 'object' && !Array.isArray(data)) return { data: withoutNotes(data, [], source) }
  const literals = literalsOf(formsAt(schema, ['schema']))
  const message = `expected a mapping that begins with schema: ${[...new Set(literals)].join(', ')}`
  return [faultIn(file, { line: 1, column: 1 }, message)]
}

/** The first alias that no anchor stands before. */
function lostAlias({ document, lines }: Source): Place | null {
  let place: Place | null = null
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined || !alias.range) return undefined
      const { line, col } = lines.linePos(alias.range[0])
      place = { line, column: col }
      return visit.BREAK
    },
  })
  return place
}

/** Where keys are names, one that begins with `x-` is a name, unless notes are taken everywhere. */
function withoutNotes(value: unknown, path: Path, source: Source): unknown {
  if (Array.isArray(value)) return value.map((item, at) => withoutNotes(item, [...path, at], source))
  if (value === null || typeof value !== 'object') return value
  const drops = source.notes === 'everywhere' || keysOf(formsAt(source.schema, path)).length > 0
  const entries = Object.entries(value).filter(([key]) => !(drops && key.startsWith('x-')))
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNotes(item, [...path, key], source)]))
}

function issueFaults(issue: z.core.$ZodIssue, above: Path, source: Checked): readonly (Fault & Place)[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => strangeKey(key, path, source))
  if (issue.code === 'invalid_union') {
    const branch = nearestBranch(issue.errors)
    if (branch !== undefined) return branch.flatMap((inner) => issueFaults(inner, path, source))
  }
  return [faultIn(source.file, placeOf(source, path), `${path.join('.')}: ${messageOf(issue, path, source)}`)]
}

function strangeKey(key: string, path: Path, source: Source): Fault & Place {
  const keys = keysOf(formsAt(source.schema, path))
  const near = closest(key, keys)
  const advice = near === null ? `known keys: ${keys.join(', ')}; begin your own with x-` : `did you mean '${near}'?`
  return faultIn(source.file, placeOf(source, [...path, key]), `unknown key '${key}'; ${advice}`)
}

/** Of the forms that a value may have, the one it comes nearest to: whose complaint lies deepest. */
function nearestBranch(errors: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const deep = errors.filter((issues) =>
    issues.every((issue) => issue.code !== 'invalid_type' || issue.path.length > 0),
  )
  return deep.toSorted((a, b) => depth(b) - depth(a)).at(0)
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length))
}

function messageOf(issue: z.core.$ZodIssue, path: Path, source: Checked): string {
  const value = valueAt(source.data, path)
  const forms = formsAt(source.schema, path)
  switch (issue.code) {
    case 'invalid_value':
      return noneOf(issue.values.map(String), value)
    case 'invalid_union': {
      // A key whose value tells kinds of files apart, or a value of none of several forms.
      const values = literalsOf(forms)
      return values.length > 0 ? noneOf(values, value) : formless(forms, value)
    }
    case 'invalid_type':
      return value === undefined ? 'is missing' : formless(forms, value)
    case 'invalid_key':
      return issue.issues.map((inner) => firstLine(inner.message)).join('; ')
    default:
      return firstLine(issue.message)
  }
}

/** A value of none of the forms; what only YAML takes for no text can be made one. */
function formless(forms: readonly unknown[], value: unknown): string {
  const names = namesOf(forms)
  const isText = names.includes('a text') && value !== null && typeof value !== 'object'
  return `expected ${names.join(' or ')}${isText ? '; put it into quotes' : ''}`
}

function noneOf(values: readonly string[], value: unknown): string {
  const near = typeof value === 'string' ? closest(value, values) : null
  return near === null || values.length === 1
    ? `expected ${values.join(', ')}`
    : `'${String(value)}' is none of ${values.join(', ')}; did you mean '${near}'?`
}

/** What stands where an issue is; the parts above it are there. */
function valueAt(data: unknown, path: Path): unknown {
  return path.reduce((value, key) => (value as Readonly<Record<string | number, unknown>>)[key], data)
}

/** The place of the deepest part of the path that stands in the document. */
function placeOf({ document, lines }: Source, path: Path): Place {
  let node: unknown = document.contents
  // The part that is there, itself or the key that it stands behind.
  let shown: unknown = node
  for (const key of path) {
    if (isSeq(node)) shown = node = node.items[Number(key)]
    else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      if (pair === undefined) break
      shown = pair.key
      node = pair.value
    } else break
  }
  const { line, col } = lines.linePos(isNode(shown) && shown.range ? shown.range[0] : 0)
  return { line, column: col }
}

function firstLine(message: string): string {
  return message.replace(/\n.*/s, '')
}

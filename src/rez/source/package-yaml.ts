/** Reads package.yaml: the same attributes as package.py, with rex code as text. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Scalar } from 'yaml'
import type { Unevaluated } from '../../domain/context.ts'
import { faultAtLine } from '../../domain/fault.ts'
import type { Fault } from '../../domain/fault.ts'
import { MAX_TEXT } from '../python/plain.ts'
import type { Parse } from '../python/plain.ts'
import { bool, int, NONE, str } from '../python/value.ts'
import type { Value } from '../python/value.ts'
import type { Attribute, DefinedFunction, DefinitionReading } from './definition.ts'
import { REX_NAMES, rexSource } from './rex-source.ts'

/** Nodes that a file may hold once its aliases are written out. */
const MAX_NODES = 50_000
const MAX_DEPTH = 100

/** The definition that a package.yaml's text holds; a text that is not YAML, or no mapping, gives one fault. */
export function readPackageYaml(text: string, file: string, parse: Parse): DefinitionReading {
  const lines = new LineCounter()
  const document = documentOf(text, lines)
  if (document === null) {
    const message = `no YAML of ordinary size and depth: at most ${MAX_TEXT} characters and ${MAX_DEPTH} levels were expected`
    return { definition: null, faults: [faultAtLine('unsupported', file, null, message)] }
  }
  const [error] = document.errors
  if (error !== undefined) {
    const message = `not YAML: ${error.message.replace(/\n.*/s, '')}`
    return { definition: null, faults: [faultAtLine('malformed', file, lines.linePos(error.pos[0]).line, message)] }
  }
  const { contents } = document
  if (!isMap(contents)) {
    return { definition: null, faults: [faultAtLine('malformed', file, 1, 'no mapping: "name: ..." was expected')] }
  }
  return readMapping(document, contents, lines, file, parse)
}

/** Null for a text beyond the limits. YAML's rules are those of version 1.1, as PyYAML reads them. */
function documentOf(text: string, lines: LineCounter): Document.Parsed | null {
  if (text.length > MAX_TEXT) return null
  try {
    return parseDocument(text, {
      version: '1.1',
      schema: 'yaml-1.1',
      intAsBigInt: true,
      uniqueKeys: false,
      lineCounter: lines,
      logLevel: 'silent',
    })
  } catch (error) {
    // The library recurses into nested collections without a limit of its own.
    if (error instanceof RangeError) return null
    throw error
  }
}

function readMapping(
  document: Document.Parsed,
  contents: { readonly items: readonly { readonly key: unknown; readonly value: unknown }[] },
  lines: LineCounter,
  file: string,
  parse: Parse,
): DefinitionReading {
  const attributes = new Map<string, Attribute>()
  const functions = new Map<string, DefinedFunction>()
  const unknown = new Map<string, Unevaluated>()
  const faults: Fault[] = []
  const budget = { nodes: MAX_NODES }
  const refuse = (name: string, item: Unevaluated): unknown => unknown.set(name, item)
  for (const { key, value } of contents.items) {
    if (!isScalar(key)) continue
    const name = letterOf(key) ?? String(key.value)
    const line = lineOf(key, lines)
    const literal = valueOf(document, value, budget, 0)
    if (literal === null) {
      refuse(name, { file, line, code: `${name}: ...`, reason: 'a value of this kind or size is not evaluated' })
    } else if (REX_NAMES.has(name) && literal.kind !== 'none') {
      const source = rexSource({ file, name, line, textLine: textLine(value, lines) }, literal, parse)
      if (source.kind === 'code') functions.set(name, source.code)
      else {
        refuse(name, source.unevaluated)
        if (source.fault !== null) faults.push(source.fault)
      }
    } else attributes.set(name, { name, line, value: literal })
  }
  const unevaluated = [...unknown.values()].toSorted((a, b) => a.line - b.line)
  return { definition: { file, attributes, functions, scopes: new Map(), unknown, unevaluated }, faults }
}

/** The line on which the text of a scalar begins: below the key for a block (`|`). */
function textLine(node: unknown, lines: LineCounter): number {
  if (!isScalar(node)) return 1
  const line = lineOf(node, lines)
  return node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? line + 1 : line
}

/** A node as a Python value as PyYAML makes it; null for dates, odd tags, and beyond the limits. */
function valueOf(document: Document.Parsed, node: unknown, budget: { nodes: number }, depth: number): Value | null {
  budget.nodes -= 1
  if (budget.nodes < 0 || depth > MAX_DEPTH) return null
  if (node === null || node === undefined) return NONE
  if (isAlias(node)) return valueOf(document, node.resolve(document), budget, depth + 1)
  if (isScalar(node)) return scalar(letterOf(node) ?? node.value)
  if (isSeq(node)) {
    const items = node.items.map((item) => valueOf(document, item, budget, depth + 1))
    return items.every((item) => item !== null) ? { kind: 'list', items } : null
  }
  if (!isMap(node)) return null
  const entries: (readonly [Value, Value])[] = []
  for (const { key, value } of node.items) {
    const name = valueOf(document, key, budget, depth + 1)
    const item = valueOf(document, value, budget, depth + 1)
    if (name === null || item === null) return null
    entries.push([name, item])
  }
  return { kind: 'dict', entries }
}

/** PyYAML knows no booleans of one letter: they are texts. */
function letterOf({ source }: Scalar): string | null {
  return source !== undefined && /^[yYnN]$/.test(source) ? source : null
}

function lineOf(node: Scalar, lines: LineCounter): number {
  return lines.linePos(node.range?.[0] ?? 0).line
}

function scalar(value: unknown): Value | null {
  if (value === null) return NONE
  if (typeof value === 'string') return str(value)
  if (typeof value === 'boolean') return bool(value)
  if (typeof value === 'bigint') return int(value)
  if (typeof value === 'number') return { kind: 'float', value }
  return null
}

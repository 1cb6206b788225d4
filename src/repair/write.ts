/**
 * Writes repair files: one order of keys, one way to quote, one entry to a block, so that the same plan gives the same
 * bytes and a change touches its own lines only. What a person wrote between the lines stays.
 */
import { Document, Pair, Scalar, YAMLMap, YAMLSeq, isMap, isScalar, parseDocument } from 'yaml'
import type { RepairFile } from '../domain/repair.ts'
import { REPAIR_SCHEMA, TOP_KEYS, entryKeys } from './schema.ts'
import { isSection } from './sections.ts'
import { compareBytes, sameData } from './compare.ts'

/** Lists that stand on one line; every other list has an item to a line. */
const INLINE_LISTS: ReadonlySet<string> = new Set(['fixes', 'visible_to', 'runpath', 'value', 'variant'])
/** `24.10` is not `24.1`: texts of these keys are quoted whatever they look like. */
const QUOTED: ReadonlySet<string> = new Set(['version', 'found', 'range', 'expires', 'sha256', 'build_id'])
const PLAIN = /^[A-Za-z_/][A-Za-z0-9._/+-]*$/
/** What YAML 1.1 readers take for something else than a text. */
const WORDS = /^(?:y|n|yes|no|true|false|on|off|null|nan|inf|e)$/i

const FORMAT = { lineWidth: 0, flowCollectionPadding: false, indentSeq: true } as const

/** The text of a repair file that nobody has edited. */
export function writeRepairFile(file: RepairFile): string {
  const document = new Document()
  document.contents = nodeOf({ schema: REPAIR_SCHEMA, ...file }, [])
  return document.toString(FORMAT)
}

/** Any data in the same style, its keys by their bytes. */
export function writeData(data: Data): string {
  const document = new Document()
  document.contents = nodeOf(data, [''])
  return document.toString(FORMAT)
}

/**
 * The text of a file after its content changed. Comments, `x-` keys and the order that a person chose stay; entries that
 * are equal keep their lines; without a change the text stays byte for byte.
 */
export function updateRepairText(text: string, before: RepairFile, after: RepairFile): string {
  if (sameData(before, after)) return text
  const document = parseDocument(text)
  if (!isMap(document.contents)) return writeRepairFile(after)
  syncMap(document.contents, { schema: REPAIR_SCHEMA, ...after }, [])
  return document.toString(FORMAT)
}

type Data = Readonly<Record<string, unknown>>

function nodeOf(value: unknown, path: readonly string[]): Scalar | YAMLMap | YAMLSeq {
  const key = path.at(-1) ?? ''
  if (Array.isArray(value)) {
    const list = new YAMLSeq()
    for (const item of value) list.items.push(nodeOf(item, [...path, '']))
    list.flow = INLINE_LISTS.has(key) || value.length === 0
    return list
  }
  if (isData(value)) {
    const map = new YAMLMap()
    for (const name of orderedKeys(value, path)) {
      map.items.push(new Pair(textNode(name, ''), nodeOf(value[name], [...path, name])))
    }
    map.flow = map.items.length === 0
    return map
  }
  return typeof value === 'string' ? textNode(value, key) : new Scalar(value)
}

function textNode(text: string, key: string): Scalar {
  const node = new Scalar(text)
  const plain = PLAIN.test(text) && !WORDS.test(text) && !QUOTED.has(key)
  node.type = plain ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE
  return node
}

/** Keys with a value: those of the format in its order, names by their bytes, `x-` keys last. */
function orderedKeys(value: Data, path: readonly string[]): readonly string[] {
  const order = orderAt(path)
  return Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort((a, b) => rank(a, order) - rank(b, order) || compareBytes(a, b))
}

function rank(key: string, order: readonly string[]): number {
  if (key.startsWith('x-')) return order.length + 1
  const at = order.indexOf(key)
  return at < 0 ? order.length : at
}

/** The fixed order of the keys at a place; empty where keys are names. */
function orderAt(path: readonly string[]): readonly string[] {
  const [top = ''] = path
  if (path.length === 0) return TOP_KEYS
  if (isSection(top)) {
    const depth = top === 'env' ? 3 : 2
    if (path.length < depth) return []
    return path.length === depth ? entryKeys(top) : INNER_ORDER
  }
  return path.length === 1 ? INNER_ORDER : []
}

/** Keys of the small maps inside an entry or a header. */
const INNER_ORDER: readonly string[] = [
  ...['package', 'context', 'version', 'variant', 'requests', 'packages', 'name', 'image'],
  ...['kind', 'ref', 'path', 'sha256', 'runpath', 'tag', 'value', 'redistribution', 'subject', 'file'],
  ...['resolve', 'run', 'expect'],
]

function syncMap(map: YAMLMap, value: Data, path: readonly string[]): void {
  const wanted = orderedKeys(value, path)
  keepFirstComment(map)
  map.items = map.items.filter((pair) => {
    const name = nameOf(pair)
    return name.startsWith('x-') || wanted.includes(name)
  })
  for (const name of wanted) {
    const pair = map.items.find((item) => nameOf(item) === name)
    const inner = [...path, name]
    if (pair === undefined) insert(map, name, nodeOf(value[name], inner), path)
    else syncPair(pair, value[name], inner)
  }
  map.flow = map.items.length === 0
}

/** The parser gives a comment above the first entry to the map: it belongs to the entry, wherever that will stand. */
function keepFirstComment(map: YAMLMap): void {
  const key = map.items[0]?.key
  if (map.commentBefore == null || !isScalar(key)) return
  key.commentBefore = key.commentBefore == null ? map.commentBefore : `${map.commentBefore}\n${key.commentBefore}`
  delete map.commentBefore
}

function syncPair(pair: Pair, value: unknown, path: readonly string[]): void {
  const node = pair.value
  if (isMap(node) && isData(value)) {
    syncMap(node, value, path)
    return
  }
  const before: unknown = hasToJson(node) ? node.toJSON() : node
  if (sameData(before, value)) return
  const made = nodeOf(value, path)
  if (isScalar(node) && node.comment != null) made.comment = node.comment
  pair.value = made
}

function insert(map: YAMLMap, name: string, node: Scalar | YAMLMap | YAMLSeq, path: readonly string[]): void {
  const order = orderAt(path)
  const after = (other: string): boolean => {
    const difference = rank(other, order) - rank(name, order)
    return difference > 0 || (difference === 0 && compareBytes(other, name) > 0)
  }
  const at = map.items.findIndex((pair) => after(nameOf(pair)))
  const pair = new Pair(textNode(name, ''), node)
  if (at < 0) map.items.push(pair)
  else map.items.splice(at, 0, pair)
}

function nameOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
}

function isData(value: unknown): value is Data {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function hasToJson(node: unknown): node is { toJSON(): unknown } {
  return node !== null && typeof node === 'object' && 'toJSON' in node && typeof node.toJSON === 'function'
}

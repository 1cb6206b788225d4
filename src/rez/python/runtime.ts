/** Values while Python is evaluated: literals, mutable collections, functions, and objects that the host provides. */
import type { Parameter, Statement } from './syntax.ts'
import { bool, FALSE, int, NONE, str, TRUE } from './value.ts'
import type { BoolValue, BytesValue, FloatValue, IntValue, NoneValue, StrValue, Value } from './value.ts'

export interface ListObject {
  readonly kind: 'list'
  items: Rt[]
  /** Why the content is no longer known, null while it is. */
  spoiled: string | null
}
export interface TupleObject {
  readonly kind: 'tuple'
  readonly items: readonly Rt[]
}
export interface SetObject {
  readonly kind: 'set'
  /** By {@link hashKey}. */
  readonly items: Map<string, Rt>
  spoiled: string | null
}
export interface DictObject {
  readonly kind: 'dict'
  /** By {@link hashKey}. */
  readonly entries: Map<string, readonly [Rt, Rt]>
  spoiled: string | null
}
export interface FunctionObject {
  readonly kind: 'function'
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** Values of the parameters that have one, from when the function was made. */
  readonly fallbacks: ReadonlyMap<string, Rt | UnknownBinding>
  readonly body: readonly Statement[]
  readonly frame: Frame
  readonly text: string
  /** Calls the function. */
  readonly invoke: (args: readonly Rt[], keywords: ReadonlyMap<string, Rt>) => Rt
}

/** An object that the host provides; each hook that is absent means that Python's operation is not known here. */
export interface HostObject {
  readonly kind: 'object'
  /** What messages call it. */
  readonly type: string
  /** It is one object here wherever it is one in Python, so that `is` can tell it from others of its kind. */
  readonly unique?: true
  /** Null where Python would raise AttributeError. */
  attribute?(name: string): Rt | null
  setAttribute?(name: string, value: Rt): void
  item?(index: Rt): Rt
  setItem?(index: Rt, value: Rt): void
  call?(args: readonly Rt[], keywords: ReadonlyMap<string, Rt>): Rt
  /** `str()`. */
  text?(): string
  /** `str()` where a text is put together, with marks for parts that only the caller's shell knows. */
  written?(): string
  truth?(): boolean
  contains?(item: Rt): boolean
  /** `next()`: the element, null at the end. */
  next?(): Rt | null
  /** All elements, for loops, `list()` and slices. */
  elements?(): readonly Rt[]
  /** `list()`, where not all elements are known. */
  listed?(): Rt
  /** The elements that indexes and slices meet, where they differ from those of a loop. */
  parts?(): readonly Rt[]
  /** Comparison by `==`. */
  equals?(other: Rt): boolean
  /** Comparison by `is`, where the kind of the value is not known. */
  identical?(): boolean
  /** Ends the statement that takes it for text, of which not all is known. */
  lost?(): never
  /** `self + other`. */
  add?(other: Rt): Rt
}

export type Rt =
  | NoneValue
  | BoolValue
  | IntValue
  | FloatValue
  | StrValue
  | BytesValue
  | ListObject
  | TupleObject
  | SetObject
  | DictObject
  | FunctionObject
  | HostObject

/** A name that is bound to something unknown. */
export interface UnknownBinding {
  readonly kind: 'unknown'
  readonly reason: string
}

/** Names of a function, a comprehension or a module, with the frame around it. */
export interface Frame {
  readonly names: Map<string, Rt | UnknownBinding>
  /** Names that `global` binds in the outermost frame instead. */
  readonly globals: Set<string>
  /** Names that `nonlocal` binds in the nearest frame around this one that has them. */
  readonly outer: Set<string>
  readonly parent: Frame | null
}

/** A frame inside another, or the outermost one. */
export function newFrame(parent: Frame | null, names: Iterable<readonly [string, Rt | UnknownBinding]> = []): Frame {
  return { names: new Map(names), globals: new Set(), outer: new Set(), parent }
}

/** The frame in which a name is bound. */
export function bindingFrame(frame: Frame, name: string): Frame {
  if (frame.globals.has(name)) return outermost(frame)
  if (!frame.outer.has(name)) return frame
  let at = frame.parent ?? frame
  while (at.parent !== null && !at.names.has(name)) at = at.parent
  return at
}

export function outermost(frame: Frame): Frame {
  let at = frame
  while (at.parent !== null) at = at.parent
  return at
}

/**
 * Thrown inside the evaluator alone, from where a value turns out unknown to the statement that needs it; it never
 * leaves the evaluator.
 */
export class NotEvaluated extends Error {}

/** Ends the statement in hand: its value is not known, for this reason. */
export function unknown(reason: string): never {
  throw new NotEvaluated(reason)
}

/** A statement that Python itself would end with an exception. */
export class Raised extends NotEvaluated {
  readonly error: string
  constructor(error: string, detail: string) {
    super(`${error}: ${detail}`)
    this.error = error
  }
}

/** Ends the statement with Python's exception. */
export function raised(error: string, detail: string): never {
  throw new Raised(error, detail)
}

/** Longest text and largest collection that evaluation makes. */
export const MAX_LENGTH = 200_000

export function list(items: readonly Rt[]): ListObject {
  return { kind: 'list', items: bounded(items).slice(), spoiled: null }
}

export function tuple(items: readonly Rt[]): TupleObject {
  return { kind: 'tuple', items: bounded(items) }
}

export function set(items: readonly Rt[]): SetObject {
  return { kind: 'set', items: new Map(bounded(items).map((item) => [hashKey(item), item])), spoiled: null }
}

export function dict(entries: readonly (readonly [Rt, Rt])[]): DictObject {
  return { kind: 'dict', entries: new Map(entries.map((entry) => [hashKey(entry[0]), entry])), spoiled: null }
}

/** A function of the host. */
export function builtin(
  name: string,
  call: (args: readonly Rt[], keywords: ReadonlyMap<string, Rt>) => Rt,
): HostObject {
  return { kind: 'object', type: name, call }
}

function bounded(items: readonly Rt[]): readonly Rt[] {
  return items.length > MAX_LENGTH ? unknown('a collection of this size is not evaluated') : items
}

/** Ends the statement when a collection's content is not known. */
export function known<T extends ListObject | SetObject | DictObject>(value: T): T {
  return value.spoiled === null ? value : unknown(value.spoiled)
}

/** A text that identifies a value among the keys of a dict: equal values, and only these, have equal keys. */
export function hashKey(value: Rt): string {
  switch (value.kind) {
    case 'none':
      return 'none'
    case 'bool':
      return value.value ? 'n1' : 'n0'
    case 'int':
      return `n${value.value}`
    case 'float':
      return Number.isInteger(value.value) ? `n${BigInt(value.value)}` : `f${value.value}`
    case 'str':
      return `s${value.value}`
    case 'bytes':
      return `b${value.value}`
    case 'tuple':
      return `t${value.items.map((item) => encodeKey(hashKey(item))).join('')}`
    case 'list':
    case 'dict':
    case 'set':
      return unknown(`TypeError: a ${value.kind} cannot be a key`)
    case 'function':
    case 'object':
      return unknown('an object as a key is not evaluated')
  }
}

function encodeKey(key: string): string {
  return `${key.length}:${key}`
}

/** `bool(value)`. */
export function truth(value: Rt): boolean {
  switch (value.kind) {
    case 'none':
      return false
    case 'bool':
      return value.value
    case 'int':
      return value.value !== 0n
    case 'float':
      return value.value !== 0
    case 'str':
    case 'bytes':
      return value.value !== ''
    case 'tuple':
      return value.items.length > 0
    case 'list':
      return known(value).items.length > 0
    case 'set':
      return known(value).items.size > 0
    case 'dict':
      return known(value).entries.size > 0
    case 'function':
      return true
    case 'object':
      return value.truth === undefined ? true : value.truth()
  }
}

/** The characters of a text as Python counts them: code points, lone surrogates one each. */
export function characters(text: string): readonly string[] {
  return Array.from(text)
}

/** What a loop meets once, as a generator or `map()` gives it. */
export function iterator(items: readonly Rt[]): HostObject {
  let left = bounded(items)
  return {
    kind: 'object',
    type: 'iterator',
    elements: () => {
      const all = left
      left = []
      return all
    },
    next: () => {
      const [first, ...rest] = left
      left = rest
      return first ?? null
    },
  }
}

/** What has elements without being a list, as `dict.keys()`; `parts` where it can be indexed. */
export function view(type: string, items: readonly Rt[], indexed = false): HostObject {
  const all = bounded(items)
  const item = (index: Rt): Rt => {
    const place = indexArgument(index, 'an index')
    return all[place < 0 ? place + all.length : place] ?? raised('IndexError', 'out of range')
  }
  return { kind: 'object', type, elements: () => all, truth: () => all.length > 0, ...(indexed ? { item } : {}) }
}

/** The members of a set in no order that means anything, the elements of anything else. */
export function members(value: Rt): readonly Rt[] {
  return value.kind === 'set' ? [...known(value).items.values()] : elements(value)
}

/** The elements that a loop over the value meets, in its order. */
export function elements(value: Rt): readonly Rt[] {
  if (value.kind === 'tuple') return value.items
  if (value.kind === 'list') return known(value).items
  if (value.kind === 'set') {
    // Python hashes text anew in each process.
    return known(value).items.size > 1 ? unknown('the order of a set is not known') : members(value)
  }
  if (value.kind === 'dict') return [...known(value).entries.values()].map((entry) => entry[0])
  if (value.kind === 'str') return characters(value.value).map(str)
  if (value.kind === 'object' && value.elements !== undefined) return value.elements()
  return unknown(`a loop over ${typeName(value)} is not evaluated`)
}

/** `len(value)`. */
export function length(value: Rt): number {
  if (value.kind === 'bytes') return value.value.length
  if (value.kind === 'set') return known(value).items.size
  if (value.kind === 'object' && value.next !== undefined) return unknown(`TypeError: ${value.type} has no length`)
  return elements(value).length
}

/** Calls a function, whoever made it. */
export function invoke(target: Rt, args: readonly Rt[], keywords: ReadonlyMap<string, Rt> = new Map()): Rt {
  if (target.kind === 'function') return target.invoke(args, keywords)
  if (target.kind === 'object' && target.call !== undefined) return target.call(args, keywords)
  return unknown(`TypeError: ${typeName(target)} is no function that is evaluated`)
}

/** What Python calls the type. */
export function typeName(value: Rt): string {
  if (value.kind === 'object') return value.type
  return value.kind === 'none' ? 'NoneType' : value.kind
}

/** A value that can be written down; ends the statement for functions and objects. */
export function freeze(value: Rt, depth = 0): Value {
  if (depth > 100) return unknown('a value nested this deep is not evaluated')
  switch (value.kind) {
    case 'list':
    case 'set':
    case 'tuple':
      return { kind: value.kind, items: elements(value).map((item) => freeze(item, depth + 1)) }
    case 'dict':
      return {
        kind: 'dict',
        entries: [...known(value).entries.values()].map(([key, item]) => [
          freeze(key, depth + 1),
          freeze(item, depth + 1),
        ]),
      }
    case 'function':
    case 'object':
      return unknown(`${typeName(value)} is no literal value`)
    default:
      return value
  }
}

/** A fresh run-time value of a literal. */
export function thaw(value: Value): Rt {
  switch (value.kind) {
    case 'list':
      return list(value.items.map(thaw))
    case 'tuple':
      return tuple(value.items.map(thaw))
    case 'set':
      return set(value.items.map(thaw))
    case 'dict':
      return dict(value.entries.map(([key, item]) => [thaw(key), thaw(item)]))
    default:
      return value
  }
}

/** The text of a str argument; ends the statement for anything else. */
export function textArgument(value: Rt | undefined, what: string): string {
  if (value?.kind === 'object' && value.lost !== undefined) return value.lost()
  return value?.kind === 'str' ? value.value : unknown(`TypeError: ${what} takes text`)
}

/** The number of an int argument, within what a JavaScript number holds. */
export function indexArgument(value: Rt, what: string): number {
  if (value.kind === 'bool') return value.value ? 1 : 0
  if (value.kind !== 'int' || value.value > 1n << 40n || value.value < -(1n << 40n)) {
    return unknown(`TypeError: ${what} takes an int`)
  }
  return Number(value.value)
}

export { bool, FALSE, int, NONE, str, TRUE }

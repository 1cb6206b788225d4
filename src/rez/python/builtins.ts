/** Python's built-in functions, as far as they are pure. */
import { attributeOf } from './attributes.ts'
import { markedValue, plainText, writtenText } from './caller-text.ts'
import { sorted } from './collection-methods.ts'
import { order, binary } from './operators.ts'
import {
  bool,
  builtin,
  characters,
  dict,
  elements,
  indexArgument,
  invoke,
  int,
  iterator,
  known,
  length,
  list,
  members,
  NONE,
  NotEvaluated,
  raised,
  set,
  str,
  textArgument,
  truth,
  tuple,
  typeName,
  unknown,
  view,
} from './runtime.ts'
import type { HostObject, Rt } from './runtime.ts'
import { reprOf } from './text.ts'

type Builtin = (args: readonly Rt[], keywords: ReadonlyMap<string, Rt>) => Rt

/** Longest range that is made. */
const MAX_RANGE = 10_000

const FUNCTIONS: Readonly<Record<string, Builtin>> = {
  str: ([value]) => (value === undefined ? str('') : markedValue(writtenText(value))),
  repr: ([value = NONE]) => str(reprOf(value)),
  int: ([value, base]) => integer(value, base),
  float: ([value]) => float(value),
  bool: ([value]) => bool(value !== undefined && truth(value)),
  len: ([value = NONE]) => int(length(value)),
  list: ([value]) => {
    if (value?.kind === 'object' && value.listed !== undefined) return value.listed()
    return list(value === undefined ? [] : elements(value))
  },
  tuple: ([value]) => tuple(value === undefined ? [] : elements(value)),
  set: ([value]) => set(value === undefined ? [] : members(value)),
  frozenset: ([value]) => set(value === undefined ? [] : members(value)),
  dict: ([value], keywords) => dictionary(value, keywords),
  range: (args) =>
    view(
      'range',
      range(args).map((item) => int(item)),
      true,
    ),
  enumerate: ([value = NONE, start]) => {
    const first = start === undefined ? 0 : indexArgument(start, 'enumerate')
    return iterator(elements(value).map((item, i) => tuple([int(first + i), item])))
  },
  zip: (args) => {
    const lists = args.map(elements)
    const shortest = lists.length === 0 ? 0 : Math.min(...lists.map((items) => items.length))
    return iterator(Array.from({ length: shortest }, (_, i) => tuple(lists.map((items) => items[i] ?? NONE))))
  },
  map: ([work = NONE, ...lists]) => {
    const [first = NONE, ...more] = lists
    if (more.length > 0) return unknown('map over several lists is not evaluated')
    return iterator(elements(first).map((item) => invoke(work, [item])))
  },
  filter: ([test = NONE, items = NONE]) =>
    iterator(elements(items).filter((item) => truth(test.kind === 'none' ? item : invoke(test, [item])))),
  reversed: ([value = NONE]) => iterator(elements(value).toReversed()),
  iter: ([value = NONE]) => (value.kind === 'object' && value.next !== undefined ? value : iterator(elements(value))),
  next: ([value = NONE, fallback]) => {
    if (value.kind !== 'object' || value.next === undefined) return unknown(`TypeError: next() of ${typeName(value)}`)
    return value.next() ?? fallback ?? raised('StopIteration', 'there is no next element')
  },
  sorted: ([value = NONE], keywords) => list(sorted(members(value), keywords)),
  any: ([value = NONE]) => bool(members(value).some(truth)),
  all: ([value = NONE]) => bool(members(value).every(truth)),
  min: (args) => extreme(args, -1),
  max: (args) => extreme(args, 1),
  sum: ([value = NONE, start = int(0)]) => elements(value).reduce((total, item) => binary('+', total, item), start),
  abs: ([value = NONE]) => (order(value, int(0)) < 0 ? binary('-', int(0), value) : binary('+', value, int(0))),
  round: ([value = NONE, places]) =>
    value.kind === 'int' && places === undefined ? value : unknown('round() is not evaluated'),
  ord: ([value]) => {
    const [one, ...more] = characters(textArgument(value, 'ord'))
    return one === undefined || more.length > 0
      ? unknown('TypeError: ord() takes one character')
      : int(one.codePointAt(0) ?? 0)
  },
  chr: ([value = NONE]) => {
    const code = indexArgument(value, 'chr')
    return code < 0 || code > 0x10ffff
      ? raised('ValueError', 'no character')
      : str(plainText(String.fromCodePoint(code)))
  },
  callable: ([value = NONE]) =>
    bool(value.kind === 'function' || (value.kind === 'object' && value.call !== undefined)),
  print: () => NONE,
  hasattr: ([object = NONE, name]) => bool(has(object, textArgument(name, 'hasattr'))),
  getattr: ([object = NONE, name, fallback]) => {
    const wanted = textArgument(name, 'getattr')
    return fallback !== undefined && !has(object, wanted) ? fallback : attributeOf(object, wanted)
  },
  type: ([value = NONE, ...more]) =>
    more.length > 0 ? unknown('type() that makes a class is not evaluated') : typeOf(value),
  isinstance: ([value = NONE, type = NONE]) => isInstance(value, type),
}

/** The built-in of a name, null where there is none. */
export function builtinNamed(name: string): Rt | null {
  const made = TABLE.get(name)
  return made ?? null
}

/** Names that Python has and that are not evaluated; exceptions end in these words. */
const OTHERS: ReadonlySet<string> = new Set(
  (
    'aiter anext ascii bin breakpoint bytearray bytes classmethod compile complex copyright credits delattr dir divmod ' +
    'eval exec exit format globals hash help hex id input issubclass license locals memoryview object oct open pow ' +
    'property quit setattr slice staticmethod super vars Ellipsis NotImplemented __import__ __name__ __file__ ' +
    '__doc__ __builtins__ BaseException Exception StopIteration StopAsyncIteration GeneratorExit KeyboardInterrupt SystemExit'
  ).split(' '),
)

/** Whether Python knows the name without a definition. */
export function isPythonName(name: string): boolean {
  return OTHERS.has(name) || /^[A-Z][A-Za-z]*(?:Error|Warning)$/.test(name)
}

const TYPES = new Set(['str', 'int', 'float', 'bool', 'list', 'tuple', 'dict', 'set'])

const TABLE: ReadonlyMap<string, Rt> = new Map(
  Object.entries(FUNCTIONS).map(([name, call]) => [
    name,
    TYPES.has(name) ? classObject(name, call) : builtin(name, call),
  ]),
)

function integer(value: Rt | undefined, base: Rt | undefined): Rt {
  if (value === undefined) return int(0)
  if (value.kind === 'int') return value
  if (value.kind === 'bool') return int(value.value ? 1 : 0)
  if (value.kind === 'float') {
    return Number.isFinite(value.value) ? int(BigInt(Math.trunc(value.value))) : raised('ValueError', 'no int')
  }
  if (value.kind !== 'str' || base !== undefined) return unknown(`int() of ${typeName(value)} is not evaluated`)
  const digits = value.value.trim()
  if (digits.length > 1000 || !/^[+-]?[0-9]+$/.test(digits)) return raised('ValueError', 'this text is no int')
  return int(BigInt(digits.replace(/^\+/, '')))
}

function float(value: Rt | undefined): Rt {
  if (value === undefined) return { kind: 'float', value: 0 }
  if (value.kind === 'float') return value
  if (value.kind === 'int') return { kind: 'float', value: Number(value.value) }
  if (value.kind !== 'str') return unknown(`float() of ${typeName(value)} is not evaluated`)
  if (!/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(value.value))
    return raised('ValueError', 'this text is no float')
  return { kind: 'float', value: Number(value.value) }
}

function dictionary(value: Rt | undefined, keywords: ReadonlyMap<string, Rt>): Rt {
  const named = [...keywords].map(([name, item]): readonly [Rt, Rt] => [str(name), item])
  if (value === undefined) return dict(named)
  if (value.kind === 'dict') return dict([...known(value).entries.values(), ...named])
  const pairs = elements(value).map((pair): readonly [Rt, Rt] => {
    const [key, item, ...more] = elements(pair)
    return key === undefined || item === undefined || more.length > 0 ? raised('ValueError', 'no pair') : [key, item]
  })
  return dict([...pairs, ...named])
}

function range(args: readonly Rt[]): number[] {
  const [first = 0, second, step = 1] = args.map((value) => indexArgument(value, 'range'))
  const from = second === undefined ? 0 : first
  const to = second ?? first
  if (step === 0) return raised('ValueError', 'range with a step of zero')
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (count > MAX_RANGE) return unknown('a range of this length is not evaluated')
  return Array.from({ length: count }, (_, i) => from + i * step)
}

function extreme(args: readonly Rt[], sign: number): Rt {
  const items = args.length === 1 && args[0] !== undefined ? members(args[0]) : args
  const [first, ...rest] = items
  if (first === undefined) return raised('ValueError', 'min or max of nothing')
  return rest.reduce((best, item) => (order(item, best) * sign > 0 ? item : best), first)
}

/** Whether an attribute is there; an object of the host answers null for what it surely lacks. */
function has(object: Rt, name: string): boolean {
  if (object.kind === 'object')
    return object.attribute === undefined ? unknown('hasattr here is not evaluated') : object.attribute(name) !== null
  try {
    attributeOf(object, name)
    return true
  } catch (error) {
    if (error instanceof NotEvaluated) return unknown(`whether ${typeName(object)} has "${name}" is not evaluated`)
    throw error
  }
}

/** A built-in class, which can be called and is equal to itself alone. */
function classObject(name: string, call: Builtin): Rt {
  const made: HostObject = {
    ...builtin(name, call),
    unique: true,
    equals: (other) => {
      if (other.kind !== 'object') return false
      return TYPES.has(other.type) ? other === made : unknown(`== on ${name} is not evaluated`)
    },
  }
  return made
}

/** The class of a value; of what the host provides no more is known than that it has one. */
function typeOf(value: Rt): Rt {
  const known = TYPES.has(value.kind) ? builtinNamed(value.kind) : null
  if (known !== null) return known
  const lost = (): never => unknown(`the class of ${typeName(value)} is not evaluated`)
  return { kind: 'object', type: 'type', attribute: lost, text: lost, equals: lost }
}

function isInstance(value: Rt, type: Rt): Rt {
  const types = type.kind === 'tuple' ? type.items : [type]
  const names = types.map((item) =>
    item.kind === 'object' && TYPES.has(item.type) ? item.type : unknown('isinstance with this type is not evaluated'),
  )
  if (value.kind === 'object' || value.kind === 'function')
    return unknown(`the type of ${typeName(value)} is not known`)
  return bool(names.includes(value.kind) || (value.kind === 'bool' && names.includes('int')))
}

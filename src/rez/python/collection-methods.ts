/** Methods of lists, tuples, dicts and sets. */
import { equal, order } from './operators.ts'
import {
  bool,
  builtin,
  dict,
  elements,
  hashKey,
  indexArgument,
  invoke,
  int,
  known,
  list,
  MAX_LENGTH,
  members,
  NONE,
  raised,
  set,
  str,
  truth,
  tuple,
  unknown,
  view,
} from './runtime.ts'
import type { DictObject, HostObject, ListObject, Rt, SetObject } from './runtime.ts'

type Arguments = readonly Rt[]

/** A method of a collection, bound to it; null where the type has none of this name. */
export function collectionMethod(value: Rt, name: string): HostObject | null {
  if (value.kind === 'list') return bind(LIST, value, name)
  if (value.kind === 'dict') return bind(DICT, value, name)
  if (value.kind === 'set') return bind(SET, value, name)
  if (value.kind === 'tuple' && (name === 'index' || name === 'count')) {
    return bind(LIST, list(value.items), name)
  }
  return null
}

type Methods<T> = Readonly<Record<string, (own: T, args: Arguments, keywords: ReadonlyMap<string, Rt>) => Rt>>

function bind<T extends ListObject | DictObject | SetObject>(
  methods: Methods<T>,
  own: T,
  name: string,
): HostObject | null {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) return null
  return builtin(`${own.kind}.${name}`, (args, keywords) => method(known(own), args, keywords))
}

const LIST: Methods<ListObject> = {
  append: (own, [item = NONE]) => {
    if (own.items.length >= MAX_LENGTH) return unknown('a list of this size is not evaluated')
    own.items.push(item)
    return NONE
  },
  extend: (own, [items = NONE]) => replaced(own, [...own.items, ...elements(items)]),
  insert: (own, [place = NONE, item = NONE]) =>
    replaced(own, own.items.toSpliced(indexArgument(place, 'insert'), 0, item)),
  remove: (own, [item = NONE]) => {
    const at = own.items.findIndex((element) => equal(element, item))
    return at < 0 ? raised('ValueError', 'the element is not there') : replaced(own, own.items.toSpliced(at, 1))
  },
  pop: (own, [place]) => {
    const at = place === undefined ? own.items.length - 1 : indexArgument(place, 'pop')
    const index = at < 0 ? at + own.items.length : at
    const item = own.items[index] ?? raised('IndexError', 'out of range')
    own.items = own.items.toSpliced(index, 1)
    return item
  },
  clear: (own) => replaced(own, []),
  copy: (own) => list(own.items),
  reverse: (own) => replaced(own, own.items.toReversed()),
  sort: (own, _args, keywords) => replaced(own, sorted(own.items, keywords)),
  index: (own, [item = NONE]) => {
    const at = own.items.findIndex((element) => equal(element, item))
    return at < 0 ? raised('ValueError', 'the element is not there') : int(at)
  },
  count: (own, [item = NONE]) => int(own.items.filter((element) => equal(element, item)).length),
}

const DICT: Methods<DictObject> = {
  get: (own, [key = NONE, fallback = NONE]) => own.entries.get(hashKey(key))?.[1] ?? fallback,
  items: (own) =>
    view(
      'dict_items',
      [...own.entries.values()].map(([key, value]) => tuple([key, value])),
    ),
  keys: (own) =>
    view(
      'dict_keys',
      [...own.entries.values()].map(([key]) => key),
    ),
  values: (own) =>
    view(
      'dict_values',
      [...own.entries.values()].map(([, value]) => value),
    ),
  clear: (own) => {
    own.entries.clear()
    return NONE
  },
  popitem: (own) => {
    const last = [...own.entries].at(-1)
    if (last === undefined) return raised('KeyError', 'the dict is empty')
    own.entries.delete(last[0])
    return tuple(last[1])
  },
  copy: (own) => dict([...own.entries.values()]),
  setdefault: (own, [key = NONE, fallback = NONE]) => {
    const found = own.entries.get(hashKey(key))
    if (found !== undefined) return found[1]
    setEntry(own, key, fallback)
    return fallback
  },
  update: (own, [other], keywords) => {
    if (other !== undefined) {
      if (other.kind === 'dict') for (const [key, value] of known(other).entries.values()) setEntry(own, key, value)
      else {
        for (const pair of elements(other)) {
          const [key, value, ...more] = elements(pair)
          if (key === undefined || value === undefined || more.length > 0) return raised('ValueError', 'no pair')
          setEntry(own, key, value)
        }
      }
    }
    for (const [name, value] of keywords) setEntry(own, str(name), value)
    return NONE
  },
  pop: (own, [key = NONE, fallback]) => {
    const found = own.entries.get(hashKey(key))
    own.entries.delete(hashKey(key))
    return found?.[1] ?? fallback ?? raised('KeyError', 'the key is not there')
  },
}

const SET: Methods<SetObject> = {
  add: (own, [item = NONE]) => {
    own.items.set(hashKey(item), item)
    return NONE
  },
  discard: (own, [item = NONE]) => {
    own.items.delete(hashKey(item))
    return NONE
  },
  remove: (own, [item = NONE]) =>
    own.items.delete(hashKey(item)) ? NONE : raised('KeyError', 'the element is not there'),
  update: (own, others) => {
    for (const item of others.flatMap(members)) own.items.set(hashKey(item), item)
    return NONE
  },
  clear: (own) => {
    own.items.clear()
    return NONE
  },
  union: (own, others) => set([...members(own), ...others.flatMap(members)]),
  intersection: (own, others) => set(members(own).filter((item) => others.every((other) => has(other, item)))),
  difference: (own, others) => set(members(own).filter((item) => !others.some((other) => has(other, item)))),
  issubset: (own, [other = NONE]) => bool(members(own).every((item) => has(other, item))),
  issuperset: (own, [other = NONE]) => bool(members(other).every((item) => own.items.has(hashKey(item)))),
  isdisjoint: (own, [other = NONE]) => bool(!members(other).some((item) => own.items.has(hashKey(item)))),
  copy: (own) => set(members(own)),
}

function has(container: Rt, item: Rt): boolean {
  return members(container).some((other) => equal(other, item))
}

function replaced(own: ListObject, items: Rt[]): Rt {
  if (items.length > MAX_LENGTH) return unknown('a list of this size is not evaluated')
  own.items = items
  return NONE
}

/** Adds or replaces an entry of a dict; a replaced one keeps its place and its key. */
export function setEntry(own: DictObject, key: Rt, value: Rt): void {
  const at = hashKey(key)
  if (own.entries.size >= MAX_LENGTH) unknown('a dict of this size is not evaluated')
  own.entries.set(at, [own.entries.get(at)?.[0] ?? key, value])
}

/** Sorted as Python sorts: stable, by `key` where it is given. */
export function sorted(items: readonly Rt[], keywords: ReadonlyMap<string, Rt>): Rt[] {
  const by = keywords.get('key')
  const reverse = keywords.get('reverse')
  const sign = reverse !== undefined && truth(reverse) ? -1 : 1
  const keyed = items.map((item) => ({ item, key: by === undefined || by.kind === 'none' ? item : invoke(by, [item]) }))
  return keyed.toSorted((a, b) => sign * order(a.key, b.key)).map(({ item }) => item)
}

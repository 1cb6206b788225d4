/** `env` and its variables as commands see them (`EnvironmentDict` and `EnvironmentVariable` in `src/rez/rex.py`). */
import { withoutMarks, writtenText } from '../python/caller-text.ts'
import { builtin, NONE, str, textArgument, truth, unknown } from '../python/runtime.ts'
import type { HostObject, Rt } from '../python/runtime.ts'
import { textOf } from '../python/text.ts'
import type { Parent } from '../python/facts.ts'
import type { Actions } from './actions.ts'

/** One variable: `env.X`. */
class VariableObject implements HostObject {
  readonly kind = 'object'
  readonly type = 'environment variable'
  readonly #name: string
  readonly #actions: Actions

  constructor(name: string, actions: Actions) {
    this.#name = name
    this.#actions = actions
  }

  text(): string {
    return withoutMarks(this.written())
  }

  written(): string {
    return writtenText(this.#value())
  }

  truth(): boolean {
    return truth(this.#value())
  }

  equals(other: Rt): boolean {
    if (other.kind === 'object') return this.text() === (other instanceof VariableObject ? other.text() : textOf(other))
    return this.text() === (other.kind === 'str' ? other.value : null)
  }

  attribute(name: string): Rt | null {
    const key = str(this.#name)
    const one = (work: (value: Rt) => void): Rt =>
      builtin(name, ([value, ...more], keywords) => {
        const extra = name === 'reset' ? 1 : 0
        const given = value ?? keywords.get('value')
        if (given === undefined || more.length > extra) unknown(`TypeError: ${name}() takes one value`)
        else work(given)
        return NONE
      })
    switch (name) {
      case 'name':
        return key
      case 'set':
      case 'reset':
        return one((value) => this.#actions.set(key, value))
      case 'append':
        return one((value) => this.#actions.append(key, value))
      case 'prepend':
        return one((value) => this.#actions.prepend(key, value))
      case 'setdefault':
        return one((value) => {
          if (!this.#isSet()) this.#actions.set(key, value)
        })
      case 'unset':
        return builtin(name, () => this.#actions.unset(key))
      case 'get':
      case 'value':
        return builtin(name, () => this.#value())
    }
    return null
  }

  #value(): Rt {
    return this.#actions.get(str(this.#name))
  }

  #isSet(): boolean {
    return this.truth()
  }
}

/** `env`; `touched` holds the names that commands have used so far, of all packages; `parent` knows the caller's. */
export function environmentObject(actions: Actions, touched: Set<string>, parent: Parent): HostObject {
  const variable = (name: string): VariableObject => {
    touched.add(name)
    return new VariableObject(name, actions)
  }
  const set = (name: string, value: Rt): void => {
    variable(name)
    actions.set(str(name), value)
  }
  // It begins with the caller's variables, and has each that was ever named; what Rez itself sets is not in it.
  const among = (names: ReadonlySet<string>, item: Rt): boolean => {
    const name = textOf(item)
    return names.has(name) || parent.value(name) !== null
  }
  const contains = (item: Rt): boolean => among(touched, item)
  return {
    kind: 'object',
    type: 'env',
    attribute: (name) => {
      // Methods of a mapping win over variables of their names.
      if (name === 'get') return builtin('get', ([key]) => variable(textArgument(key, 'env')))
      if (name === 'setdefault') return builtin('setdefault', ([key]) => variable(textArgument(key, 'env')))
      if (name === 'update') return updateFunction(set)
      if (name === 'keys') {
        const listed = (): Rt => {
          const now = new Set(touched)
          return namesObject('list', (item) => among(now, item))
        }
        return builtin('keys', () => ({ ...namesObject('dict_keys', contains), listed }))
      }
      if (MAPPING.has(name)) return unknown(`env.${name} holds the caller's variables`)
      return variable(name)
    },
    setAttribute: set,
    item: (index) => variable(textOf(index)),
    setItem: (index, value) => set(textOf(index), value),
    contains,
  }
}

const MAPPING = new Set(['values', 'items', 'pop', 'popitem', 'clear', 'copy'])

/** `env.keys()`, or a list of them: single names are known, all of them are not. */
function namesObject(type: string, contains: (item: Rt) => boolean): HostObject {
  const all = (): never => unknown("env.keys() holds the caller's variables")
  return { kind: 'object', type, contains, elements: all, text: all, truth: () => true }
}

function updateFunction(set: (name: string, value: Rt) => void): Rt {
  return builtin('update', ([other], keywords) => {
    if (other?.kind === 'dict') {
      for (const [key, value] of other.entries.values()) set(textOf(key), value)
    } else if (other !== undefined) unknown('update with this value is not evaluated')
    for (const [name, value] of keywords) set(name, value)
    return NONE
  })
}

/** Rex's functions: what commands do to the environment (`ActionManager` in `src/rez/rex.py`). */
import { bool, builtin, elements, NONE, raised, str, unknown } from '../python/runtime.ts'
import type { Frame, HostObject, Rt } from '../python/runtime.ts'
import { isCallerText, markedValue, namesIn, withoutMarks, withReferences, writtenText } from '../python/caller-text.ts'
import { Stopped } from '../python/exceptions.ts'
import { percentFormat } from '../python/percent-format.ts'
import { tuple } from '../python/runtime.ts'
import { textOf } from '../python/text.ts'
import { EscapedText, mapped, piecesOf, plain } from './escaped.ts'
import { formatLeniently, formatNamespace } from './namespace-format.ts'
import type { Expanded, Variables } from './variables.ts'

export class Actions {
  readonly #variables: Variables
  readonly #frame: Frame
  readonly #note: (text: string) => void
  readonly #refers: (holder: string, marked: string) => void

  /** `frame` holds the names that `{name}` may use; `refers` is told of values with parts of the caller's. */
  constructor(
    variables: Variables,
    frame: Frame,
    note: (text: string) => void,
    refers: (holder: string, marked: string) => void,
  ) {
    this.#variables = variables
    this.#frame = frame
    this.#note = note
    this.#refers = refers
  }

  set(key: Rt, value: Rt): Rt {
    const name = this.#key(key)
    this.#variables.set(name, this.#value(name, value))
    return NONE
  }

  append(key: Rt, value: Rt): Rt {
    const name = this.#key(key)
    this.#variables.append(name, this.#value(name, value))
    return NONE
  }

  prepend(key: Rt, value: Rt): Rt {
    const name = this.#key(key)
    this.#variables.prepend(name, this.#value(name, value))
    return NONE
  }

  unset(key: Rt): Rt {
    this.#variables.unset(this.#key(key))
    return NONE
  }

  /** The value of a variable that a package has set, or that the caller has: text. */
  get(key: Rt): Rt {
    const name = this.#key(key)
    return this.#variables.text(name) ?? raised('RexUndefinedVariableError', `$${name} is not set`)
  }

  /** The functions that commands may call, by name. */
  functions(): ReadonlyMap<string, HostObject> {
    const two = (name: string, work: (key: Rt, value: Rt) => Rt): [string, HostObject] => [
      name,
      builtin(name, (args, keywords) => {
        const key = args[0] ?? keywords.get('key')
        const value = args[1] ?? keywords.get('value')
        return key === undefined || value === undefined
          ? unknown(`TypeError: ${name}() takes a name and a value`)
          : work(key, value)
      }),
    ]
    const one = (name: string, work: (value: Rt) => Rt): [string, HostObject] => [
      name,
      builtin(name, ([value]) => (value === undefined ? unknown(`TypeError: ${name}() takes one value`) : work(value))),
    ]
    return new Map([
      two('setenv', (key, value) => this.set(key, value)),
      two('resetenv', (key, value) => this.set(key, value)),
      two('appendenv', (key, value) => this.append(key, value)),
      two('prependenv', (key, value) => this.prepend(key, value)),
      two('alias', (key, value) => this.#alias(key, value)),
      one('unsetenv', (key) => this.unset(key)),
      one('getenv', (key) => this.get(key)),
      one('defined', (key) => bool(this.#defined(key))),
      one('undefined', (key) => bool(!this.#defined(key))),
      one('format', (value) => markedValue(formatNamespace(writtenText(value), this.#frame.names))),
      ['expandvars', builtin('expandvars', ([value = NONE, format]) => markedValue(this.#expandvars(value, format)))],
      one('source', (value) => {
        const file = withReferences(plain(this.#formatted(value)))
        this.#variables.act({ kind: 'source', text: file })
        this.#note(`source(${file}) is left to the shell: what that file sets is not in this environment`)
        return NONE
      }),
      one('command', (value) => {
        const text = commandText(value)
        this.#variables.act({ kind: 'command', text })
        this.#note(`command(${text}) is left to the shell, nothing is run here`)
        return NONE
      }),
      ['stop', builtin('stop', (args) => this.#stop(args))],
      ['info', builtin('info', () => NONE)],
      ['error', builtin('error', () => NONE)],
      ['comment', builtin('comment', () => NONE)],
      ['shebang', builtin('shebang', () => NONE)],
    ])
  }

  #key(key: Rt): string {
    return withoutMarks(plain(this.#expanded(this.#formatted(key))))
  }

  /** Anything but text is written by `str()` and not formatted, and yet expanded. */
  #value(name: string, value: Rt): Expanded {
    const pieces = this.#formatted(value)
    const left = mapped(pieces, (text) => withReferences(this.#variables.withContext(text)))
    const marked = plain(this.#expanded(pieces))
    const callers = namesIn(marked)
    if (callers.length > 0) this.#refers(name, marked)
    return { written: plain(pieces), value: withReferences(marked), pieces: left, callers }
  }

  #formatted(value: Rt): ReturnType<typeof piecesOf> {
    const pieces = piecesOf(value)
    if (value.kind !== 'str' && !(value instanceof EscapedText) && !isCallerText(value)) return pieces
    return mapped(pieces, (text) => formatLeniently(text, this.#frame.names))
  }

  #expanded(pieces: ReturnType<typeof piecesOf>): ReturnType<typeof piecesOf> {
    return mapped(pieces, (text) => {
      const expanded = this.#variables.expand(text)
      if (/^~[^/]*(?:\/|$)/.test(expanded))
        this.#note(`"${expanded}" begins with a home folder, which is kept as it is`)
      return expanded
    })
  }

  #defined(key: Rt): boolean {
    return this.#variables.needed(this.#key(key)) !== null
  }

  #expandvars(value: Rt, format: Rt | undefined): string {
    const pieces = format?.kind === 'bool' && !format.value ? piecesOf(value) : this.#formatted(value)
    return this.#variables.withMarks(plain(this.#expanded([{ literal: false, text: plain(pieces) }])))
  }

  #alias(key: Rt, value: Rt): Rt {
    const name = withoutMarks(plain(this.#formatted(key)))
    const command = plain(this.#formatted(value))
    const callers = namesIn(command)
    if (callers.length > 0) this.#refers(`the alias ${name}`, command)
    this.#variables.alias(name, withReferences(command), callers)
    return NONE
  }

  #stop(args: readonly Rt[]): never {
    const [message = str(''), ...values] = args
    throw new Stopped(
      `stop() ends the resolve here: ${withReferences(percentFormat(withReferences(writtenText(message)), tuple(values)))}`,
    )
  }
}

/** A command as one text: Rez takes text, which it does not format, or a list of arguments. */
function commandText(value: Rt): string {
  return value.kind === 'list' || value.kind === 'tuple' ? elements(value).map(textOf).join(' ') : textOf(value)
}

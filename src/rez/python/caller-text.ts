/**
 * Texts with parts that only the shell that starts the context knows: they can be joined and put into the environment,
 * where a reference such as `${HOME}` stands for such a part. Whatever else is asked of them is not known.
 */
import { str, unknown } from './runtime.ts'
import type { HostObject, Rt } from './runtime.ts'
import { textOf } from './text.ts'

/**
 * What is there where the shell has no such variable: Rez `fails` and makes no environment, the part is `empty`, or the
 * reference is `kept` as text.
 */
export type Unset = 'fails' | 'empty' | 'kept'

/** A part of the caller's, as it stands in a text that is being put together: between noncharacters, which no text holds. */
const MARK = /\uFDD0([!?=])([^\uFDD1]*)\uFDD1/g
const SIGNS: Readonly<Record<Unset, string>> = { fails: '!', empty: '?', kept: '=' }

export function callerMark(name: string, unset: Unset): string {
  return `\uFDD0${SIGNS[unset]}${name}\uFDD1`
}

export function hasMark(text: string): boolean {
  return text.includes('\uFDD0')
}

export function startsWithMark(text: string): boolean {
  return text.startsWith('\uFDD0')
}

/** Whether a text ends in what is nothing where the caller has no such variable. */
export function endsPerhapsEmpty(text: string): boolean {
  return /\uFDD0\?[^\uFDD1]*\uFDD1$/.test(text)
}

/** Ends the statement where a text has a part of the caller's. */
export function withoutMarks(text: string): string {
  const [first] = namesIn(text)
  return first === undefined ? text : lost(first)
}

/** Ends the statement where a part of the caller's would be the name of a variable or of a field, or the end of one. */
export function noNames(text: string): void {
  if (/\{[^{}]*\uFDD0|\$[\p{L}\p{N}_]*\uFDD0/u.test(text)) withoutMarks(text)
}

/** The text with a reference in place of each mark. */
export function withReferences(text: string): string {
  return text.replace(MARK, (_whole, _sign, name: string) => `\${${name}}`)
}

/** The variables of the caller that a text has parts of. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(MARK)].map(([, , name = '']) => name)
}

/** Ends the statement, which needs the value of a variable of the caller. */
export function lost(name: string): never {
  return unknown(`$${name} comes from the caller's environment`)
}

/** The variable that a statement needed which was not evaluated for this reason; null where it is another reason. */
export function neededVariable(reason: string): string | null {
  return /\$(\w+) comes from the caller's environment/.exec(reason)?.[1] ?? null
}

/** A text with marks in it. */
class CallerText implements HostObject {
  readonly kind = 'object'
  readonly type = "text with a part of the caller's"
  readonly #marked: string

  constructor(marked: string) {
    this.#marked = marked
  }

  written(): string {
    return this.#marked
  }

  text(): string {
    return withoutMarks(this.#marked)
  }

  truth(): boolean {
    return this.#marked.replace(MARK, '') !== '' || this.text() !== ''
  }

  equals(other: Rt): boolean {
    return other.kind === 'none' ? false : this.lost()
  }

  attribute(): Rt {
    return this.lost()
  }

  contains(): boolean {
    return this.lost()
  }

  item(): Rt {
    return this.lost()
  }

  elements(): readonly Rt[] {
    return this.lost()
  }

  lost(): never {
    return lost(namesIn(this.#marked)[0] ?? '')
  }
}

/** What `os.environ.get(NAME, fallback)` gives where it is not known which of the two: nothing can be said of it. */
export function eitherOf(name: string): HostObject {
  const ask = (): never => lost(name)
  return {
    kind: 'object',
    type: "value that depends on the caller's shell",
    attribute: ask,
    contains: ask,
    elements: ask,
    equals: ask,
    identical: ask,
    item: ask,
    lost: ask,
    text: ask,
    truth: ask,
  }
}

/** A text of Python's own; ends the statement where it holds what only we put into texts. */
export function plainText(text: string): string {
  return /[\uFDD0\uFDD1]/.test(text) ? unknown('a text with a noncharacter (U+FDD0, U+FDD1) is not evaluated') : text
}

/** The value of a text in which marks may stand. */
export function markedValue(text: string): Rt {
  return hasMark(text) ? new CallerText(text) : str(text)
}

/** `str(value)`, marks standing for parts of the caller's. */
export function writtenText(value: Rt): string {
  return value.kind === 'object' && value.written !== undefined ? value.written() : plainText(textOf(value))
}

/** Whether it is text with a part of the caller's, so that it can be joined with text. */
export function isCallerText(value: Rt): value is HostObject {
  return value instanceof CallerText
}

/** The text of an argument that Python joins with others: text with marks; ends the statement for anything else. */
export function joinable(value: Rt | undefined, what: string): string {
  if (value === undefined) return unknown(`TypeError: ${what} takes text`)
  if (value instanceof CallerText) return value.written()
  return value.kind === 'str' ? plainText(value.value) : unknown(`TypeError: ${what} takes text`)
}

/** A place in a text of plain Python, and what stands there: the words and signs that the plain reader knows. */
import { span } from './nodes.ts'
import type { Source } from './nodes.ts'
import type { Span } from './syntax.ts'

/** The text holds something that the plain reader does not know: the grammar has to read it. */
export class NotPlain extends Error {}

/** Between the parts of a line; a line goes on after a backslash only where the next one is indented. */
const IN_LINE = /[ \t]*(?:\\\n[ \t]+)*/y
/** Between the parts of what stands in brackets. */
const IN_BRACKETS = /(?:[ \t\n]|\\\n|#[^\n]*)*/y
const BLANK_LINES = /(?: *(?:#[^\n]*)?\n)+/y
const INDENTATION = / */y
const LINE_END = /(?:#[^\n]*)?\n/y
const WORD = /[A-Za-z_]\w*/y

/** Words that are no names. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)

/** Blocks and brackets inside each other. */
const MAX_NESTING = 40
/** Operators, calls and attributes of one statement: with blocks and brackets fewer than nodes.ts allows (MAX_DEPTH). */
const MAX_LINKS = 150

export class PlainCursor {
  readonly text: string
  /** The next character to read. */
  at = 0
  /** The end of the last part that was read, white space left out. */
  end = 0
  readonly #source: Source
  #brackets = 0
  #nesting = 0
  #links = 0

  constructor(source: Source) {
    this.text = source.text
    this.#source = source
  }

  /** Ends the reading. */
  fail(): never {
    throw new NotPlain()
  }

  /** Runs `read` one level deeper; what is nested further than any definition needs is not plain. */
  nested<Answer>(read: () => Answer): Answer {
    this.#nesting += 1
    if (this.#nesting > MAX_NESTING) this.fail()
    const answer = read()
    this.#nesting -= 1
    return answer
  }

  /** Begins a statement. */
  unlink(): void {
    this.#links = 0
  }

  /** Counts a link of a chain. */
  link(): void {
    this.#links += 1
    if (this.#links > MAX_LINKS) this.fail()
  }

  /** What was read from an offset on. */
  since(from: number): Span {
    return span(this.#source, from, this.end)
  }

  /** The character that comes next, white space passed over; empty at the end. */
  get next(): string {
    this.#blanks()
    return this.text.charAt(this.at)
  }

  /** The offset at which the next part begins. */
  get start(): number {
    this.#blanks()
    return this.at
  }

  /** Takes the sign where it comes next. */
  sign(text: string): boolean {
    this.#blanks()
    if (!this.text.startsWith(text, this.at)) return false
    this.#took(text.length)
    return true
  }

  /** Takes the sign; nothing else may stand there. */
  expect(text: string): void {
    if (!this.sign(text)) this.fail()
  }

  /** Takes what the pattern, a sticky one, matches next; null where it does not. */
  match(pattern: RegExp): string | null {
    this.#blanks()
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found === undefined) return null
    this.#took(found.length)
    return found
  }

  /** The word that comes next, not taken; empty where there is none. */
  peek(): string {
    this.#blanks()
    WORD.lastIndex = this.at
    return WORD.exec(this.text)?.[0] ?? ''
  }

  /** Takes the word where it comes next. */
  word(text: string): boolean {
    if (this.peek() !== text) return false
    this.#took(text.length)
    return true
  }

  /** Takes a name. */
  name(): string {
    const word = this.peek()
    if (word === '' || KEYWORDS.has(word)) this.fail()
    this.#took(word.length)
    // Python 2 prints what follows.
    if (word === 'print' && this.next !== '(') this.fail()
    return word
  }

  /** Reads what stands between an opening bracket, which comes next, and its closing one. */
  brackets<Answer>(close: string, read: () => Answer): Answer {
    this.#took(1)
    this.#brackets += 1
    const answer = this.nested(read)
    this.#blanks()
    if (this.text.charAt(this.at) !== close) this.fail()
    this.#brackets -= 1
    this.#took(1)
    return answer
  }

  /** Passes over blank lines and comments; the column in which the next line begins, -1 at the end of the text. */
  lineStart(): number {
    this.#skip(BLANK_LINES)
    if (this.at >= this.text.length) return -1
    INDENTATION.lastIndex = this.at
    const column = INDENTATION.exec(this.text)?.[0].length ?? 0
    // Tabs count in a way of their own, and a line may not begin with its continuation.
    if ('\t\\'.includes(this.text.charAt(this.at + column))) this.fail()
    return column
  }

  /** Takes the end of a line with its comment. */
  lineEnd(): void {
    if (this.match(LINE_END) === null) this.fail()
  }

  /** A comment or the end of the line comes next. */
  get atLineEnd(): boolean {
    return this.next === '\n' || this.next === '#'
  }

  #took(length: number): void {
    this.at += length
    this.end = this.at
  }

  #blanks(): void {
    // Most parts follow each other directly.
    const code = this.text.charCodeAt(this.at)
    if (code === 32 || code === 92 || code === 9 || (this.#brackets > 0 && (code === 10 || code === 35))) {
      this.#skip(this.#brackets > 0 ? IN_BRACKETS : IN_LINE)
    }
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.at
    if (pattern.test(this.text)) this.at = pattern.lastIndex
  }
}

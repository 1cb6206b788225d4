/**
 * What a solver asks of a package.py, read without a grammar where the text is as Rez's own serialiser writes it: one
 * literal to a name, and functions (`package_serialise.py`). A resolve looks at many definitions and takes a few.
 */

/** Requirement lists as written. */
export interface Outline {
  readonly requires: readonly string[]
  /** Null where the definition has none. */
  readonly variants: readonly (readonly string[])[] | null
  /** Seconds since the epoch of the release; null for a package that was not released. */
  readonly timestamp: number | null
}

/** A literal: what a solver does not ask for is only passed over. */
type Literal = string | number | readonly Literal[] | typeof OTHER

const OTHER = Symbol('other')

const STATEMENT = /([A-Za-z_]\w*)[ ]*=[ ]*(?!=)/y
const FUNCTION = /def[ ]+([A-Za-z_]\w*)\(/y
const SCOPE = /with scope\((?:'\w+'|"\w+")\) as \w+:/y
/** White space and comments between the parts of a literal inside brackets. */
const INSIDE = /(?:[ \t\n]|\\\n|#[^\n]*)*/y
const BETWEEN = /(?:[ \t]|\\\n)*/y
const END = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y
const EMPTY = /(?:[ \t]*(?:#[^\n]*)?\n)+/y
const STRING =
  /'''(?:[^\\']|\\[^]|'(?!''))*'''|"""(?:[^\\"]|\\[^]|"(?!""))*"""|'(?:[^\\'\n]|\\[^])*'|"(?:[^\\"\n]|\\[^])*"/y
const NUMBER = /-?(?:0|[1-9]\d{0,14})(?:\.\d+)?(?![\w.])/y
const WORD = /(?:None|True|False)(?!\w)/y
/** Whatever begins or ends something in code. */
const MARK = /['"#\n\\()[\]{}]/g

/** Texts that Python reads in a way of its own: line ends other than \n, white space other than blank and tab. */
const ODD = /[\r\f\0\v\ufeff]/

const WANTED: ReadonlySet<string> = new Set(['requires', 'variants', 'timestamp'])
const MENTIONED = /\b(?:requires|variants|timestamp)\b/

/** Brackets inside each other. */
const DEPTH = 20

/** Null where the text holds anything else: it takes the whole reader to say what it means. */
export function readOutline(text: string): Outline | null {
  if (ODD.test(text)) return null
  const reader = new OutlineReader(text)
  const values = reader.statements()
  if (values === null) return null
  const requires = texts(values.get('requires') ?? [])
  const variants = values.has('variants') ? lists(values.get('variants')) : []
  const timestamp = values.get('timestamp') ?? null
  if (requires === null || variants === null) return null
  if (timestamp !== null && (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp))) return null
  return { requires, variants: variants.length === 0 ? null : variants, timestamp }
}

class OutlineReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  statements(): ReadonlyMap<string, Literal> | null {
    const values = new Map<string, Literal>()
    for (this.#skip(EMPTY); this.#at < this.#text.length; this.#skip(EMPTY)) {
      const name = this.#take(STATEMENT)?.[1]
      if (name !== undefined) {
        const value = this.#literal(0)
        if (value === null || this.#take(END) === null) return null
        if (WANTED.has(name)) values.set(name, value)
        continue
      }
      const defined = this.#take(FUNCTION)?.[1]
      // The bracket of the parameters is part of what is passed over.
      if (defined !== undefined) this.#at -= 1
      else if (this.#take(SCOPE) === null) return null
      const begin = this.#at
      if (!this.#block() || WANTED.has(defined ?? '')) return null
      // The code of a scope runs, and could change what it names.
      if (defined === undefined && MENTIONED.test(this.#text.slice(begin, this.#at))) return null
    }
    return values
  }

  /** Null where it is none, or more than one. */
  #literal(depth: number): Literal | null {
    if (depth > DEPTH) return null
    if (depth === 0) this.#skip(BETWEEN)
    switch (this.#text.charAt(this.#at)) {
      case '[':
        return this.#sequence(']', depth)
      case '(':
        return this.#sequence(')', depth)
      case '{':
        return this.#sequence('}', depth) === null ? null : OTHER
      case "'":
      case '"':
        return this.#string()
    }
    const number = this.#take(NUMBER)
    if (number !== null) return Number(number[0])
    return this.#take(WORD) === null ? null : OTHER
  }

  /** Items of brackets; those of a dictionary are its keys and values. */
  #sequence(close: string, depth: number): readonly Literal[] | null {
    const items: Literal[] = []
    let commas = 0
    this.#at += 1
    for (this.#skip(INSIDE); this.#text[this.#at] !== close; this.#skip(INSIDE)) {
      const item = this.#literal(depth + 1)
      if (item === null) return null
      items.push(item)
      this.#skip(INSIDE)
      const next = this.#text[this.#at]
      if (next === ',' || (next === ':' && close === '}')) {
        commas += 1
        this.#at += 1
      } else if (next !== close) return null
    }
    this.#at += 1
    // One item in brackets without a comma is the item itself.
    return close === ')' && items.length === 1 && commas === 0 ? null : items
  }

  /** A plain one: escapes have a meaning, and two strings in a row are one. */
  #string(): Literal | null {
    const whole = this.#take(STRING)?.[0]
    if (whole === undefined) return null
    const quotes = whole.startsWith('"""') || whole.startsWith("'''") ? 3 : 1
    const after = this.#at
    this.#skip(INSIDE)
    const next = this.#text[this.#at]
    this.#at = after
    if (next === '"' || next === "'") return null
    return whole.includes('\\') ? OTHER : whole.slice(quotes, -quotes)
  }

  /** Passes over a block of code: up to a line that begins at its edge. False where strings or brackets do not end. */
  #block(): boolean {
    const open: string[] = []
    for (;;) {
      MARK.lastIndex = this.#at
      const mark = MARK.exec(this.#text)
      if (mark === null) {
        this.#at = this.#text.length
        return open.length === 0
      }
      const [unit] = mark
      this.#at = mark.index + 1
      if (unit === "'" || unit === '"') {
        this.#at = mark.index
        if (this.#take(STRING) === null) return false
      } else if (unit === '#') this.#at = endOfLine(this.#text, mark.index)
      else if (unit === '\\') this.#at += 1
      else if (unit === '\n') {
        const edge = this.#text[this.#at]
        if (open.length === 0 && edge !== undefined && !' \t\n#'.includes(edge)) return true
      } else if (unit === '(' || unit === '[' || unit === '{') open.push(unit)
      else if (open.pop() !== OPENING[unit]) return false
    }
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found !== null) this.#at = pattern.lastIndex
    return found
  }

  /** Passes over what matches; where it ended. */
  #skip(pattern: RegExp): number {
    pattern.lastIndex = this.#at
    if (pattern.test(this.#text)) this.#at = pattern.lastIndex
    return this.#at
  }
}

const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function texts(value: Literal | undefined): readonly string[] | null {
  if (!isList(value)) return null
  const strings = value.filter((item) => typeof item === 'string')
  return strings.length === value.length ? strings : null
}

function lists(value: Literal | undefined): readonly (readonly string[])[] | null {
  if (!isList(value)) return null
  const read = value.map(texts)
  return read.every((item) => item !== null) ? read : null
}

function isList(value: Literal | undefined): value is readonly Literal[] {
  return Array.isArray(value)
}

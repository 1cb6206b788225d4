/** Generated questions about versions, ranges and requirements: well-formed, odd, and broken ones. */

export type Question =
  | readonly ['version' | 'range' | 'requirement' | 'request', string]
  | readonly ['versions' | 'ranges' | 'meeting', string, string]
  | readonly ['contains', string, readonly string[]]
  | readonly ['list', readonly string[]]

/** Repeatable numbers in [0, 1) (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

const TOKENS = ['0', '1', '2', '3', '4', '01', '10', '007', '3_', '_', 'a', 'A', 'b', 'rc1', 'rc01', 'beta', '1a', '2B']
const RARE = ['12345678901234567', '012345678901234567', '12345678901234568', 'x86_64', 'a1b2', 'Z', 'z', '__', '1_a']
/** Ascending. */
const ENDS = ['1', '1.0', '2', '2.1', '2_', '3', '3_', '4', '10']
const NAMES = ['foo', 'bar', 'foo', 'maya', 'py', '.eph', 'foo.bar', 'foo_1']
const ODD = [
  '',
  ' ',
  '.',
  '-',
  '..',
  '+',
  '|',
  '<',
  '>',
  '=',
  '==',
  '<=',
  '>=',
  ',',
  '\n',
  ':',
  'é',
  '/',
  '!',
  '~',
  '@',
]

/** As many questions of each kind, in a fixed order for a seed. */
export function questions(count: number, seed: number): readonly Question[] {
  const maker = new Maker(randomFrom(seed))
  return Array.from({ length: count }, () => maker.question())
}

class Maker {
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  question(): Question {
    switch (this.#below(9)) {
      case 0:
        return ['version', this.#broken(this.#version())]
      case 1:
        return ['versions', this.#version(), this.#version()]
      case 2:
        return ['range', this.#broken(this.#range())]
      case 3:
        return ['ranges', this.#range(), this.#range()]
      case 4:
        return ['contains', this.#range(), Array.from({ length: 6 }, () => this.#version())]
      case 5:
        return ['requirement', this.#broken(this.#requirement())]
      case 6:
        return ['request', this.#broken(this.#requirement())]
      case 7:
        return ['meeting', this.#requirement(), this.#requirement()]
      default:
        return ['list', Array.from({ length: 1 + this.#below(6) }, () => this.#requirement())]
    }
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #of<T>(list: readonly T[]): T {
    const item = list[this.#below(list.length)]
    if (item === undefined) throw new Error('an empty list')
    return item
  }

  #version(): string {
    if (this.#below(20) === 0) return ''
    const tokens = Array.from({ length: 1 + this.#below(3) }, () => this.#of(this.#below(12) === 0 ? RARE : TOKENS))
    return tokens.map((token, i) => (i === 0 ? token : `${this.#below(6) === 0 ? '-' : '.'}${token}`)).join('')
  }

  /** Two ends that are mostly ascending, of few distinct versions so that ends of parts meet. */
  #ends(): readonly [string, string] {
    if (this.#below(5) === 0) return [this.#version(), this.#version()]
    const at = this.#below(ENDS.length)
    return [this.#of(ENDS.slice(0, at + 1)), this.#of(ENDS.slice(at))]
  }

  #range(): string {
    return Array.from({ length: 1 + (this.#below(2) === 0 ? this.#below(7) : 0) }, () => this.#part()).join('|')
  }

  #part(): string {
    const [a, b] = this.#ends()
    const lower = this.#of(['>', '>=', '+'])
    const upper = this.#of(['<', '<='])
    const first = lower === '+' ? `${a}+` : `${lower}${a}`
    switch (this.#below(10)) {
      case 0:
      case 1:
        return a
      case 2:
        return `==${a}`
      case 3:
        return `${a}..${b}`
      case 4:
        return first
      case 5:
        return `${upper}${a}`
      case 6:
        return `${first}${this.#below(2) === 0 ? ',' : ''}${upper}${b}`
      case 7:
        return `${upper}${b},${this.#of(['>', '>=', '<'])}${a}`
      case 8:
        return `${a}${upper}${b}`
      default:
        return this.#below(6) === 0 ? this.#noise() : first + upper + b
    }
  }

  #requirement(): string {
    const prefix = this.#of(['', '', '', '!', '~'])
    const name = this.#of(NAMES)
    const range = this.#range()
    const separator = /^[=<>]/.test(range) && this.#below(2) === 0 ? '' : this.#of(['-', '-', '@', '#'])
    return this.#below(8) === 0 ? `${prefix}${name}` : `${prefix}${name}${separator}${range}`
  }

  /** Now and then something inserted, removed or doubled. */
  #broken(text: string): string {
    if (this.#below(4) !== 0) return text
    const at = this.#below(text.length + 1)
    switch (this.#below(4)) {
      case 0:
        return text.slice(0, at) + this.#of(ODD) + text.slice(at)
      case 1:
        return text.slice(0, at) + text.slice(at + 1)
      case 2:
        return text.slice(0, at) + text.slice(Math.max(0, at - 2))
      default:
        return this.#noise()
    }
  }

  #noise(): string {
    return Array.from({ length: this.#below(6) }, () => (this.#below(2) === 0 ? this.#of(ODD) : this.#of(TOKENS))).join(
      '',
    )
  }
}

/** Texts that are not Python: one fault with its line and what was expected. Any text at all: a module or a fault. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_TEXT } from '../../../src/rez/python/plain.ts'
import { parsePython } from '../../../src/rez/python/parse.ts'

const FAULTS: readonly (readonly [code: string, line: number, message: string])[] = [
  ['x = [1, 2', 1, 'not Python: "]" or "," was expected'],
  ['x = {\n  1: 2,\n', 2, 'not Python: "}" or "," was expected (the bracket is opened in line 1)'],
  ['x = (1\ny = 2\n', 2, 'not Python: ")" or "," was expected (the bracket is opened in line 1)'],
  ['f(1\n', 1, 'not Python: ")" or "," was expected'],
  ['x = = 2', 1, 'not Python: a value was expected before "= 2"'],
  ['x = 1 +', 1, 'not Python: a value was expected before the end of the line'],
  ["a = 1\nx = 'abc\ny = 1", 2, "this string does not end: ' was expected"],
  ['x = """abc\n\n', 1, 'this string does not end: """ was expected'],
  ['def f():\nx = 1', 2, 'not Python: an indented block was expected'],
  ['if x\n  y = 1', 1, 'not Python: a condition and ":" was expected before the end of the line'],
  ['  x = 1', 1, 'this line is indented by 2 columns: 0 were expected'],
  ['def f():\n    a = 1\n  b = 2\n', 3, 'this line is indented by 2 columns: 0 were expected'],
  ['def f():\n    a = 1\n      \n    if a:\n\t  b = 2\n\t c = 1\n', 6, 'not Python: an indented block was expected'],
  ['a b', 1, 'not Python: the end of the statement was expected before "b"'],
  ['x = 0777', 1, ''],
  ['x = 1 if 2', 1, ''],
  ['\u0001', 1, ''],
]

describe('syntax', () => {
  it.each(FAULTS)('%j', (code, line, message) => {
    const { fault } = parsePython(code, 'package.py')
    if (message === '') return
    expect(fault).toEqual({ kind: 'malformed', file: 'package.py', offset: null, line, message })
  })

  it.each([
    ['a mark of byte order, a form feed and other line ends', '\ufeffx = 1\f\r\ny = 2\rz = 3'],
    ['an empty text', ''],
    ['comments only', '# a\n  # b\n'],
    ['blank lines with odd indentation', 'def f():\n    a = 1\n  \n\n    b = 2\n'],
    ['tabs', 'if x:\n\ta = 1\n        b = 2\n'],
    ['yield without a value', 'def f():\n    x = (yield)\n    yield\n'],
    ['floats that end with their point', 'x = [1., 22.,\n 3.]\ny = 4.\n'],
    ['several statements in a line', 'if x: a = 1; b = 2\nc = 3; d = 4\n'],
    ['a closed string in the last line', "x = 'a'"],
  ])('takes %s', (_title, code) => {
    expect(parsePython(code, 'f').fault).toBeNull()
  })

  it('counts lines from the number of the first', () => {
    const { statements } = parsePython('a = 1\n\nb = 2', 'f', 10)
    expect(statements.map((statement) => statement.at.line)).toEqual([10, 12])
  })

  it('refuses a text beyond all bounds', () => {
    expect(parsePython('#'.repeat(MAX_TEXT + 1), 'f').fault?.kind).toBe('unsupported')
  })

  it.each([
    ['brackets', '['.repeat(20_000)],
    ['closed brackets', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['operators', `x = ${'-'.repeat(20_000)}1`],
    ['sums', `x = ${'1 + '.repeat(20_000)}1`],
    ['attributes', `x = a${'.b'.repeat(20_000)}`],
    ['calls', `x = a${'()'.repeat(20_000)}`],
    ['blocks', Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n')],
    ['conditionals', `x = ${'1 if 1 else '.repeat(5_000)}1`],
    ['lambdas', `x = ${'lambda: '.repeat(5_000)}1`],
    ['comparisons', `x = ${'1 < '.repeat(5_000)}1`],
    ['f-strings', `x = ${"f'{".repeat(3_000)}`],
    ['braces', `x = f'${'{'.repeat(10_000)}'`],
    ['comprehensions', `x = ${'[a for a in '.repeat(2_000)}b${']'.repeat(2_000)}`],
    ['quotes', "'".repeat(20_001)],
  ])('survives deep %s', (_title, code) => {
    const { statements, fault } = parsePython(code, 'f')
    expect(statements.length > 0 || fault !== null).toBe(true)
  })

  it('makes a module or a fault of any text', () => {
    const token = fc.constantFrom(
      ...`def if else : ( ) [ ] { } = == , . ' " """ f" rb' \\ # @ lambda for in not is x 1 0x 1. 1e \n \t \r class with as try except import from * ** -> ; yield await async`.split(
        ' ',
      ),
      '\n    ',
      '\n',
      ' ',
      '\0',
      '\ud800',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(token, { maxLength: 60 }).map((parts) => parts.join('')),
      fc.array(token, { maxLength: 60 }).map((parts) => parts.join(' ')),
    )
    fc.assert(
      fc.property(text, (code) => {
        const { statements, fault } = parsePython(code, 'f')
        expect(fault === null || (statements.length === 0 && fault.line !== null)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})

/** The plain reader: what it reads, it reads as the grammar does; what it cannot, it leaves to the grammar. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePlain } from '../../../src/rez/python/plain.ts'
import { withParser } from '../../../src/rez/python/with-parser.ts'
import { parseWithGrammar } from '../../../src/rez/python/parse.ts'
import { EXPRESSIONS } from './expressions.ts'

const INSTALLED = `# -*- coding: utf-8 -*-

name = 'usd'

description = \\
    """
    Scenes, and 'what' "they" hold
    """

requires = [
    'python-3.9+',   # a comment
    "tbb-2020", ("a",), (),
]

variants = [['platform-linux', 'python-3.10'], ]
tests = {'unit': {'command': 'pytest', 'requires': ['pytest']}, 'all': {1, 2}}
x, y = z = 1, -2.5

with scope('config') as config:
    config.release_packages_path = '/studio'

@late()
@include('helpers', "more")
def tools(a, b=1, *c, **d):
    import os.path as path, sys
    from a.b import (c as e,
                     f)
    return

def commands():
    env.PATH.append('{root}/bin') # it's
    if not building and "maya" in resolve or this.version >= '1' != None:
        env.X = 'a\\'b' 'c' r'\\d'
        # the end
    elif version.major == 2:
        env["Y"] = "{root}/%s" % version[0:2]
    else: pass

    for name, i in sorted(x.items(), key=y):
        env[name] += str(i) if i is not None else ''
        while (a
               # between
               and b): break
    pass
timestamp = 1700000000
`

/** Pieces of Python, of which most that is put together from them is none. */
const PIECES = [
  ...`a b.c f(x) f(x, k=1) [1, 2] {'a': 1} 'x' "y" r'\\d' 1 2.5 0x1f None True ( ) [ ] { } , : = == != += . * ** - ~ < >=
  in is not and or if else for def lambda print match type yield """ ''' ' " \\ # @ @late() pass return import from ; := ->
  f"{a}" 1. 07 1_0 é`.split(/\s+/),
  ' not in ',
  ' is not ',
  '\n',
  '\n    ',
  '\n        ',
  '\\\n',
  '\\\n  ',
  '\t',
  '\f',
  '\r\n',
  '# c\n',
  ':\n    ',
  'if a:\n    b\n',
  'else:\n    c\n',
  'for a in b:\n    c\n',
  'def f(a, b=1):\n    pass\n',
  'with a as b:\n    c\n',
]

/** Lines of a definition with random changes: many of them are still Python. */
const changed: fc.Arbitrary<string> = fc
  .tuple(
    fc.nat(INSTALLED.length),
    fc.nat(600),
    fc.array(fc.tuple(fc.nat(2000), fc.nat(3), fc.constantFrom('', ' ', ...PIECES)), { maxLength: 3 }),
  )
  .map(([from, length, changes]) => {
    let text = INSTALLED.slice(INSTALLED.lastIndexOf('\n', from) + 1).slice(0, length)
    for (const [at, gone, piece] of changes) {
      const place = at % (text.length + 1)
      text = text.slice(0, place) + piece + text.slice(place + gone)
    }
    return text
  })

const composed: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('', ' '), fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }))
  .map(([between, pieces]) => pieces.join(between))

const texts: fc.Arbitrary<string> = fc.oneof(changed, changed, composed)

describe('plain Python', () => {
  it('is what an installed package is made of', () => {
    const plain = parsePlain(INSTALLED)
    expect(plain).not.toBeNull()
    expect(plain).toEqual(parseWithGrammar(INSTALLED, 'package.py'))
  })

  it.each([
    ...EXPRESSIONS.map(([code]) => `x = ${code}`),
    'not a and b or not c',
    'a[1:2, 3]',
    'a[(1), 2:3]',
    '"""a',
    "'''a''''",
    'print a',
    'print (a)',
    'match (a).b',
    'type x = 1',
    '  a = 1',
    'if a:\n\tb\n        c',
    'if a:\n    b\n  c',
    'a = \\\n1',
    'f(a)(b)[c].d ** -e',
    'x = (not a) and b',
  ])('%j: as the grammar reads it, or not at all', (code) => {
    const plain = parsePlain(code, 3)
    if (plain !== null) expect(plain).toEqual(parseWithGrammar(code, 'f', 3))
  })

  it('is read as the grammar reads it, whatever the text', () => {
    fc.assert(
      fc.property(texts, (code) => {
        const plain = parsePlain(code)
        if (plain !== null) expect(plain).toEqual(parseWithGrammar(code, 'f'))
      }),
      { numRuns: 4000 },
    )
  })

  it('is a good part of such texts: were all left to the grammar, that would show nothing', () => {
    const read = fc.sample(texts, { numRuns: 4000, seed: 1 }).filter((code) => parsePlain(code) !== null)
    expect(read.length).toBeGreaterThan(500)
  })

  it.each([
    ['sums', `x = ${'1 + '.repeat(400)}1`],
    ['attributes', `x = a${'.b'.repeat(400)}`],
    ['negations', `x = ${'not '.repeat(400)}1`],
    ['brackets', `x = ${'['.repeat(400)}${']'.repeat(400)}`],
    ['blocks', `${Array.from({ length: 100 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n')} y`],
    ['long strings', `x = '''${"a\\'".repeat(60_000)}'''`],
  ])('leaves deep %s to the grammar', (_title, code) => {
    expect(parsePlain(code)).toBeNull()
  })
})

describe('a parser that is loaded only where it is wanted', () => {
  it('reads what is not plain', async () => {
    const code = `x = f'{y}'\n`
    expect(parsePlain(code)).toBeNull()
    expect(await withParser((parse) => parse(code, 'f'))).toEqual(parseWithGrammar(code, 'f'))
    expect(await withParser((parse) => parse('x = 1', 'f', 7))).toEqual(parseWithGrammar('x = 1', 'f', 7))
  })

  it('hands on what goes wrong otherwise', async () => {
    const wrong = (): never => {
      throw new RangeError('another reason')
    }
    await expect(withParser(wrong)).rejects.toThrow('another reason')
  })
})

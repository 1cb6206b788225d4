/** The outline of a package.py: it says what the whole reader says, or that it cannot tell. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePython } from '../../../src/rez/python/parse.ts'
import { readOutline } from '../../../src/rez/source/outline.ts'
import { readPackagePy } from '../../../src/rez/source/package-py.ts'
import { textListsAttribute, textsAttribute } from '../../../src/rez/source/definition.ts'
import type { Outline } from '../../../src/rez/source/outline.ts'

const INSTALLED = `# -*- coding: utf-8 -*-

name = 'usd'

version = '24.8'

description = \\
    """
    Scenes, and what
requires = ['nothing of this']
    """

authors = ['a', "b's"]

requires = [
    'python-3.9+',   # a comment
    "tbb-2020",
    '!boost-1.69',
]

variants = [
    ['platform-linux', 'python-3.10'],
    ['platform-linux', 'python-3.11']
]

help = [['Home', 'https://example.org/#top'], {'a': 1, 'b': (1.5, None)}]

with scope('config') as config:
    config.release_packages_path = '/studio'

def commands():
    text = """
requires = ['nor of this']
"""
    env.PATH.append('{root}/bin') # it's
    if (building and
version):
        env.X = 'a\\'b'

timestamp = 1700000000

format_version = 2`

/** What the whole reader makes of a text; null where it has faults, or does not know one of the attributes. */
function whole(text: string): Outline | null {
  const { definition, faults } = readPackagePy(text, 'package.py', parsePython)
  if (definition === null || faults.length > 0) return null
  if (['requires', 'variants', 'timestamp'].some((name) => definition.unknown.has(name))) return null
  const { attributes } = definition
  const requires = attributes.has('requires') ? textsAttribute(definition, 'requires') : []
  const variants = attributes.has('variants') ? textListsAttribute(definition, 'variants') : []
  const released = attributes.get('timestamp')?.value
  if (requires === null || variants === null) return null
  return {
    requires,
    variants: variants.length === 0 ? null : variants,
    timestamp: released?.kind === 'int' ? Number(released.value) : null,
  }
}

describe('an installed package', () => {
  it('is read as the whole reader reads it', () => {
    expect(readOutline(INSTALLED)).toEqual({
      requires: ['python-3.9+', 'tbb-2020', '!boost-1.69'],
      variants: [
        ['platform-linux', 'python-3.10'],
        ['platform-linux', 'python-3.11'],
      ],
      timestamp: 1_700_000_000,
    })
    expect(whole(INSTALLED)).toEqual(readOutline(INSTALLED))
  })

  it('the last of two assignments holds, and no attribute is none', () => {
    expect(readOutline("requires = ['a']\nrequires = ['b']\n")?.requires).toEqual(['b'])
    expect(readOutline("name = 'a'\n")).toEqual({ requires: [], variants: null, timestamp: null })
    expect(readOutline("variants = []\nname = 'a'")).toEqual({ requires: [], variants: null, timestamp: null })
  })
})

describe('it cannot tell where', () => {
  it.each([
    ['a requirement is computed', "requires = ['python-' + v]\n"],
    ['a late function is', "@late()\ndef requires():\n    return ['a']\n"],
    ['a function is', "def requires():\n    return ['a']\n"],
    ['names are changed', "requires = ['a']\nrequires.append('b')\n"],
    ['lists are added', "requires = ['a']\nrequires += ['b']\n"],
    ['a scope could change them', "requires = ['a']\nwith scope('config') as c:\n    requires.append('b')\n"],
    ['there is a condition', "if True:\n    requires = ['a']\n"],
    ['strings follow each other', "requires = ['a' '-1']\n"],
    ['a string has escapes', "requires = ['a\\x2d1']\n"],
    ['a string has a prefix', "requires = [r'a']\n"],
    ['two statements share a line', "requires = ['a']; requires = ['b']\n"],
    ['a bracket is open', "requires = ['a'\n"],
    ['a string is open', "requires = ['a\n]\n"],
    ['code has a bracket too many', 'def commands():\n    x = (1]\n'],
    ['lines end in another way', "requires = ['a']\r\n"],
    ['it is no list', 'requires = None\n'],
    ['one item in brackets is no list', "requires = ('a')\n"],
    ['a name is set to another', "x = ['a']\nrequires = x\n"],
    ['the time is no whole number', 'timestamp = 1.5\n'],
    ['two names are set', "requires = variants = ['a']\n"],
    ['something is compared', "requires == ['a']\n"],
  ])('%s', (_, text) => {
    expect(readOutline(text)).toBeNull()
  })
})

/** Pieces from which statements of every kind are made, right and wrong. */
const PIECES = [
  ...[
    "'",
    '"',
    '"""',
    "'''",
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    ',',
    ':',
    '=',
    '\n',
    '\n\n',
    ' ',
    '    ',
    '#',
    '\\',
    '\\\n',
  ],
  ...[
    'requires',
    'variants',
    'timestamp',
    'name',
    ' = ',
    "'a-1'",
    "['a', 'b']",
    "[['a'], ['b']]",
    '12',
    '-1.5',
    'None',
  ],
  ...[
    'def commands():\n',
    '    pass\n',
    "with scope('config') as c:\n",
    '    c.x = 1\n',
    '@late()\n',
    "requires = ['a']\n",
  ],
]

describe('for any text', () => {
  const mutated = fc
    .tuple(fc.nat(INSTALLED.length), fc.nat(30), fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }))
    .map(([at, cut, put]) => INSTALLED.slice(0, at) + put.join('') + INSTALLED.slice(at + cut))
  const composed = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(''))

  it('it agrees with the whole reader wherever both can tell', () => {
    let told = 0
    fc.assert(
      fc.property(fc.oneof(mutated, composed), (text) => {
        const outline = readOutline(text)
        const full = whole(text)
        if (outline === null || full === null) return
        told += 1
        expect(outline).toEqual(full)
      }),
      { numRuns: 1500 },
    )
    expect(told).toBeGreaterThan(100)
  })
})

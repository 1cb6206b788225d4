/** Additions to package.py: the list's own style, and not one byte more. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePython } from '../../src/rez/python/parse.ts'
import { patchDefinition } from '../../src/repair/patch-definition.ts'
import { textsAttribute } from '../../src/rez/source/definition.ts'
import { readPackagePy } from '../../src/rez/source/package-py.ts'

const TIFF = { requires: ['tiff-4.5+<5'], commands: [] }
const TWO = { requires: ['imath-3', 'tiff-4.5+<5'], commands: [] }
const PATH = { requires: [], commands: ["env.LD_LIBRARY_PATH.append('{root}/lib')"] }

describe('requires', () => {
  test.each([
    ['one line', "requires = ['a']\n", "requires = ['a', 'imath-3', 'tiff-4.5+<5']\n"],
    ['no space', 'requires=["a","b"] # c\n', 'requires=["a","b","imath-3","tiff-4.5+<5"] # c\n'],
    ['a last comma', "requires = ['a',]\n", "requires = ['a', 'imath-3', 'tiff-4.5+<5',]\n"],
    ['nothing in it', 'requires = []\n', "requires = ['imath-3', 'tiff-4.5+<5']\n"],
    ['no line end', "requires = ['a']", "requires = ['a', 'imath-3', 'tiff-4.5+<5']"],
    [
      'items below each other',
      "requires = [\n  'a',\n  'b'\n]\n",
      "requires = [\n  'a',\n  'b',\n  'imath-3',\n  'tiff-4.5+<5'\n]\n",
    ],
    [
      'comments, a last comma',
      'requires = [\n\t"a",  # why, [here]\n\t# "old",\n]\n',
      'requires = [\n\t"a",  # why, [here]\n\t"imath-3",\n\t"tiff-4.5+<5",\n\t# "old",\n]\n',
    ],
    [
      'a comment, no last comma',
      "requires = [\n    'a'  # why\n]\n",
      "requires = [\n    'a',  # why\n    'imath-3',\n    'tiff-4.5+<5'\n]\n",
    ],
    [
      'aligned items',
      "requires = ['a',\n            'b']\n",
      "requires = ['a',\n            'b',\n            'imath-3',\n            'tiff-4.5+<5']\n",
    ],
    [
      'lines that end with CR and LF',
      '\ufeffname = "x"\r\nrequires = [\r\n    "a",\r\n]\r\n',
      '\ufeffname = "x"\r\nrequires = [\r\n    "a",\r\n    "imath-3",\r\n    "tiff-4.5+<5",\r\n]\r\n',
    ],
  ])('%s', (_, before, after) => {
    expect(patchDefinition(before, 'package.py', TWO)).toBe(after)
  })

  test('a missing list stands where Rez would write it', () => {
    const before = "name = 'x'\n\ntools = ['t']\n\nvariants = [['p']]\n\nversion = '1'\n"
    const after = before.replace("['t']\n", "['t']\n\nrequires = ['tiff-4.5+<5']\n")
    expect(patchDefinition(before, 'package.py', TIFF)).toBe(after)
    expect(patchDefinition("name = 'x'", 'package.py', TIFF)).toBe("name = 'x'\nrequires = ['tiff-4.5+<5']\n")
  })

  test.each([
    ["name = 'x'\n\n@late()\ndef requires():\n    return []\n", 4, 'requires is a function'],
    ["name = 'x'\nrequires = ['a'] + more\n", 2, 'requires is no plain list'],
    ["requires = ['a', other]\n", 1, 'requires is no plain list'],
    ["requires = ['a']\nrequires += ['b']\n", 2, 'requires is set more than once'],
    ["if True:\n    requires = ['a']\n", 1, 'requires is no plain list'],
    ["requires = ['a'\n", null, ''],
    ["requires = ['a']\nrequires.append('b')\nweight = 1.\n", null, 'write 1.0'],
  ])('%j is refused', (text, line, message) => {
    const result = patchDefinition(text, 'package.py', TIFF)
    expect(result).toMatchObject({ file: 'package.py', ...(line === null ? {} : { line }) })
    expect(typeof result === 'string' ? result : result.message).toContain(message)
  })
})

describe('commands', () => {
  test.each([
    [
      'the end of the body, its indentation',
      "def commands():\n  if x:\n    pass\n\n# end\nname = 'x'\n",
      "def commands():\n  if x:\n    pass\n  env.LD_LIBRARY_PATH.append('{root}/lib')\n\n# end\nname = 'x'\n",
    ],
    [
      'no line end',
      'def commands():\r\n\tpass',
      "def commands():\r\n\tpass\r\n\tenv.LD_LIBRARY_PATH.append('{root}/lib')\r\n",
    ],
    ['no function', "name = 'x'\n", "name = 'x'\n\ndef commands():\n    env.LD_LIBRARY_PATH.append('{root}/lib')\n"],
    [
      'there already',
      'def commands():\n    env.LD_LIBRARY_PATH.append("{root}/lib")\n    pass\n',
      'def commands():\n    env.LD_LIBRARY_PATH.append("{root}/lib")\n    pass\n',
    ],
  ])('%s', (_, before, after) => {
    expect(patchDefinition(before, 'package.py', PATH)).toBe(after)
  })

  test.each([
    ["commands = 'export A=1'\n", 1, 'no function'],
    ['def commands(): pass\n', 1, 'one line'],
    ['def commands():\n    pass\n    return\n', 3, 'is left here'],
  ])('%j is refused', (text, line, message) => {
    const result = patchDefinition(text, 'package.py', PATH)
    expect(result).toMatchObject({ line, message: expect.stringContaining(message) as string })
  })
})

const requirement = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}(?:-[1-9](?:[.][0-9])?(?:\+<[1-9])?)?$/)
const lineEnd = fc.constantFrom('\n', '\r\n')
const space = fc.constantFrom('', ' ', '\n    ', '\n\t', '  # a, [b]\n  ')

const list = fc
  .record({
    items: fc.array(fc.tuple(space, requirement, fc.constantFrom("'", '"'), space), { maxLength: 5 }),
    last: fc.boolean(),
    end: space,
  })
  .map(({ items, last, end }) => ({
    names: items.map(([, name]) => name),
    text: `[${items.map(([before, name, quote, after]) => before + quote + name + quote + after).join(',')}${last && items.length > 0 ? ',' : ''}${end}]`,
  }))

test('whatever the list looks like, the result holds old and new, and the old text is a part of it', () => {
  fc.assert(
    fc.property(
      list,
      fc.array(requirement, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', "tools = ['t']  # t\n", '# requires = []\n', 'def commands():\n    pass\n'),
      lineEnd,
      ({ names, text }, added, other, end) => {
        const before = `name = 'x'\n${other}requires = ${text}\n# end`.replaceAll('\n', end)
        const after = patchDefinition(before, 'package.py', { requires: added, commands: PATH.commands })
        // An empty list with a comment beside its bracket is the one form that is refused.
        if (typeof after !== 'string') {
          expect(names).toEqual([])
          return
        }
        const { definition } = readPackagePy(after, 'package.py', parsePython)
        expect(definition === null ? null : textsAttribute(definition, 'requires')).toEqual([...names, ...added])
        expect(isWithin(before, after)).toBe(true)
        expect(after.length - before.length).toBeLessThan(added.join('').length + 200)
        if (end === '\r\n') expect(after.replaceAll('\r\n', '')).not.toContain('\n')
      },
    ),
  )
})

/** Whether `part` is left of `whole` when insertions are taken out. */
function isWithin(part: string, whole: string): boolean {
  let at = 0
  for (const char of whole) if (char === part[at]) at += 1
  return at === part.length
}

/** package.py as definitions: literals known, everything else named. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePython } from '../../../src/rez/python/parse.ts'
import { flagAttribute, textAttribute, textListsAttribute, textsAttribute } from '../../../src/rez/source/definition.ts'
import type { Definition } from '../../../src/rez/source/definition.ts'
import { readPackagePy } from '../../../src/rez/source/package-py.ts'

function read(text: string, file = 'package.py'): Definition {
  const { definition, faults } = readPackagePy(text, file, parsePython)
  expect(faults).toEqual([])
  if (definition === null) throw new Error('no definition')
  return definition
}

/** As Rez's serialiser writes an installed package. */
const INSTALLED = `# -*- coding: utf-8 -*-

name = 'mid'

version = '2.0.1'

description = \\
    """
    It's a "library".
    """

requires = [
    'zlib-1.2',
    '~foo==1'
]

variants = [
    ['platform-linux', 'arch-x86_64'],
    []
]

tools = ['run']

hashed_variants = False

def commands():
    # kept
    env.PATH.append('{root}/bin')

with scope('config') as config:
    config.release_packages_path = '/released'
    config.plugins.package_repository.filesystem.file_lock_dir = None

uuid = 'abc'

timestamp = 1700000000

tests = \\
    {'unit': {'command': 'pytest', 'requires': ['pytest']}}

format_version = 2
`

describe('an installed package.py', () => {
  const definition = read(INSTALLED)

  it('gives its attributes with their lines', () => {
    expect(textAttribute(definition, 'name')).toBe('mid')
    expect(textAttribute(definition, 'version')).toBe('2.0.1')
    expect(textsAttribute(definition, 'requires')).toEqual(['zlib-1.2', '~foo==1'])
    expect(textListsAttribute(definition, 'variants')).toEqual([['platform-linux', 'arch-x86_64'], []])
    expect(flagAttribute(definition, 'hashed_variants')).toBe(false)
    expect(definition.attributes.get('description')?.value).toEqual({
      kind: 'str',
      value: '\n    It\'s a "library".\n    ',
    })
    expect(definition.attributes.get('timestamp')).toEqual({
      name: 'timestamp',
      line: 36,
      value: { kind: 'int', value: 1700000000n },
    })
    expect([...definition.attributes.keys()]).toEqual([
      'name',
      'version',
      'description',
      'requires',
      'variants',
      'tools',
      'hashed_variants',
      'uuid',
      'timestamp',
      'tests',
      'format_version',
    ])
  })

  it('gives its functions and its settings', () => {
    expect([...definition.functions.values()].map(({ name, kind, line }) => [name, kind, line])).toEqual([
      ['commands', 'plain', 26],
    ])
    expect([...definition.scopes.values()].map(({ name, line }) => [name, line])).toEqual([
      ['config.release_packages_path', 31],
      ['config.plugins.package_repository.filesystem.file_lock_dir', 32],
    ])
  })

  it('leaves nothing unevaluated', () => {
    expect(definition.unevaluated).toEqual([])
    expect(definition.unknown.size).toBe(0)
  })
})

describe('the accessors', () => {
  it('answer null for another shape', () => {
    const definition = read(`a = 1\nb = ['x', 1]\nc = [['x'], 'y']\nd = 'yes'\ne = ('x',)\nf = (('x',), ['y'])\n`)
    expect(['a', 'b', 'nope'].map((name) => textAttribute(definition, name))).toEqual([null, null, null])
    expect(['a', 'b', 'c', 'nope'].map((name) => textsAttribute(definition, name))).toEqual([null, null, null, null])
    expect(['a', 'b', 'c', 'nope'].map((name) => textListsAttribute(definition, name))).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect(['a', 'd', 'nope'].map((name) => flagAttribute(definition, name))).toEqual([null, null, null])
    expect(textsAttribute(definition, 'e')).toEqual(['x'])
    expect(textListsAttribute(definition, 'f')).toEqual([['x'], ['y']])
  })
})

describe('a package.py written by hand', () => {
  it('gives what follows from literals', () => {
    const definition = read(
      `import os\n_v = '1.%d' % 2\nversion = _v\nname = os.path.basename('/a/b')\nrequires = ['a'] + ['b-' + _v]\nif True:\n    requires.append('c')\ndef pick():\n    return 'd'\nrequires += [pick()]\n`,
    )
    expect(textAttribute(definition, 'version')).toBe('1.2')
    expect(textAttribute(definition, 'name')).toBe('b')
    expect(textsAttribute(definition, 'requires')).toEqual(['a', 'b-1.2', 'c', 'd'])
    expect(definition.attributes.has('os')).toBe(false)
    expect(definition.unevaluated).toEqual([])
  })

  it('names what does not, and every attribute that it sets', () => {
    const definition = read(
      `import foo\nname = 'x'\nrequires = ['a']\nif foo.bar:\n    requires.append('b')\nversion = foo.version()\ntools = ['t']\n`,
    )
    expect(definition.unevaluated.map(({ line, code }) => [line, code])).toEqual([
      [1, 'import foo'],
      [4, 'if foo.bar: ...'],
      [6, 'version = foo.version()'],
    ])
    expect([...definition.unknown.keys()].sort()).toEqual(['foo', 'requires', 'version'])
    expect([...definition.attributes.keys()]).toEqual(['name', 'tools'])
  })

  it('tells late, early and including functions apart', () => {
    const definition = read(
      `@late()\ndef requires():\n    return []\n@late\ndef tools():\n    return []\n@early()\ndef version():\n    import os\n    return os.environ['V']\n@include('a', 'b')\ndef commands():\n    pass\n@include('a')\n@late()\ndef build_requires():\n    return []\n@odd\ndef other():\n    pass\n`,
    )
    const kinds = [...definition.functions.values()].map(({ name, kind, includes }) => [name, kind, includes])
    expect(kinds).toEqual([
      ['requires', 'late', []],
      ['tools', 'late', []],
      ['version', 'early', []],
      ['commands', 'include', ['a', 'b']],
      ['build_requires', 'late', ['a']],
      ['other', 'decorated', []],
    ])
    expect([...definition.unknown.keys()]).toEqual(['requires', 'tools', 'version', 'build_requires', 'other'])
    expect(definition.unevaluated.map((item) => item.reason.split(':')[0])).toEqual([
      'a late function',
      'a late function',
      'an early function',
      'a late function',
      'a decorator that is not known',
    ])
  })

  it('takes the value of an early function that depends on nothing unknown', () => {
    const definition = read(
      `import os\nname = 'a'\n_parts = ['1', '2']\ndef joined(parts):\n    return '.'.join(parts)\n@early()\ndef version():\n    return joined(this._parts)\n@early()\ndef requires():\n    return ['b-%s' % this.version]\n@early()\ndef tools():\n    raise ValueError('x')\n`,
    )
    expect(textAttribute(definition, 'version')).toBe('1.2')
    // Rez has put the value of one early function in its place when it runs the next.
    expect(textsAttribute(definition, 'requires')).toEqual(['b-1.2'])
    expect([...definition.unknown].map(([name, item]) => [name, item.reason.split(' (')[1]])).toEqual([
      ['tools', 'the code raises ValueError here, at which Rez stops)'],
    ])
  })

  it('runs early functions in the folder of the package, where it is built', () => {
    const definition = read(
      `name = 'a'\n@early()\ndef version():\n    import os\n    return os.path.basename(os.path.abspath(os.getcwd()))\n@early()\ndef _parts():\n    return this.version.split('.')\n`,
      '/recipes/a/19.5.1/package.py',
    )
    expect(textAttribute(definition, 'version')).toBe('19.5.1')
    expect(textsAttribute(definition, '_parts')).toEqual(['19', '5', '1'])
  })

  it('lets the last assignment win', () => {
    const definition = read(
      `@late()\ndef requires():\n    return []\nrequires = ['a']\ndef tools():\n    pass\ntools = ['b']\nname = 'x'\nname = 'y'\n`,
    )
    expect(textsAttribute(definition, 'requires')).toEqual(['a'])
    expect(textsAttribute(definition, 'tools')).toEqual(['b'])
    expect(textAttribute(definition, 'name')).toBe('y')
    expect(definition.attributes.get('name')?.line).toBe(9)
    expect([...definition.functions.keys()]).toEqual([])
    expect([...definition.unknown.keys()]).toEqual([])
  })

  it('drops what Rez drops', () => {
    const definition = read(
      `import os\n__x = 1\n_y = 2\ndef helper():\n    pass\nf = helper\ng = lambda: 1\nfor i in (1, 2):\n    pass\n`,
    )
    expect([...definition.attributes.keys()]).toEqual(['_y', 'i'])
  })

  it('reads commands given as text, and refuses those of the first Rez', () => {
    const text = read(`name = 'x'\ncommands = '''\nenv.X = 1\nenv.Y = 2\n'''\n`)
    expect(text.functions.get('commands')?.body).toHaveLength(2)
    const list = read(`commands = ['export X=!ROOT!/y']\n`)
    expect(list.unknown.get('commands')?.reason).toBe('old-style commands, a list of shell lines, which Rez refuses')
    expect(read(`commands = 5`).unknown.get('commands')?.reason).toBe('commands was expected to be a function or text')
    const broken = readPackagePy(`commands = 'x = ['`, 'package.py', parsePython)
    expect(broken.faults.map((fault) => fault.line)).toEqual([1])
    expect(broken.definition?.unknown.has('commands')).toBe(true)
  })

  it('takes names bound inside a scope as settings', () => {
    const definition = read(
      `a = 1\nwith scope("config"):\n    a = 2\n    b = ['x']\nwith scope("tests") as t:\n    t["k"]["m"] = 3\n`,
    )
    expect([...definition.scopes].map(([key, item]) => [key, item.value.kind])).toEqual([
      ['config.a', 'int'],
      ['config.b', 'list'],
      ['tests.k.m', 'int'],
    ])
    expect([...definition.attributes.keys()]).toEqual(['a'])
    expect(definition.attributes.get('a')?.value).toEqual({ kind: 'int', value: 1n })
  })

  it('names other uses of with', () => {
    const definition = read(`with open('x') as f:\n    name = 'x'\nwith scope(1) as c:\n    c.x = 1\n`)
    expect(definition.unevaluated.map((item) => item.line)).toEqual([1, 3])
    expect(definition.unknown.has('name')).toBe(true)
  })

  it('names a value that is no literal', () => {
    const definition = read(`import os\nrequires = [os]\n`)
    expect(definition.unknown.get('requires')?.line).toBe(2)
  })

  it('shortens and escapes the code that it names', () => {
    const definition = read(`x = nope(${'1, '.repeat(100)})\ny = nope('\u202e\u0001')\n`)
    expect(definition.unevaluated.map((item) => item.code.length)).toEqual([100, 24])
    expect(definition.unevaluated[1]?.code).toBe("y = nope('\\u{202e}\\x01')")
  })

  it('gives one fault for what is no Python', () => {
    const { definition, faults } = readPackagePy(
      `name = 'x'\nrequires = [\n    'a'\nversion = '1'\n`,
      '/repo/x/1/package.py',
      parsePython,
    )
    expect(definition).toBeNull()
    expect(faults).toEqual([
      {
        kind: 'malformed',
        file: '/repo/x/1/package.py',
        offset: null,
        line: 4,
        message: expect.stringContaining('"]" or "," was expected') as string,
      },
    ])
  })
})

describe('any package.py', () => {
  it('is a definition or a fault, however it is damaged', () => {
    const edit = fc.record({
      at: fc.nat(INSTALLED.length),
      drop: fc.nat(20),
      put: fc.oneof(
        fc.string({ maxLength: 5 }),
        fc.constantFrom('(', ')', '"""', "'", '\n', '    ', '[', '{', ':', '\\', '#', 'def ', '= ', '\ud83d'),
      ),
    })
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 5 }), (edits) => {
        let text = INSTALLED
        for (const { at, drop, put } of edits) text = text.slice(0, at) + put + text.slice(at + drop)
        const { definition, faults } = readPackagePy(text, 'f', parsePython)
        expect(definition !== null || faults.length === 1).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('is a definition or a fault, whatever text it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { definition, faults } = readPackagePy(text, 'f', parsePython)
        expect(definition !== null || faults.length === 1).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

/** What commands take from files: modules that they include, and whether files of their packages are there. */
import { describe, expect, it } from 'vitest'
import { parsePython } from '../../../src/rez/python/parse.ts'
import { environmentWithFiles } from '../../../src/rez/commands/with-files.ts'
import { readModule } from '../../../src/rez/source/source-module.ts'
import type { SourceModule } from '../../../src/rez/source/source-module.ts'
import { readPackagePy } from '../../../src/rez/source/package-py.ts'
import { diskFiles } from '../../../src/rez/repository/files.ts'
import { withIncluded } from '../../../src/rez/repository/included-files.ts'
import { makeFolder } from '../../support/system/folder.ts'
import { environmentOf } from '../../../src/rez/commands/environment.ts'
import type { EnvironmentResult } from '../../../src/rez/commands/environment.ts'
import { packageOf, values } from './context.ts'

function definitionOf(text: string): NonNullable<ReturnType<typeof readPackagePy>['definition']> {
  const { definition } = readPackagePy(text, '/repo/foo/1.2.3/package.py', parsePython)
  if (definition === null) throw new Error('no definition')
  return definition
}

function including(body: string, module: string | null): EnvironmentResult {
  const definition = definitionOf(`@include('helper')\ndef commands():\n${body.replace(/^/gm, '    ')}\n`)
  const file = '/repo/foo/1.2.3/.rez/include/helper.py'
  const modules = new Map<string, SourceModule>(
    module === null ? [] : [['helper', readModule(module, file, parsePython)]],
  )
  return environmentOf({
    packages: [{ package: packageOf('foo'), definition: { ...definition, modules } }],
    requests: [],
  })
}

describe('included modules', () => {
  it('have globals of their own, and change what they are given', () => {
    const module = `import os\nLIB = 'lib'\ndef put(env, this):\n    env.X.append('{root}/' + LIB)\n    env.Y = os.path.join(this.root, 'a')\n`
    const result = including(`helper.put(env, this)\nenv.Z = helper.LIB`, module)
    expect(result.unevaluated).toEqual([])
    expect(values(result)).toEqual({ X: '/repo/foo/1.2.3/lib', Y: '/repo/foo/1.2.3/a', Z: 'lib' })
  })

  it('do not see the names of commands', () => {
    const result = including(`helper.put()`, `def put():\n    env.X = 'a'\n`)
    expect(result.unevaluated.map(({ file, line, reason }) => [file.split('/').at(-1), line, reason])).toEqual([
      ['helper.py', 2, 'NameError: "env" is not defined here'],
    ])
  })

  it.each([
    ['that are not there', null, 'the included module helper is not there'],
    ['that are not Python', `def (:`, '/repo/foo/1.2.3/.rez/include/helper.py is not Python'],
  ])('%s are named', (_, module, reason) => {
    const { unevaluated, notes } = including(`helper.put(env)`, module)
    expect(unevaluated[0]?.reason).toContain(reason)
    // Whoever is given env may change any variable.
    expect(notes.some((note) => note.includes('computed names'))).toBe(true)
  })

  it('are read beside the package, with their hash or in the old form', async () => {
    const definition = definitionOf(`@include('a', 'b', 'c')\ndef commands():\n    pass\n`)
    const base = makeFolder({
      '.rez/include/a.py': 'A = 1',
      '.rez/include/a.sha1': 'x',
      '.rez/include/b-1f2e.py': 'B = 1',
      '.rez/include/c.py': 'C = 1',
    })
    const { modules } = await withIncluded(definition, base, diskFiles)
    expect([...(modules ?? [])].map(([name, { file }]) => [name, file.slice(base.length)])).toEqual([
      ['a', '/.rez/include/a.py'],
      ['b', '/.rez/include/b-1f2e.py'],
    ])
  })
})

describe('files of the packages', () => {
  it('are looked up, also where one answer leads to the next question', async () => {
    const there = new Map([
      ['/repo/foo/1.2.3/lib', 'folder'],
      ['/repo/foo/1.2.3/lib/a', 'file'],
    ] as const)
    const body = `if os.path.isdir(root + '/lib'):\n    if os.path.isfile(os.path.join(root, 'lib', 'a')):\n        env.X = 'a'\nif os.path.exists(root + '/nope'):\n    env.Y = 'b'\nif os.path.exists('/etc/passwd'):\n    env.Z = 'c'`
    const definition = definitionOf(`def commands():\n    import os\n${body.replace(/^/gm, '    ')}\n`)
    const asked: string[] = []
    const result = await environmentWithFiles(
      { packages: [{ package: packageOf('foo'), definition }], requests: [] },
      {
        ...diskFiles,
        kind: (path) => {
          asked.push(path)
          return Promise.resolve(there.get(path as '/repo/foo/1.2.3/lib') ?? null)
        },
      },
    )
    expect(values(result)).toEqual({ X: 'a' })
    expect(asked).toEqual(['/repo/foo/1.2.3/lib', '/repo/foo/1.2.3/nope', '/repo/foo/1.2.3/lib/a'])
    expect(result.unevaluated.map((item) => item.reason)).toEqual([
      'whether /etc/passwd is there depends on the machine',
    ])
  })

  const inFolder = (files: Readonly<Record<string, string>>, body: string): Promise<EnvironmentResult> => {
    const base = makeFolder(files)
    const definition = definitionOf(`def commands():\n    import os, sys\n${body.replace(/^/gm, '    ')}\n`)
    const item = { ...packageOf('foo'), base, root: base, payload: [base] }
    return environmentWithFiles({ packages: [{ package: item, definition }], requests: [] }, diskFiles)
  }

  it('are listed', async () => {
    const body = `for name in os.listdir(root + '/plugins'):\n    env.X.append(name)\ntry:\n    os.listdir(root + '/nope')\nexcept OSError:\n    env.Y = 'none'\nenv.Z = os.listdir('/etc')`
    const result = await inFolder({ 'plugins/b': '', 'plugins/a/x': '' }, body)
    expect(values(result)).toEqual({ X: 'a:b', Y: 'none' })
    expect(result.unevaluated.map((item) => item.reason)).toEqual(['what lies in /etc depends on the machine'])
    expect(result.notes.filter((note) => note.includes('/plugins) has no order of its own'))).toHaveLength(1)
  })

  it('are imported from a folder of sys.path', async () => {
    const body = `sys.path.insert(0, root + '/python')\nimport settings\nsettings.put(env, root)\nfrom more import NAME\nenv.Y = NAME`
    const result = await inFolder(
      {
        'python/settings.py': `import os\ndef put(env, root):\n    env.X.append(os.path.join(root, 'lib'))\n    env.Z = nope\n`,
        'python/more/__init__.py': `NAME = 'n'\n`,
        'python/more.py': `NAME = 'the package comes first'\n`,
      },
      body,
    )
    expect(values(result)).toEqual({ X: expect.stringMatching(/\/lib$/) as string, Y: 'n' })
    expect(result.unevaluated.map(({ file, line }) => [file.split('/').at(-1), line])).toEqual([['settings.py', 4]])
  })

  it.each([
    ['is not there', {}, 'the module settings is not evaluated'],
    ['is no Python', { 'settings.py': 'def' }, 'settings.py is not Python'],
    ['imports itself', { 'settings.py': 'import settings\nsettings.x()\n' }, 'the module settings imports itself'],
  ])('a module that %s is named', async (_, files, reason) => {
    const { unevaluated } = await inFolder(files, `sys.path.append(root)\nimport settings`)
    expect(unevaluated.some((item) => item.reason.includes(reason))).toBe(true)
  })
})

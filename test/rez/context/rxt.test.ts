/** Resolved contexts: every shape of .rxt, and all that can be wrong with one. */
import { cpSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultText } from '../../../src/domain/fault.ts'
import { loadContexts } from '../../../src/rez/context/load.ts'
import { readRxt } from '../../../src/rez/context/rxt.ts'
import { variableValue } from '../../../src/domain/context.ts'
import { CONTEXT_OPTIONS, countingFiles, makeRepository } from '../../support/packages.ts'
import type { Context } from '../../../src/domain/context.ts'
import type { Content } from '../../support/system/folder.ts'

const handle = (name: string, version: string, location: string, more: object = {}): object => ({
  key: 'filesystem.variant',
  variables: { repository_type: 'filesystem', location, name, version, index: null, ...more },
})

const document = (packages: readonly object[], more: object = {}): string =>
  JSON.stringify({
    serialize_version: '4.9',
    status: 'solved',
    package_requests: ['usd-24'],
    implicit_packages: ['~platform==linux'],
    platform: 'linux',
    arch: 'x86_64',
    os: 'rocky-9',
    resolved_packages: packages,
    ...more,
  })

const PACKAGES: Readonly<Record<string, Content>> = {
  'repo/tbb/2020.3/package.py':
    "name = 'tbb'\nversion = '2020.3'\ndef commands():\n    env.LIBS.append('{root}/lib')\n",
  'repo/usd/24.8/package.py':
    "name = 'usd'\nversion = '24.8'\nrequires = ['tbb-2020']\nvariants = [['python-3.10'], ['python-3.11']]\n" +
    "def commands():\n    env.LIBS.append('{root}/lib')\n    if system.platform == 'linux': env.X = '{version.major}'\n",
}

/** Loads `x.rxt` of a studio; the studio's own path is cut off from everything. */
async function load(
  files: Readonly<Record<string, Content>>,
  rxt: (folder: string) => string,
  repositories: readonly string[] = [],
): Promise<Context | readonly string[]> {
  const folder = makeRepository(files)
  writeFileSync(`${folder}/x.rxt`, rxt(folder))
  const cut = (text: string): string => text.replaceAll(folder, '')
  const given = repositories.map((name) => `${folder}/${name}`)
  const reading = await loadContexts({ kind: 'rxt', file: `${folder}/x.rxt`, repositories: given }, CONTEXT_OPTIONS)
  if ('faults' in reading) return reading.faults.map(faultText).map(cut)
  return JSON.parse(cut(JSON.stringify(reading.contexts[0]))) as Context
}

const usd = (folder: string): readonly object[] => [
  handle('tbb', '2020.3', `${folder}/repo`),
  handle('usd', '24.8', `${folder}/repo`, { index: 1 }),
]

const context = (value: Context | readonly string[]): Context => {
  if (!('packages' in value)) throw new Error(value.join('\n'))
  return value
}

describe('a context', () => {
  it('has its packages in the order of the file, with roots, requires and environment', async () => {
    const made = context(await load(PACKAGES, (folder) => document(usd(folder))))
    expect(made.name).toBe('x')
    expect(made.requests).toEqual(['usd-24'])
    expect(made.packages.map((item) => [item.name, item.variant, item.root, item.requires])).toEqual([
      ['tbb', null, '/repo/tbb/2020.3', []],
      ['usd', 1, '/repo/usd/24.8/python-3.11', ['tbb-2020', 'python-3.11']],
    ])
    expect(variableValue(made.environment, 'LIBS')).toBe('/repo/tbb/2020.3/lib:/repo/usd/24.8/python-3.11/lib')
    expect(variableValue(made.environment, 'X')).toBe('24')
    expect([made.faults, made.notes]).toEqual([[], []])
  })

  it('is read from YAML and from the shape before version 4 as well', async () => {
    const yaml = (folder: string): string =>
      `serialize_version: '3.0'\nstatus: solved\npackage_requests: [usd-24]\nresolved_packages:\n` +
      `- path: ${folder}/repo/tbb/2020.3/package.py\n  variables: {name: tbb, version: '2020.3', index: null, search_path: ${folder}/repo}\n` +
      `- path: ${folder}/repo/config.yaml\n  variables: {name: config, version: '1', index: null, search_path: ${folder}/repo}\n`
    const files = { ...PACKAGES, 'repo/config.yaml': "name: config\nversions: ['1']\n" }
    expect(context(await load(files, yaml)).packages.map((item) => item.name)).toEqual(['tbb', 'config'])
  })

  it('of a bundle has locations relative to its own folder, wherever it is moved', async () => {
    const relative = (): string => document([handle('tbb', '2020.3', 'repo')])
    const files = { ...PACKAGES, 'bundle.yaml': '{}\n', 'post_commands.py': 'env.X = 1\n' }
    const made = context(await load(files, relative))
    expect(made.packages[0]?.root).toBe('/repo/tbb/2020.3')
    expect(made.notes).toEqual(['/post_commands.py of the bundle is not evaluated'])
  })

  it('has packages of combined families, which have no payload', async () => {
    const files = {
      'repo/config.py': "name = 'config'\nversions = ['1', '2']\nversion_overrides = {'2': {'requires': ['usd']}}\n",
    }
    const combined = (folder: string): string => {
      const { variables } = handle('config', '2', `${folder}/repo`, { ext: 'py' }) as { variables: object }
      return document([{ key: 'filesystem.variant.combined', variables }])
    }
    const [item] = context(await load(files, combined)).packages
    expect(item).toMatchObject({ version: '2', requires: ['usd'], base: '', root: '', payload: [], excluded: [] })
    expect(item?.definition).toBe('/repo/config.py')
  })

  it('names packages of other repositories as faults and goes on', async () => {
    const other = (folder: string): string =>
      document([handle('tbb', '2020.3', `${folder}/repo`), handle('usd', '24.8', 'x', { repository_type: 'memory' })])
    const made = context(await load(PACKAGES, other))
    expect(made.packages.map((item) => item.name)).toEqual(['tbb'])
    expect(made.faults.map(faultText)).toEqual([
      '/x.rxt: resolved_packages[1] is usd-24.8 of a "memory" repository, which has no files to read',
    ])
  })

  it('takes packages that are elsewhere from the repositories given, and says so', async () => {
    const moved = (): string => document([handle('tbb', '2020.3', '/gone/packages')])
    const made = context(await load(PACKAGES, moved, ['repo']))
    expect(made.packages[0]?.root).toBe('/repo/tbb/2020.3')
    expect(made.notes).toEqual(['tbb-2020.3 is taken from /repo; the context names /gone/packages'])
  })

  it('costs one question for each package and two for its bundle', async () => {
    const folder = makeRepository(PACKAGES)
    writeFileSync(`${folder}/x.rxt`, document(usd(folder)))
    const { files, asked } = countingFiles()
    await loadContexts({ kind: 'rxt', file: `${folder}/x.rxt`, repositories: [] }, { ...CONTEXT_OPTIONS, files })
    expect(asked.map((question) => question.replace(folder, '')).sort()).toEqual([
      'kind /bundle.yaml',
      'text /repo/tbb/2020.3/package.py',
      'text /repo/usd/24.8/package.py',
      'text /x.rxt',
    ])
  })
})

describe('what is missing', () => {
  it('is named at once, package by package and repository by repository', async () => {
    const rxt = (folder: string): string =>
      document([
        handle('tbb', '2020.3', `${folder}/repo`),
        handle('tiff', '4.5.0', `${folder}/repo`),
        handle('zlib', '1.2', `${folder}/away`),
        handle('exr', '3', `${folder}/away`),
        handle('png', '', `${folder}/repo`),
      ])
    const hint = '; name a repository that has it with --repo DIR'
    expect(await load(PACKAGES, rxt)).toEqual([
      `/x.rxt: package tiff-4.5.0 is not at /repo/tiff/4.5.0 (named in resolved_packages[1])${hint}`,
      `/x.rxt: package png is not at /repo/png (named in resolved_packages[4])${hint}`,
      `/x.rxt: the repository /away is not there; the context takes zlib-1.2, exr-3 from it${hint}`,
    ])
  })

  it('with the nearest that exists, where it was and in the repositories given', async () => {
    const files = {
      ...PACKAGES,
      'repo/usd/24.11/package.py': '',
      'repo/usd/23.1/package.py': '',
      'new/exr/3.2/package.py': '',
    }
    const rxt = (folder: string): string =>
      document([
        handle('usd', '24.5', `${folder}/repo`),
        handle('usd', '25', `${folder}/away`),
        handle('exr', '3', `${folder}/repo`),
      ])
    expect(await load(files, rxt, ['new'])).toEqual([
      '/x.rxt: package usd-24.5 is not at /repo/usd/24.5 (named in resolved_packages[0]); nearest is usd-24.8 in /repo',
      '/x.rxt: package exr-3 is not at /repo/exr/3 (named in resolved_packages[2]); nearest is exr-3.2 in /new',
      '/x.rxt: the repository /away is not there; the context takes usd-25 from it',
    ])
    expect(await load(files, rxt, ['repo', 'new'])).toContain(
      '/x.rxt: the repository /away is not there; the context takes usd-25 (nearest is usd-24.11 in /repo) from it',
    )
  })

  it('a definition that does not parse and a variant that is not there are faults', async () => {
    const files = {
      'repo/tbb/1/package.py': 'requires = [',
      'repo/usd/1/package.py': "name = 'usd'\nvariants = [['a']]\n",
    }
    const rxt = (folder: string): string =>
      document([handle('tbb', '1', `${folder}/repo`), handle('usd', '1', `${folder}/repo`, { index: 2 })])
    expect(await load(files, rxt)).toEqual([
      expect.stringContaining('/repo/tbb/1/package.py: line 1: '),
      '/repo/usd/1/package.py: line 2: variant 2 of usd-1 was asked for, but its variants are 0 to 0',
    ])
  })
})

describe('what is no context', () => {
  it.each([
    ['{"status": ', 'is no JSON'],
    ['{}', 'is no context of Rez'],
    ['[1]', 'is no context of Rez'],
    ['', 'is no context of Rez'],
    ['[]', 'is no context of Rez'],
    ['- {kind: x, message: y}', 'is no context of Rez'],
    ['a: 1\nb: [', 'x.rxt: line 2: is neither JSON nor YAML'],
    ['a: *b', 'is no YAML of ordinary size and depth'],
    [
      document([], { status: 'failed', failure_description: 'no usd' }),
      'the context is not solved (status failed): no usd',
    ],
    [document([], { status: 5 }), 'the context is not solved (status unknown)'],
    [document([], { resolved_packages: 5 }), 'resolved_packages is no list'],
    [document([{}]), 'resolved_packages[0] has no "variables"'],
    [document([handle('usd', '1', '/x', { name: 1 })]), 'resolved_packages[0] lacks a name or a location'],
    [document([handle('usd', '1', '/x', { index: -1 })]), 'resolved_packages[0] has the index -1'],
    [document([handle('usd', '1', '/x', { version: [] })]), 'has a version that is no text'],
  ])('%s', (text, message) => {
    const read = readRxt(text, 'x.rxt')
    expect('handles' in read ? [] : read.map(faultText)).toEqual([expect.stringContaining(message)])
  })

  it.each([
    [{ name: '../usd' }, 'has the name "../usd", which is no package name'],
    [{ version: '1/../../x' }, 'has the version "1/../../x", which is none'],
    [{ version: '..' }, 'has the version "..", which is none'],
  ])('%j does not lead out of the repository', async (more, message) => {
    expect(await load(PACKAGES, (folder) => document([handle('usd', '1', `${folder}/repo`, more)]))).toEqual([
      `/x.rxt: resolved_packages[0] ${message}`,
    ])
  })

  it('aliases that multiply are refused', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
    for (let i = 1; i < 12; i += 1) lines.push(`a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}*a${i - 1}]`)
    const read = readRxt(`${lines.join('\n')}\n`, 'x.rxt')
    expect('handles' in read).toBe(false)
  })

  it('any text gives a context or faults', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const keys = fc.constantFrom('status', 'resolved_packages', 'serialize_version', 'package_requests', 'x')
    const odd = fc.dictionary(keys, fc.oneof(value, fc.constantFrom('solved', '4.9'))).map((one) => JSON.stringify(one))
    fc.assert(
      fc.property(fc.oneof(odd, fc.string({ unit: 'binary' })), (text) => {
        const read = readRxt(text, 'x.rxt')
        if (!('handles' in read)) expect(read.length).toBeGreaterThan(0)
      }),
    )
  })

  it('a file that is not there, or a folder, is a fault', async () => {
    const folder = makeRepository({ 'a.rxt/x': '' })
    for (const name of ['a.rxt', 'b.rxt']) {
      const reading = await loadContexts({ kind: 'rxt', file: `${folder}/${name}`, repositories: [] }, CONTEXT_OPTIONS)
      expect('faults' in reading && reading.faults.length).toBe(1)
    }
  })

  it('a newer version is read with a note', async () => {
    const made = context(await load(PACKAGES, (folder) => document(usd(folder), { serialize_version: '5.0' })))
    expect(made.notes).toEqual([expect.stringContaining('written by a newer Rez')])
  })
})

it('the same context from another folder is the same but for the folder', async () => {
  const first = makeRepository({ ...PACKAGES, 'bundle.yaml': '{}\n' })
  writeFileSync(`${first}/x.rxt`, document([handle('tbb', '2020.3', 'repo')]))
  const second = makeRepository({})
  cpSync(first, second, { recursive: true })
  const load = async (folder: string): Promise<string> =>
    JSON.stringify(
      await loadContexts({ kind: 'rxt', file: `${folder}/x.rxt`, repositories: [] }, CONTEXT_OPTIONS),
    ).replaceAll(folder, '')
  expect(await load(first)).toBe(await load(second))
})

describe('fields that a context may leave out', () => {
  const handles = (items: readonly object[], more: object = {}): unknown => {
    const read = readRxt(document(items, more), 'x.rxt')
    return 'handles' in read ? read.handles : read.map(faultText)
  }

  it('a version, a key, a type of repository, the suffix of a family', () => {
    const variables = { name: 'a', location: '/r' }
    expect(
      handles([
        { variables },
        { variables: { ...variables, version: 2 }, key: 'memory.variant' },
        { variables: { ...variables, repository_type: 'filesystem' }, key: 'filesystem.variant.combined' },
      ]),
    ).toEqual([
      { name: 'a', version: '', index: null, location: '/r', repositoryType: '', extension: null },
      { name: 'a', version: '2', index: null, location: '/r', repositoryType: 'memory', extension: null },
      { name: 'a', version: '', index: null, location: '/r', repositoryType: 'filesystem', extension: 'py' },
    ])
  })

  it('before version 4: the path tells a family, and which kind of file it is', () => {
    const variables = { name: 'a', version: '1', search_path: '/r' }
    const old = (version: unknown): unknown =>
      handles(
        [
          { variables },
          { variables, path: '/r/a.py' },
          { variables, path: '/r/a.yaml' },
          { variables, path: 'package.py' },
        ],
        {
          serialize_version: version,
        },
      )
    const common = { name: 'a', version: '1', index: null, location: '/r', repositoryType: 'filesystem' }
    const expected = [null, 'py', 'yaml', null].map((extension) => ({ ...common, extension }))
    for (const version of ['3.9', 3, 'x', null]) expect(old(version)).toEqual(expected)
    expect(old('4.0')).toEqual(
      [0, 1, 2, 3].map((i) => expect.stringContaining(`[${i}] lacks a name or a location`) as string),
    )
  })

  it('a fault of JSON and of YAML names the line', () => {
    const lineOf = (text: string): unknown => {
      const read = readRxt(text, 'x.rxt')
      return 'handles' in read ? null : read[0]?.line
    }
    expect(lineOf('{\n"a": 1,\n"b" 2\n}')).toBe(3)
    expect(lineOf('a: 1\nb: [\nc: 2\n')).toBeGreaterThan(1)
  })
})

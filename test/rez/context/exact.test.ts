/** Contexts from requests: which packages, which variants, which order, and why there are none. */
import { describe, expect, it } from 'vitest'
import { faultText } from '../../../src/domain/fault.ts'
import { loadContexts } from '../../../src/rez/context/load.ts'
import { packageId } from '../../../src/domain/context.ts'
import { CONTEXT_OPTIONS, makeRepository } from '../../support/packages.ts'
import type { Content } from '../../support/system/folder.ts'
import type { ContextOptions } from '../../../src/rez/context/request.ts'

type Files = Readonly<Record<string, Content>>

/** Packages as `NAME-VERSION[VARIANT]`, or fault lines. */
async function load(
  studios: readonly Files[],
  requests: readonly string[],
  more: Partial<ContextOptions> = {},
): Promise<readonly string[]> {
  const repositories = studios.map(makeRepository)
  const options = { ...CONTEXT_OPTIONS, ...more }
  const reading = await loadContexts({ kind: 'requests', requests, repositories }, options)
  const cut = (text: string): string => repositories.reduce((out, path, i) => out.replaceAll(path, `/r${i}`), text)
  if ('faults' in reading) return reading.faults.map(faultText).map(cut)
  return (reading.contexts[0]?.packages ?? []).map(
    (item) => packageId(item) + (item.variant === null ? '' : `[${item.variant}]`),
  )
}

const requires = (...texts: string[]): string => `requires = ${JSON.stringify(texts)}\n`
const variants = (...lists: string[][]): string => `variants = ${JSON.stringify(lists)}\n`

describe('order', () => {
  const files = {
    'app/1': requires('render-1', 'io'),
    'render/1': requires('io', 'math'),
    'io/2': requires('math-1+'),
    'math/1.5': '',
    'zlib/1': '',
    'fonts/1': '',
  }

  it('is that of the requests, but dependencies come first', async () => {
    const exact = ['app==1', 'zlib==1', 'math==1.5', 'render==1', 'io==2', 'fonts==1']
    expect(await load([files], exact)).toEqual(['math-1.5', 'io-2', 'render-1', 'app-1', 'zlib-1', 'fonts-1'])
    expect(await load([files], ['zlib==1', 'io==2', 'fonts==1', 'math==1.5'])).toEqual([
      'zlib-1',
      'math-1.5',
      'io-2',
      'fonts-1',
    ])
  })

  it('a circle, which Rez refuses, is a note', async () => {
    const circle = { 'a/1': requires('b'), 'b/1': requires('c'), 'c/1': requires('a') }
    const repositories = [makeRepository(circle)]
    const reading = await loadContexts({ kind: 'requests', requests: ['a'], repositories }, CONTEXT_OPTIONS)
    const [context] = 'contexts' in reading ? reading.contexts : []
    expect(context?.packages.map(packageId).sort()).toEqual(['a-1', 'b-1', 'c-1'])
    expect(context?.notes).toEqual([
      'Rez refuses this resolve: packages require each other in a circle: a -> b -> c -> a',
    ])
  })
})

describe('which package', () => {
  it('the first repository that has the version', async () => {
    const [first, second] = [
      { 'usd/1': variants(['a'], ['b']), 'b/1': '' },
      { 'usd/1': '', 'usd/2': '' },
    ]
    expect(await load([first, second], ['usd==1', 'b==1'])).toEqual(['b-1', 'usd-1[1]'])
    expect(await load([second, first], ['usd==1', 'b==1'])).toEqual(['usd-1', 'b-1'])
    expect(await load([first, second], ['usd==2'])).toEqual(['usd-2'])
  })

  it('separators do not count, and a range that leaves one version is exact', async () => {
    const files = { 'usd/24.8-rc1': '', 'tbb/2020.3': '', 'tools/package.py': "name = 'tools'\n" }
    expect(await load([files], ['usd==24-8.rc1', 'tbb-2020', 'tools'])).toEqual(['usd-24.8-rc1', 'tbb-2020.3', 'tools'])
  })

  it('of a range the latest', async () => {
    const files = { 'usd/23.1': '', 'usd/24.8': '', 'usd/24.11': '', 'nuke/1': '' }
    expect(await load([files], ['usd-24', 'nuke'])).toEqual(['usd-24.11', 'nuke-1'])
  })

  it('what packages require, and what that requires', async () => {
    const files = { 'app/1': requires('usd-24'), 'usd/24.8': requires('tbb'), 'usd/25': '', 'tbb/1': '', 'tbb/2': '' }
    expect(await load([files], ['app'])).toEqual(['tbb-2', 'usd-24.8', 'app-1'])
  })

  it('what no repository has is a fault that names what there is', async () => {
    expect(await load([{ 'usd/24.8': '' }, { 'usd/23.2': '' }], ['usd==25', 'katana==7'])).toEqual([
      'requests: the request asks for usd==25, but no repository has a version of usd in ==25; ' +
        'nearest is usd-24.8 (looked in /r0, /r1)',
      'requests: the request asks for katana==7, but no repository has a package called katana (looked in /r0, /r1)',
    ])
  })

  it('requests on one package are merged', async () => {
    const files = { 'usd/24.8': '', 'usd/24.11': '' }
    expect(await load([files], ['usd-24', '!usd-24.11', 'usd<25'])).toEqual(['usd-24.8'])
    expect(await load([files], ['usd-24', 'usd-25'])).toEqual(['requests: no version meets both usd-24 and usd-25'])
  })
})

describe('which variant', () => {
  const files = {
    'usd/1': variants(['python-3.9'], ['python-3.11', 'tbb-2021'], ['python-3.11', 'tbb-2020'], ['!tbb']),
    'python/3.11.4': '',
    'tbb/2020.3': '',
    'tbb/2021.9': '',
  }

  it('the one that the packages requested meet', async () => {
    expect(await load([files], ['usd==1', 'python==3.11.4', 'tbb==2020.3'])).toContain('usd-1[2]')
    expect(await load([files], ['usd==1', 'python==3.11.4', 'tbb==2021.9'])).toContain('usd-1[1]')
    expect(await load([files], ['usd==1'])).toEqual(['usd-1[3]'])
  })

  it('of several the one with the highest range of the package requested first', async () => {
    const several = {
      'usd/1': variants(['python-3+'], ['python-3.11'], ['python', 'tbb-2+'], ['tbb', 'python']),
      'python/3.11.4': '',
      'tbb/2021.9': '',
    }
    expect(await load([several], ['usd==1', 'python==3.11.4', 'tbb==2021.9'])).toContain('usd-1[1]')
    expect(await load([several], ['usd==1', 'tbb==2021.9', 'python==3.11.4'])).toContain('usd-1[2]')
  })

  it('one that brings further packages, where no other fits', async () => {
    expect(await load([files], ['usd==1', 'tbb==2020.3'])).toEqual(['tbb-2020.3', 'python-3.11.4', 'usd-1[2]'])
  })

  it('a variant that contradicts its own package is a fault, as in Rez', async () => {
    const broken = { 'usd/1': requires('tbb-2020') + variants(['tbb-2020.3'], ['tbb-2021']), 'tbb/2020.3': '' }
    expect(await load([broken], ['usd==1', 'tbb==2020.3'])).toEqual([
      '/r0/usd/1/package.py: variant 1 of usd-1 requires both tbb-2020 and tbb-2021, which no version meets',
    ])
  })
})

describe('requirements', () => {
  it('each clash is named with both that ask', async () => {
    const files = {
      'app/1': requires('usd-24', '~nuke-13', '!flame-2'),
      'usd/23.2': '',
      'usd/24.1': '',
      'nuke/14': '',
      'flame/2.1': '',
    }
    expect(await load([files], ['app==1', 'usd==23.2', 'nuke==14', 'flame==2.1'])).toEqual([
      'requests: the request asks for usd==23.2 but app-1 requires usd-24',
      'requests: the request asks for nuke==14 but app-1 allows only nuke-13',
      'requests: the request asks for flame==2.1 but app-1 does not allow flame-2',
    ])
  })

  it('a required family that is nowhere is named with who asks and with the nearest', async () => {
    const files = { 'tool/1': requires('app'), 'app/1': requires('pyton-3'), 'python/3.11': '' }
    expect(await load([files], ['tool'])).toEqual([
      'requests: app-1 (required by tool-1) requires pyton-3, but no repository has a package called pyton; ' +
        'nearest is python (looked in /r0)',
    ])
  })

  it('ephemerals ask for no package, but must agree', async () => {
    const files = { 'app/1': requires('.color-2', 'usd'), 'usd/1': requires('.color-2.1+') }
    expect(await load([files], ['app==1', 'usd==1', '.color-2'])).toEqual(['usd-1', 'app-1'])
    expect(await load([files], ['app==1', 'usd==1', '.color-1'])).toEqual([
      'requests: the request asks for .color-1 but app-1 requires .color-2',
    ])
  })

  it('implicit requests matter only for packages that are there', async () => {
    const files = { 'app/1': '', 'platform/windows/package.py': "name = 'platform'\nversion = 'windows'\n" }
    const implicit = ['~platform==linux', '~arch==x86_64']
    expect(await load([files], ['app==1'], { implicit })).toEqual(['app-1'])
    expect(await load([files], ['app==1', 'platform==windows'], { implicit })).toEqual([
      'requests: no version meets both platform==windows and ~platform==linux',
    ])
  })
})

describe('usage', () => {
  it.each([
    [['usd 1'], 'requests: "usd 1" is no request: "usd 1" is no package name'],
    [['usd-1..'], 'requests: "usd-1.." is no requirement'],
    [['!usd'], 'requests: no package is requested'],
    [[], 'requests: no package is requested'],
  ])('%j', async (requests, message) => {
    expect(await load([{ 'usd/1': '' }], requests)).toEqual([expect.stringContaining(message)])
  })

  it('needs a repository; one of several may be absent, as in Rez', async () => {
    expect(await load([], ['usd==1'])).toEqual([expect.stringContaining('--repo DIR')])
    const repositories = ['/nowhere/at/all', makeRepository({ 'usd/1': '' })]
    const some = await loadContexts({ kind: 'requests', requests: ['usd==1'], repositories }, CONTEXT_OPTIONS)
    expect('contexts' in some && some.contexts[0]?.notes).toEqual(['the repository /nowhere/at/all is not there'])
    const none = await loadContexts(
      { kind: 'requests', requests: ['usd==1'], repositories: ['/nowhere/at/all'] },
      CONTEXT_OPTIONS,
    )
    expect('faults' in none && none.faults.map((fault) => fault.kind)).toEqual(['missing', 'malformed'])
  })
})

it('the name of a context is that of its first packages', async () => {
  const repositories = [makeRepository({ 'a/1': '', 'b/1': '', 'c/1': '', 'd/1': '', 'e/1': '' })]
  const name = async (...requests: string[]): Promise<string | null> => {
    const reading = await loadContexts({ kind: 'requests', requests, repositories }, CONTEXT_OPTIONS)
    return 'contexts' in reading ? (reading.contexts[0]?.name ?? null) : null
  }
  expect(await name('b-1', 'a', '!x')).toBe('b-1 a-1')
  expect(await name('e', 'd', 'c', 'b', 'a')).toBe('e-1 d-1 c-1 and 2 more')
})

/** Payload roots of variants: levels, hashes, short links, nested folders, and what policy adds. */
import { describe, expect, it } from 'vitest'
import { contextMember, loadPackage, pickVariant } from '../../../src/rez/repository/package.ts'
import { diskFiles, isFault } from '../../../src/rez/repository/files.ts'
import { expandPayload } from '../../../src/rez/repository/payload.ts'
import { faultText } from '../../../src/domain/fault.ts'
import { isParseError } from '../../../src/rez/version/parse-error.ts'
import { openRepository } from '../../../src/rez/repository/repository.ts'
import { parseVersion } from '../../../src/rez/version/version.ts'
import { variantHash } from '../../../src/rez/repository/variant-root.ts'
import { makeRepository } from '../../support/packages.ts'
import type { Content } from '../../support/system/folder.ts'
import type { Package } from '../../../src/domain/context.ts'

const POLICY = new Map<string, readonly string[]>()

/** The package of `usd/24.8` in a repository, its repository cut off from all paths; or the faults. */
async function made(
  files: Readonly<Record<string, Content>>,
  index: number | null,
  policy: ReadonlyMap<string, readonly string[]> = POLICY,
): Promise<Package | readonly string[]> {
  const location = makeRepository(files)
  const cut = (text: string): string => text.replaceAll(location, '')
  const loaded = await loadPackage(openRepository(location, diskFiles).entry('usd', '24.8'))
  if ('faults' in loaded) return loaded.faults.map(faultText).map(cut)
  const variant = pickVariant(loaded, index)
  if (isFault(variant)) return [cut(faultText(variant))]
  const member = await contextMember(variant, policy, diskFiles)
  if ('faults' in member) return member.faults.map(faultText).map(cut)
  return JSON.parse(cut(JSON.stringify(member.package))) as Package
}

async function root(
  content: string,
  index: number | null,
  more: Readonly<Record<string, Content>> = {},
): Promise<unknown> {
  const item = await made({ 'usd/24.8': content, ...more }, index)
  return 'root' in item ? item.root : item
}

describe('levels', () => {
  it('no variants: the folder of the package', async () => {
    expect(await root('', null)).toBe('/usd/24.8')
    expect(await root('variants = []\n', null)).toBe('/usd/24.8')
  })

  it.each([
    [0, '/usd/24.8/platform-linux/python-3.11'],
    [1, '/usd/24.8/boost-1.80+<1.83'],
    [2, '/usd/24.8/!mkl/tbb@2021/~ptex<2.4|2.5+'],
    [3, '/usd/24.8/imath==3.1.9/osd'],
  ])('variant %d: the canonical requirements, %s', async (index, expected) => {
    const variants = [
      ['platform-linux', 'python-3.11'],
      ['boost>=1.80,<1.83'],
      ['!mkl', 'tbb@2021', '~ptex-2.5+|<2.4'],
      ['imath==3.1.9', 'osd-'],
    ]
    expect(await root(`variants = ${JSON.stringify(variants)}\n`, index)).toBe(expected)
  })

  it('an empty variant has no folder unless it is hashed', async () => {
    expect(await root('variants = [[]]\n', 0)).toEqual([
      '/usd/24.8/package.py: variant 0 is empty: Rez has no folder for it unless hashed_variants is True',
    ])
    const empty = '97d170e1550eee4afc0af065b78cda302a97674c'
    expect(await root('variants = [[]]\nhashed_variants = True\n', 0)).toBe(`/usd/24.8/${empty}`)
  })
})

describe('hashes', () => {
  // The sums of the text that Python prints, made with sha1sum.
  it.each([
    [['zlib-1.2.13', 'mid-2'], '3d4e5e8713089e2ec31976f1cff09fb36f7fd59e'],
    [['zlib-1+'], '21ac5dea912318b4a3d8970949fa43bc7c87c13d'],
    [[], '97d170e1550eee4afc0af065b78cda302a97674c'],
  ])('%j', (levels, hash) => {
    expect(variantHash(levels)).toBe(hash)
  })

  const content = "hashed_variants = True\nvariants = [['python-3.10'], ['python-3.11']]\n"
  const hash = variantHash(['python-3.11'])

  it('a short link stands in for the hash', async () => {
    const links = {
      'usd/24.8/_v/a': { link: '../other' },
      'usd/24.8/_v/b': { link: `../${hash}` },
      'usd/24.8/_v/c': 'x',
    }
    expect(await root(content, 1, links)).toBe('/usd/24.8/_v/b')
    expect(await root(content, 0, links)).toBe(`/usd/24.8/${variantHash(['python-3.10'])}`)
  })

  it('plain variants do not look for links', async () => {
    const links = { 'usd/24.8/_v/b': { link: '../python-3' } }
    expect(await root("variants = [['python-3']]\n", 0, links)).toBe('/usd/24.8/python-3')
  })
})

it('the folders of nested variants are left out', async () => {
  const content = "variants = [['zlib-1.2'], ['zlib-1.2', '!foo'], ['zlib-1.2.13'], ['zlib-1.2', 'py-3', 'x']]\n"
  const outer = await made({ 'usd/24.8': content }, 0)
  expect('excluded' in outer && outer.excluded).toEqual(['/usd/24.8/zlib-1.2/!foo', '/usd/24.8/zlib-1.2/py-3/x'])
  const inner = await made({ 'usd/24.8': content }, 1)
  expect('excluded' in inner && inner.excluded).toEqual([])
})

it('effective requires are those of the package, then of the variant', async () => {
  const item = await made(
    {
      'usd/24.8':
        "requires = ['tbb>=2020']\nbuild_requires = ['cmake']\nprivate_build_requires = ['ninja']\ntools = ['usdcat']\nvariants = [['python-3.11']]\n",
    },
    0,
  )
  expect(item).toMatchObject({
    name: 'usd',
    version: '24.8',
    variant: 0,
    variantRequires: ['python-3.11'],
    requires: ['tbb>=2020', 'python-3.11'],
    buildRequires: ['cmake'],
    privateBuildRequires: ['ninja'],
    tools: ['usdcat'],
    base: '/usd/24.8',
    definition: '/usd/24.8/package.py',
  })
})

it.each([
  ["requires = ['tbb 2020']", 'in requires: "tbb 2020" is no request: "tbb 2020" is no package name', null],
  ['requires = [3]', 'requires is no list of strings', null],
  ["variants = ['python-3']", 'variants is no list of lists of strings', 0],
  ["variants = [['python-3..']]", 'python-3..', 0],
  ["variants = [['python-3']]", 'variant 4 of usd-24.8 was asked for, but its variants are 0 to 0', 4],
  ['', 'variant 0 of usd-24.8 was asked for, but it has no variants', 0],
  ['variants = sorted(x)', 'the variants are not known', 0],
])('%s is a fault', async (content, message, index) => {
  const faults = await made({ 'usd/24.8': content }, index)
  expect(faults).toEqual([expect.stringContaining(message)])
})

describe('payload that policy names', () => {
  it('is added to the root, with the version filled in', async () => {
    const policy = new Map([['usd', ['/opt/usd/{version.major}.{version.minor}/', '{root}/../extra', '{root}']]])
    const item = await made({ 'usd/24.8': '' }, null, policy)
    expect('payload' in item && item.payload).toEqual(['/usd/24.8', '/opt/usd/24.8', '/usd/24.8/../extra'])
  })

  it.each([
    ['/a/{version}', '/a/24.8.1-rc2'],
    ['/a/{version.major}/{version.minor}/{version.patch}', '/a/24/8/1'],
    ['/a/{version.2}', '/a/24.8'],
    ['{base}/x/{name}', '/repo/usd/x/usd'],
    ['/a/{version.9}', '/a/24.8.1-rc2'],
    ['/', '/'],
  ])('%s gives %s', (pattern, folder) => {
    const version = parseVersion('24.8.1-rc2')
    if (isParseError(version)) throw new Error(version.error)
    expect(expandPayload(pattern, { name: 'usd', version, root: '/repo/usd', base: '/repo/usd' })).toEqual({ folder })
  })

  it.each([
    ['/a/{home}', 'names {home}'],
    ['/a/{version.first}', 'names {version.first}'],
    ['share/{version}', 'an absolute folder was expected'],
  ])('%s is a fault', async (pattern, message) => {
    const faults = await made({ 'usd/24.8': '' }, null, new Map([['usd', [pattern]]]))
    expect(faults).toEqual([expect.stringContaining(message)])
  })
})

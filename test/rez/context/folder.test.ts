/** Package folders as contexts, alone and with what the repositories must add. */
import { describe, expect, it } from 'vitest'
import { faultText } from '../../../src/domain/fault.ts'
import { loadContexts } from '../../../src/rez/context/load.ts'
import { packageId } from '../../../src/domain/context.ts'
import { CONTEXT_OPTIONS, makeRepository } from '../../support/packages.ts'
import type { Content } from '../../support/system/folder.ts'

/** One line for each context: its name, then its packages; or the fault lines. */
async function load(
  files: Readonly<Record<string, Content>>,
  folder: string,
  repositories: readonly string[] = [],
): Promise<readonly string[]> {
  const top = makeRepository(files)
  const reading = await loadContexts(
    { kind: 'folder', folder: `${top}/${folder}`, repositories: repositories.map((name) => `${top}/${name}`) },
    CONTEXT_OPTIONS,
  )
  const cut = (text: string): string => text.replaceAll(top, '')
  if ('faults' in reading) return reading.faults.map(faultText).map(cut)
  return reading.contexts.map((context) => {
    const packages = context.packages.map((item) => `${packageId(item)}@${item.root}`)
    return cut(`${context.name} ${context.requests.join(',')}: ${packages.join(' ')}`)
  })
}

const definition = (name: string, version: string, more = ''): string =>
  `name = '${name}'\nversion = '${version}'\n${more}`

describe('alone', () => {
  it('is that package only', async () => {
    expect(await load({ 'usd/24.8': "requires = ['tbb']\n" }, 'usd/24.8')).toEqual([
      'usd-24.8 usd==24.8: usd-24.8@/usd/24.8',
    ])
  })

  it('gives one context for each variant', async () => {
    expect(await load({ 'usd/24.8': "variants = [['python-3.10'], ['python-3.11']]\n" }, 'usd/24.8')).toEqual([
      'usd-24.8[0] usd==24.8: usd-24.8@/usd/24.8/python-3.10',
      'usd-24.8[1] usd==24.8: usd-24.8@/usd/24.8/python-3.11',
    ])
  })

  it('need not lie in a repository, nor have a version', async () => {
    expect(await load({ 'checkout/package.yaml': 'name: usd\n' }, 'checkout')).toEqual(['usd usd: usd@/checkout'])
  })

  it.each([
    ['usd/24.8/package.py', { 'usd/24.8': '' }, 'is a file: a package folder or a .rxt file was expected', 'malformed'],
    ['usd', { 'usd/24.8': '' }, 'has no package.py, but its folders have: name one, such as 24.8', 'malformed'],
    ['usd', { usd: null }, 'is empty', 'malformed'],
    ['usd', { 'usd/lib/x.so': '' }, 'has neither package.py nor package.yaml', 'malformed'],
    ['usd', {}, 'is not there', 'missing'],
    ['usd', { 'usd/package.py': 'version = "1"' }, "has no name: name = 'package' was expected", 'malformed'],
    ['usd', { 'usd/package.py': 'name = "a b"' }, 'has the name "a b"', 'malformed'],
    ['usd', { 'usd/package.py': 'name = "a"\nversion = "1..2"' }, '"1..2" is no version', 'malformed'],
    ['usd', { 'usd/package.py': 'name = (' }, 'package.py: line 1', 'malformed'],
  ])('%s of %j: %s', async (folder, files, message, kind) => {
    const top = makeRepository(files)
    const reading = await loadContexts(
      { kind: 'folder', folder: `${top}/${folder}`, repositories: [] },
      CONTEXT_OPTIONS,
    )
    const faults = 'faults' in reading ? reading.faults : []
    expect(faults.map(faultText)).toEqual([expect.stringContaining(message)])
    expect(faults.map((fault) => fault.kind)).toEqual([kind])
  })
})

describe('with repositories', () => {
  const released = {
    'repo/tbb/2020.3/package.py': definition('tbb', '2020.3'),
    'repo/osd/3.5/package.py': definition('osd', '3.5', "requires = ['tbb-2020']\n"),
    'repo/python/3.11/package.py': definition('python', '3.11'),
    'repo/python/3.10/package.py': definition('python', '3.10'),
    'repo/ptex/2/package.py': definition('ptex', '2', "variants = [['python-3.10'], ['python-3.11']]\n"),
  }
  const work = (more: string): Record<string, Content> => ({
    ...released,
    'here/package.py': definition('usd', '1', more),
  })

  it('is resolved with what it requires', async () => {
    expect(await load(work("requires = ['osd-3', '~flame', '!katana', '.eph']\n"), 'here', ['repo'])).toEqual([
      'usd-1 usd==1: tbb-2020.3@/repo/tbb/2020.3 osd-3.5@/repo/osd/3.5 usd-1@/here',
    ])
  })

  it('a variant settles which versions and variants others take', async () => {
    const files = work("requires = ['ptex']\nvariants = [['python-3.10'], ['python-3.11']]\n")
    expect(await load(files, 'here', ['repo'])).toEqual([
      'usd-1[0] usd==1: python-3.10@/repo/python/3.10 ptex-2@/repo/ptex/2/python-3.10 usd-1@/here/python-3.10',
      'usd-1[1] usd==1: python-3.11@/repo/python/3.11 ptex-2@/repo/ptex/2/python-3.11 usd-1@/here/python-3.11',
    ])
  })

  it('a variant that an implicit request forbids is for another machine: named, and no fault', async () => {
    const variants = "variants = [['arch-x86_64'], ['arch-aarch64']]\n"
    const arch = definition('arch', 'x86_64')
    const read = async (files: Readonly<Record<string, Content>>) => {
      const top = makeRepository({ 'repo/arch/x86_64/package.py': arch, ...files })
      const request = { kind: 'folder', folder: `${top}/here`, repositories: [`${top}/repo`] } as const
      return loadContexts(request, { ...CONTEXT_OPTIONS, implicit: ['~arch==x86_64'] })
    }
    const some = await read({ 'here/package.py': definition('usd', '1', variants) })
    const contexts = 'contexts' in some ? some.contexts : []
    expect(contexts.map(({ name, faults }) => [name, faults])).toEqual([['usd-1[0]', []]])
    expect(contexts[0]?.notes).toContain(
      'usd-1[1] is not looked at: it requires arch-aarch64, which the implicit ~arch==x86_64 forbids',
    )
    const none = await read({ 'here/package.py': definition('usd', '1', "variants = [['arch-aarch64']]\n") })
    expect('faults' in none && none.faults.map(faultText)).toEqual([
      expect.stringContaining('requires arch-aarch64 but the request allows only arch==x86_64'),
    ])
  })

  it('of variants that all fit takes the one Rez prefers: fewest packages, then highest ranges, then the last', async () => {
    const chosen = async (lists: readonly (readonly string[])[]): Promise<string> => {
      const files = {
        ...work("requires = ['osd', 'py', 'alembic']\n"),
        'repo/py/3/package.py': definition('py', '3'),
        'repo/alembic/1/package.py': definition('alembic', '1', `variants = ${JSON.stringify(lists)}\n`),
      }
      const [line = ''] = await load(files, 'here', ['repo'])
      return /repo[/]alembic[/]1[/](\S*)/.exec(line)?.[1] ?? line
    }
    expect(await chosen([['py'], ['py', 'tbb']])).toBe('py')
    expect(await chosen([['py-3'], ['py-2+'], ['py-1+']])).toBe('py-3')
    expect(await chosen([['osd'], ['tbb'], ['py']])).toBe('tbb')
    expect(await chosen([['py', 'py-3'], ['py-3']])).toBe('py-3')
  })

  it('takes the latest where there is a choice, and the variant that Rez prefers', async () => {
    expect(await load(work("requires = ['python']\n"), 'here', ['repo'])).toEqual([
      'usd-1 usd==1: python-3.11@/repo/python/3.11 usd-1@/here',
    ])
    expect(await load(work("requires = ['ptex']\n"), 'here', ['repo'])).toEqual([
      'usd-1 usd==1: python-3.11@/repo/python/3.11 ptex-2@/repo/ptex/2/python-3.11 usd-1@/here',
    ])
  })

  it('is the package of that version, whatever the repositories have of it', async () => {
    const files = {
      ...work("requires = ['ptex']\n"),
      'repo/usd/1/package.py': definition('usd', '1'),
      'repo/usd/2/package.py': definition('usd', '2'),
    }
    expect(await load(files, 'here', ['repo'])).toEqual([
      'usd-1 usd==1: python-3.11@/repo/python/3.11 ptex-2@/repo/ptex/2/python-3.11 usd-1@/here',
    ])
  })

  it.each([
    [
      "requires = ['nuke-13']\n",
      'usd-1 requires nuke-13, but no repository has a package called nuke (looked in /repo)',
    ],
    ["requires = ['tbb-2021', 'osd']\n", 'no repository has a version of tbb in 2021; nearest is tbb-2020.3'],
    ["requires = ['osd', '!tbb']\n", 'osd-3.5 (required by usd-1) requires tbb-2020 but usd-1 does not allow tbb'],
  ])('%s', async (more, message) => {
    const [fault] = await load(work(more), 'here', ['repo'])
    expect(fault).toContain(message)
  })
})

/** A Rez configuration on the command line: what it changes in the contexts that are audited. */
import { describe, expect, it } from 'vitest'
import { loadContexts } from '../../src/app/contexts.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { expanded } from '../../src/app/rez-settings.ts'
import { faultText } from '../../src/domain/fault.ts'
import { packageId } from '../../src/domain/context.ts'
import { makeRepository } from '../support/packages.ts'
import type { ContextQuestion } from '../../src/app/audit-options.ts'

const OPTIONS: ContextQuestion = {
  contexts: [],
  repos: [],
  env: null,
  rezConfig: [],
  rez: false,
  variables: {},
  implicit: null,
  folder: '/',
  packagesPath: [],
}

/** Packages and notes, or faults. */
async function load(config: string, more: Partial<ContextQuestion>): Promise<readonly string[]> {
  const folder = makeRepository({
    'local/usd/24.8/package.py': "name = 'usd'\nversion = '24.8'\n",
    'released/usd/24.11/package.py': "name = 'usd'\nversion = '24.11'\n",
    'released/usd/25.beta/package.py': "name = 'usd'\nversion = '25.beta'\n",
    'released/maya/package.py': "name = 'maya'\n",
    'rezconfig.yaml': config,
  })
  const options = { ...OPTIONS, folder, rezConfig: ['rezconfig.yaml'], variables: { TOP: folder }, ...more }
  const loaded = await loadContexts(options, defaultPolicy, null)
  const cut = (text: string): string => text.replaceAll(folder, '')
  if ('failures' in loaded) return loaded.failures.map(faultText).map(cut)
  return [...loaded.contexts.flatMap(({ packages }) => packages.map(packageId)), ...loaded.notes.map(cut)]
}

describe('--rez-config', () => {
  it('names the repositories, local before released, unless --repo does', async () => {
    const config = "packages_path: ['${TOP}/local', '$TOP/released', '${NOWHERE}/x']\n"
    const unknown = `"\${NOWHERE}/x" in packages_path of Rez's configuration refers to something unknown: left out`
    expect(await load(config, { contexts: ['usd'] })).toEqual(['usd-25.beta', unknown])
    expect(await load(config, { contexts: ['usd'], repos: ['local'] })).toEqual(['usd-24.8', unknown])
    expect(await load(config, { contexts: ['usd'], packagesPath: ['local'] })).toEqual(['usd-25.beta', unknown])
  })

  it('filters and orders packages', async () => {
    const repos = ['local', 'released']
    expect(await load("package_filter: {excludes: ['*.beta']}\n", { contexts: ['usd'], repos })).toEqual(['usd-24.11'])
    const orderers = 'package_orderers: [{type: sorted, descending: false}]\n'
    expect(await load(orderers, { contexts: ['usd'], repos })).toEqual(['usd-24.8'])
  })

  it('has implicit packages, and may forbid packages without a version', async () => {
    const repos = ['released']
    expect(await load("implicit_packages: ['~usd<25']\n", { contexts: ['usd'], repos })).toEqual([
      'usd-24.11',
      'implicit packages: ~usd<25',
    ])
    expect(await load('{}', { contexts: ['maya'], repos })).toEqual(['maya'])
    const [fault] = await load('allow_unversioned_packages: false\n', { contexts: ['maya'], repos })
    expect(fault).toContain('no repository has a package called maya')
  })

  it('that cannot be used ends the command', async () => {
    expect(await load('packages_path: 5\n', { contexts: ['usd'] })).toEqual([
      '/rezconfig.yaml: packages_path is 5; a list of texts was expected',
    ])
    expect(await load('{}', { contexts: ['usd'], rezConfig: ['nowhere.yaml'] })).toEqual([
      '/nowhere.yaml: does not exist',
    ])
  })
})

describe('references', () => {
  const machine = { platform: 'linux', arch: 'x86_64', os: 'rocky-9' }
  it.each([
    ['~platform=={system.platform}', '~platform==linux'],
    ['~/packages', '/home/me/packages'],
    ['~os', '~os'],
    ['$TOP/x:${TOP}', '/top/x:/top'],
    ['{system.hostname}', null],
    ['$NONE', null],
  ])('%s is %s', (text, value) => {
    expect(expanded(text, { variables: { HOME: '/home/me', TOP: '/top' }, machine })).toBe(value)
  })

  it('are not known without a machine', () => {
    expect(expanded('~os=={system.os}', { variables: {}, machine: null })).toBeNull()
  })
})

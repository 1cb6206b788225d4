/** Captured environments, and the payload that an environment gives away. */
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { DEFAULT_SETTINGS } from '../../../src/rez/configuration/settings.ts'
import { faultText } from '../../../src/domain/fault.ts'
import { loadContexts } from '../../../src/rez/context/load.ts'
import { payloadProposals, proposalNotes } from '../../../src/rez/context/proposals.ts'
import { variableValue } from '../../../src/domain/context.ts'
import { CONTEXT_OPTIONS, makeRepository } from '../../support/packages.ts'
import type { Context } from '../../../src/domain/context.ts'

describe('a captured environment', () => {
  async function load(text: string): Promise<{ readonly folder: string; readonly answer: Context | string }> {
    const folder = makeRepository({ 'usd/1': "variants = [['py-3']]\ndef commands():\n    env.LOST = 1\n", 'py/3': '' })
    const environmentFile = `${folder}/env.json`
    writeFileSync(environmentFile, text)
    const reading = await loadContexts(
      { kind: 'requests', requests: ['usd==1', 'py==3'], repositories: [folder] },
      { ...CONTEXT_OPTIONS, environmentFile },
    )
    if ('faults' in reading) return { folder, answer: reading.faults.map(faultText).join('\n') }
    const [context] = reading.contexts
    return { folder, answer: context ?? 'no context' }
  }

  it('replaces the evaluation, and gives each entry to the package it lies in', async () => {
    const text = (folder: string): string =>
      JSON.stringify({
        PATH: `${folder}/usd/1/py-3/bin:${folder}/py/3/bin:/usr/bin:`,
        CMAKE_MODULE_PATH: `${folder}/usd/1/py-3/cmake;/a:b`,
        URL: 'http://x/y',
      })
    const { folder } = await load('{}')
    const { folder: top, answer } = await load(text(folder).replaceAll(folder, 'FOLDER'))
    expect(typeof answer).toBe('object')
    writeFileSync(`${top}/env.json`, text(top))
    const again = await loadContexts(
      { kind: 'requests', requests: ['usd==1', 'py==3'], repositories: [top] },
      { ...CONTEXT_OPTIONS, environmentFile: `${top}/env.json` },
    )
    if ('faults' in again) throw new Error(again.faults.map(faultText).join('\n'))
    const { environment } = again.contexts[0] ?? { environment: { variables: [], aliases: [] } }
    expect(environment.variables.map((variable) => variable.name)).toEqual(['CMAKE_MODULE_PATH', 'PATH', 'URL'])
    expect(environment.variables[1]?.entries.map((entry) => entry.package)).toEqual(['usd-1', 'py-3', null, null])
    expect(environment.variables[0]?.entries.map((entry) => entry.package)).toEqual(['usd-1', null])
    expect(variableValue(environment, 'PATH')).toBe(`${top}/usd/1/py-3/bin:${top}/py/3/bin:/usr/bin:`)
    expect(variableValue(environment, 'URL')).toBe('http://x/y')
    expect(variableValue(environment, 'LOST')).toBeNull()
  })

  it.each(['', '[]', '{"A": 1}', 'null', '{'])('%j is a fault', async (text) => {
    expect((await load(text)).answer).toContain('is no captured environment')
  })
})

describe('the payload cache', () => {
  const environment = async (
    variables: Readonly<Record<string, string>>,
    cachePath: string | null,
  ): Promise<{ readonly path: string; readonly notes: readonly string[] }> => {
    const folder = makeRepository({ 'usd/1': '', 'py/3': '' })
    const environmentFile = `${folder}/env.json`
    const values = Object.entries(variables).map(([name, value]) => [name, value.replaceAll('REPO', folder)])
    writeFileSync(environmentFile, JSON.stringify(Object.fromEntries(values)))
    const settings = { ...DEFAULT_SETTINGS, cachePath }
    const reading = await loadContexts(
      { kind: 'requests', requests: ['usd', 'py'], repositories: [folder] },
      { ...CONTEXT_OPTIONS, environmentFile, settings },
    )
    const [context] = 'contexts' in reading ? reading.contexts : []
    if (context === undefined) throw new Error('no context')
    const path = context.environment.variables.find(({ name }) => name === 'PATH')
    const entries = path?.entries.map(({ value, package: owner }) => `${value.replace(folder, 'REPO')}=${owner ?? ''}`)
    return { path: (entries ?? []).join(' '), notes: context.notes }
  }
  const PATH = '/cache/usd/1/c0ff/a/bin:/cache/usd/1/c0ff/ab:REPO/py/3/bin'

  it('is mapped back by what Rez says the root was', async () => {
    const variables = { PATH, REZ_USD_ROOT: '/cache/usd/1/c0ff/a', REZ_USD_ORIG_ROOT: 'REPO/usd/1' }
    const { path, notes } = await environment(variables, null)
    expect(path).toBe('REPO/usd/1/bin=usd-1 /cache/usd/1/c0ff/ab= REPO/py/3/bin=py-3')
    expect(notes).toEqual(['Rez took usd-1 from its payload cache: audited are the packages that it copied'])
  })

  it('or where the configuration says that the cache is', async () => {
    const variables = { PATH, REZ_USD_ROOT: '/cache/usd/1/c0ff/a' }
    expect((await environment(variables, '/cache')).path).toContain('REPO/usd/1/bin=usd-1')
    const { path, notes } = await environment(variables, null)
    expect(path).toContain('/cache/usd/1/c0ff/a/bin=')
    expect(notes).toEqual([])
  })
})

describe('payload proposals', () => {
  const proposals = async (commands: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const files = Object.fromEntries(
      Object.entries(commands).map(([id, lines]) => [
        id,
        `def commands():\n${lines
          .split('; ')
          .map((line) => `    ${line}\n`)
          .join('')}`,
      ]),
    )
    const repositories = [makeRepository(files)]
    const requests = Object.keys(commands).map((id) => id.replace('/', '=='))
    const options = { ...CONTEXT_OPTIONS, payload: new Map([['known', ['/opt/known']]]) }
    const reading = await loadContexts({ kind: 'requests', requests, repositories }, options)
    if ('faults' in reading) throw new Error(reading.faults.map(faultText).join('\n'))
    return reading.contexts.flatMap(payloadProposals).map((one) => `${one.package} ${one.folder}`)
  }

  it('a folder outside the system that one package puts on the paths', async () => {
    const found = await proposals({
      'maya/2024.1':
        "env.PATH.append('/usr/autodesk/maya{version.major}/bin'); env.LD_LIBRARY_PATH.append('/usr/autodesk/maya2024/lib')",
      'nuke/14': "env.PATH.append('/opt/Nuke14'); env.OTHER.append('/opt/x/bin')",
    })
    expect(found).toEqual(['maya /usr/autodesk/maya2024', 'nuke /opt/Nuke14'])
  })

  it('no folder of the system, of a package, of policy, or of two packages', async () => {
    const found = await proposals({
      'a/1': "env.PATH.append('/usr/bin'); env.PATH.append('{root}/bin'); env.PATH.append('/opt/both/bin')",
      'b/1':
        "env.PATH.append('/opt/both/bin'); env.LD_LIBRARY_PATH.append('/usr/lib64/x'); env.PATH.append('$HOME/bin')",
      'known/1': "env.PATH.append('/opt/known/bin'); env.PATH.append('/usr/local/bin'); env.PATH.append('/opt')",
      'c/1': "env.PATH.append('bin'); env.PATH.append('/opt/bin')",
    })
    expect(found).toEqual(['c /opt/bin'])
  })

  it('says what to add to the policy', async () => {
    const repositories = [makeRepository({ 'nuke/14': "def commands():\n    env.PATH.append('/opt/Nuke14')\n" })]
    const reading = await loadContexts({ kind: 'requests', requests: ['nuke'], repositories }, CONTEXT_OPTIONS)
    const [context] = 'contexts' in reading ? reading.contexts : []
    expect(context?.notes).toEqual(context === undefined ? [] : proposalNotes(context))
    expect(context?.notes[0]?.split('\n')).toEqual([
      'folders that one package alone puts on the paths: nuke-14 /opt/Nuke14. To read them as its payload, add to airtight.yaml:',
      'packages:',
      '  nuke:',
      '    payload: ["/opt/Nuke{version}"]',
    ])
  })

  it.each([
    ['maya/2024.1', '/usr/autodesk/maya2024/bin', '/usr/autodesk/maya{version.major}'],
    ['houdini/20.5.332', '/opt/hfs20.5.332/bin', '/opt/hfs{version}'],
    ['houdini/20.5.332', '/opt/hfs20.5/bin', '/opt/hfs{version.2}'],
    ['nuke/15.1.2.3', '/opt/Nuke15.1.2/lib', '/opt/Nuke{version.3}'],
    ['rv/7.1', '/opt/rv7/bin', '/opt/rv7'],
    ['x/3', '/opt/x3d-3/bin', '/opt/x3d-3'],
    ['maya/2024.1', '/opt/maya2024.2/bin', '/opt/maya2024.2'],
  ])('%s at %s as %s, which the policy reads back', async (id, folder, pattern) => {
    const repositories = [makeRepository({ [id]: `def commands():\n    env.PATH.append('${folder}')\n` })]
    const [name = '', version = ''] = id.split('/')
    const request = { kind: 'requests', requests: [name], repositories } as const
    const before = await loadContexts(request, CONTEXT_OPTIONS)
    const [context] = 'contexts' in before ? before.contexts : []
    const yaml = (context?.notes[0] ?? '').split('\n').slice(1).join('\n')
    expect((parse(yaml) as unknown) ?? null).toEqual({ packages: { [name]: { payload: [pattern] } } })
    const payload = new Map([[name, [pattern]]])
    const after = await loadContexts(request, { ...CONTEXT_OPTIONS, payload })
    const [again] = 'contexts' in after ? after.contexts : []
    expect(again?.notes).toEqual([])
    expect(again?.packages[0]?.payload.at(-1)).toBe(folder.replace(/\/(bin|lib)$/, ''))
    expect(again?.packages[0]?.version).toBe(version)
  })
})

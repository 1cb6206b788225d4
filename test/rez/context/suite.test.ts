/** Suites and bundles: every context of them, and what tools are called. */
import { writeFileSync, mkdirSync, rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { faultText } from '../../../src/domain/fault.ts'
import { loadContexts } from '../../../src/rez/context/load.ts'
import { CONTEXT_OPTIONS, makeRepository } from '../../support/packages.ts'

const SUITE = `contexts:
  anim:
    name: anim
    priority: 1
    prefix: a_
    tool_aliases: {maya: animaya}
    hidden_tools: !!set {rvio: null}
  light:
    name: light
    priority: 2
    suffix: _l
    tool_aliases: {rv: a_rv}
    hidden_tools: []
`

function studio(suite: string, contexts: Readonly<Record<string, readonly string[]>>): string {
  const folder = makeRepository({
    'repo/maya/2024/package.py': "name = 'maya'\nversion = '2024'\ntools = ['maya', 'render']\nrequires = ['python']\n",
    'repo/rv/1/package.py': "name = 'rv'\nversion = '1'\ntools = ['rv', 'rvio']\n",
    'repo/python/3/package.py': "name = 'python'\nversion = '3'\ntools = ['python']\n",
    'suite/suite.yaml': suite,
  })
  mkdirSync(`${folder}/suite/contexts`)
  for (const [name, ids] of Object.entries(contexts)) {
    const handles = ids.map((id) => {
      const [family = '', version = ''] = id.split('-')
      const variables = {
        repository_type: 'filesystem',
        location: `${folder}/repo`,
        name: family,
        version,
        index: null,
      }
      return { key: 'filesystem.variant', variables }
    })
    const requests = ids.filter((id) => !id.startsWith('python'))
    const document = {
      serialize_version: '4.9',
      status: 'solved',
      package_requests: requests,
      resolved_packages: handles,
    }
    writeFileSync(`${folder}/suite/contexts/${name}.rxt`, JSON.stringify(document))
  }
  return folder
}

async function load(folder: string): Promise<Readonly<Record<string, readonly string[]>> | readonly string[]> {
  const reading = await loadContexts({ kind: 'suite', folder: `${folder}/suite`, repositories: [] }, CONTEXT_OPTIONS)
  if ('faults' in reading) return reading.faults.map(faultText).map((text) => text.replaceAll(folder, ''))
  return Object.fromEntries(reading.contexts.map(({ name, notes }) => [name, notes]))
}

describe('a suite', () => {
  it('gives each of its contexts, with the names of tools and who takes one that two have', async () => {
    const folder = studio(SUITE, { anim: ['python-3', 'maya-2024', 'rv-1'], light: ['rv-1'] })
    expect(await load(folder)).toEqual({
      'suite/anim': [
        'the suite calls tools of anim otherwise: maya as animaya, render as a_render',
        'the suite starts a_rv in its context light, not in anim',
      ],
      'suite/light': ['the suite calls tools of light otherwise: rv as a_rv, rvio as rvio_l'],
    })
  })

  it('may say less of a context, or something that means nothing', async () => {
    const suite =
      'contexts: {one: {prefix: 5, tool_aliases: {rv: 7, rvio: rvio}, hidden_tools: {maya: null}}, two: {hidden_tools: 5}}'
    const folder = studio(suite, { one: ['rv-1'], two: ['python-3', 'maya-2024'] })
    expect(await load(folder)).toEqual({ 'suite/one': [], 'suite/two': [] })
  })

  it('with a context that is none says which, and with the others', async () => {
    const folder = studio('contexts: {one: {}, two: {}, three: {}}', { one: ['rv-1'] })
    writeFileSync(`${folder}/suite/contexts/two.rxt`, '{"status": ')
    writeFileSync(`${folder}/suite/contexts/three.rxt`, '[]')
    expect(await load(folder)).toEqual([
      '/suite/contexts/three.rxt: is no context of Rez: a mapping with "resolved_packages" was expected',
      expect.stringContaining('/suite/contexts/two.rxt: is no JSON: '),
    ])
  })

  it('without its file is no suite', async () => {
    const folder = studio('', {})
    rmSync(`${folder}/suite/suite.yaml`)
    expect(await load(folder)).toEqual(['/suite/suite.yaml: does not exist'])
  })

  it.each([
    ['contexts: {}', ['/suite/suite.yaml: has no contexts']],
    ['contexts: {../x: {}}', ['/suite/suite.yaml: has a context called "../x", which names no file']],
    ['a: b', ['/suite/suite.yaml: is no suite of Rez: a mapping with "contexts" was expected']],
    ['5', ['/suite/suite.yaml: is no suite of Rez: a mapping with "contexts" was expected']],
    ['contexts: [a]', ['/suite/suite.yaml: is no suite of Rez: a mapping with "contexts" was expected']],
    ['contexts: &a [*b]', [expect.stringContaining('/suite/suite.yaml: is no YAML of ordinary size and depth')]],
    ['contexts: {.hidden: {}}', ['/suite/suite.yaml: has a context called ".hidden", which names no file']],
    ['a: [', [expect.stringContaining('/suite/suite.yaml: line 1: is no YAML: ')]],
    [
      'contexts: {one: {}, two: }',
      ['/suite/contexts/one.rxt: does not exist', '/suite/contexts/two.rxt: does not exist'],
    ],
  ])('%s', async (text, faults) => {
    expect(await load(studio(text, {}))).toEqual(faults)
  })
})

/** Late functions: requires and tools that the resolve itself decides. */
import { describe, expect, it } from 'vitest'
import { loadContexts } from '../../../src/rez/context/load.ts'
import { DEFAULT_SETTINGS } from '../../../src/rez/configuration/settings.ts'
import { faultText } from '../../../src/domain/fault.ts'
import { packageId, variableValue } from '../../../src/domain/context.ts'
import { CONTEXT_OPTIONS, makeRepository } from '../../support/packages.ts'

const SYSTEM = { platform: 'linux', arch: 'x86_64', os: 'rocky-9' }

/** Packages with tools, then what was not evaluated. */
async function load(requires: string, requests: readonly string[], more = ''): Promise<readonly string[]> {
  const body = requires
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')
  const repository = makeRepository({
    'app/1.2': `tools = ['app']\n@late()\ndef requires():\n${body}${more}`,
    'usd/24': '',
    'usd/25': '',
    'tbb/1': '',
  })
  const reading = await loadContexts(
    { kind: 'requests', requests, repositories: [repository] },
    { ...CONTEXT_OPTIONS, implicit: [], system: SYSTEM },
  )
  if ('faults' in reading) return reading.faults.map(faultText)
  const [context] = reading.contexts
  const lost = (context?.packages ?? []).flatMap(({ unevaluated }) =>
    unevaluated.map(({ line, reason }) => `line ${line}: ${reason}`),
  )
  return [...(context?.packages ?? []).map((item) => [packageId(item), ...item.tools].join(' ')), ...lost]
}

describe('late requires', () => {
  it.each([
    ["return ['usd-24']", ['app'], ['usd-24', 'app-1.2 app']],
    ["if 'tbb' in request:\n    return ['usd-24']\nreturn ['usd']", ['app'], ['usd-25', 'app-1.2 app']],
    ["if 'tbb' in request:\n    return ['usd-24']\nreturn ['usd']", ['app', 'tbb'], ['usd-24', 'app-1.2 app', 'tbb-1']],
    ["return ['usd-24'] if system.os == 'rocky-9' else []", ['app'], ['usd-24', 'app-1.2 app']],
    ["return ['usd-%d' % (23 + int(this.version.major))]", ['app'], ['usd-24', 'app-1.2 app']],
    ["return ['usd-24'] if in_context() and not building else []", ['app'], ['usd-24', 'app-1.2 app']],
    [
      "if intersects(request.get_range('usd'), '24'):\n    return ['tbb']\nreturn []",
      ['app', 'usd-24'],
      ['tbb-1', 'app-1.2 app', 'usd-24'],
    ],
  ])('%s for %j', async (requires, requests, expected) => {
    expect(await load(requires, requests)).toEqual(expected)
  })

  it('what cannot be known without running it is named, with its line', async () => {
    expect(await load("import socket\nreturn ['usd-' + socket.gethostname()]", ['app'])).toEqual([
      'app-1.2 app',
      expect.stringMatching(/^line [67]: a late function that is not evaluated: /),
    ])
    expect(await load("return [this.root + 'x']", ['app'])).toEqual([
      'app-1.2 app',
      expect.stringContaining('this.root is not known before the resolve is done'),
    ])
  })

  it('what is evaluated and no requirement is a fault', async () => {
    expect(await load("return ['usd 1']", ['app'])).toEqual([expect.stringContaining('in requires: "usd 1"')])
    expect(await load('return 5', ['app'])).toEqual([expect.stringContaining('requires is no list of strings')])
  })
})

describe('included modules', () => {
  it('are read where Rez copied them, for late functions and for commands', async () => {
    const repository = makeRepository({
      'app/1':
        "@late()\n@include('studio')\ndef requires():\n    return studio.wanted('usd')\n" +
        "@include('studio')\ndef commands():\n    studio.paths(env, root)\n",
      'app/1/.rez/include/studio.py':
        "def wanted(name):\n    return [name + '-24']\ndef paths(env, root):\n    env.PATH.append(root + '/bin')\n",
      'app/1/.rez/include/studio.sha1': '0',
      'usd/24': '',
      'usd/25': '',
    })
    const request = { kind: 'requests', requests: ['app'], repositories: [repository] } as const
    const reading = await loadContexts(request, CONTEXT_OPTIONS)
    const [context] = 'contexts' in reading ? reading.contexts : []
    if (context === undefined) throw new Error('no context')
    expect(context.packages.map(packageId)).toEqual(['usd-24', 'app-1'])
    expect(variableValue(context.environment, 'PATH')).toBe(`${repository}/app/1/bin`)
    expect(context.unevaluated).toEqual([])
  })

  it('of a package that is not installed are where the configuration says', async () => {
    const folder = makeRepository({
      'here/package.py': "name = 'app'\n@include('studio')\ndef commands():\n    env.X = studio.SITE\n",
      'modules/studio.py': "SITE = 'there'\n",
    })
    const settings = { ...DEFAULT_SETTINGS, includePath: `${folder}/modules` }
    const request = { kind: 'folder', folder: `${folder}/here`, repositories: [] } as const
    const reading = await loadContexts(request, { ...CONTEXT_OPTIONS, settings })
    const [context] = 'contexts' in reading ? reading.contexts : []
    expect(context === undefined ? null : variableValue(context.environment, 'X')).toBe('there')
  })
})

describe('late tools', () => {
  it('are those of the resolve', async () => {
    const tools = "@late()\ndef tools():\n    return ['app'] + (['extra'] if 'tbb' in request else [])\n"
    expect(await load('return []', ['app', 'tbb'], tools)).toEqual(['app-1.2 app extra', 'tbb-1'])
  })
})

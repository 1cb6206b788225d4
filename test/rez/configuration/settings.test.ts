/** Rez configurations: what a file means, how a later one changes it, what is refused and what is named. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS, mapped, readSettings } from '../../../src/rez/configuration/settings.ts'
import { diskFiles } from '../../../src/rez/repository/files.ts'
import { faultText } from '../../../src/domain/fault.ts'
import { isParseError } from '../../../src/rez/version/parse-error.ts'
import { makeFolder } from '../../support/system/folder.ts'
import { readConfiguration } from '../../../src/rez/configuration/files.ts'
import { updated } from '../../../src/rez/configuration/plain.ts'
import type { RezSettings } from '../../../src/rez/configuration/settings.ts'

/** The settings of files, in the order given; a text with what is wrong with them. */
async function read(files: Readonly<Record<string, string>>): Promise<RezSettings | string> {
  const folder = makeFolder(files)
  const configuration = await readConfiguration(
    Object.keys(files).map((name) => `${folder}/${name}`),
    diskFiles,
  )
  if ('faults' in configuration) return configuration.faults.map(faultText).join('; ').replaceAll(folder, '')
  const settings = readSettings(configuration)
  if (isParseError(settings)) return settings.error
  return { ...settings, notes: settings.notes.map((note) => note.replaceAll(folder, '')) }
}

const sure = (value: RezSettings | string): RezSettings => {
  if (typeof value === 'string') throw new Error(value)
  return value
}

const PY = `import os
studio = '/studio'
packages_path = ['~/packages', studio + '/rez']
implicit_packages = ['~platform=={system.platform}']
platform_map = {'os': {r'CentOS-(\\d+).*': r'CentOS-\\1'}}
package_filter = {'excludes': ['*.beta']}
variant_select_mode = 'intersection_priority'
allow_unversioned_packages = False
use_variant_shortlinks = False
parent_variables = ['PATH']
standard_system_paths = ['/usr/bin']
def package_preprocess_function(this, data):
    pass
`

describe('a configuration in Python', () => {
  it('is read, not run', async () => {
    const settings = sure(await read({ 'rezconfig.py': PY }))
    expect(settings).toMatchObject({
      packagesPath: ['~/packages', '/studio/rez'],
      implicitPackages: ['~platform=={system.platform}'],
      allowUnversioned: false,
      shortlinks: null,
      systemPaths: ['/usr/bin'],
      notes: [],
    })
    expect(settings.solve.variantSelectMode).toBe('intersection_priority')
    expect(settings.solve.filters).toHaveLength(1)
    expect(settings.parentVariables).toEqual(new Set(['PATH']))
    expect(mapped('CentOS-7.9.2009', settings.platformMap.os)).toBe('CentOS-7')
    expect(mapped('rocky-9', settings.platformMap.os)).toBe('rocky-9')
  })

  it('what is not known without running it is named, with its line, where it matters', async () => {
    const text = `import os\npackages_path = os.environ['X'].split(':')\nprompt_release_message = os.getpid()\noptionvars = {'a': 1}\n`
    const { packagesPath, notes } = sure(await read({ 'rezconfig.py': text }))
    expect(packagesPath).toBeNull()
    expect(notes).toEqual([
      expect.stringMatching(/^\/rezconfig\.py: line 2: packages_path of Rez's configuration is not known/),
      "optionvars of Rez's configuration is ignored: optionvars() in commands is not evaluated",
    ])
  })

  it('that does not parse is a fault with the line as the file has it', async () => {
    expect(await read({ 'rezconfig.py': 'a = 1\nb = 2\nc d\n' })).toMatch(/^\/rezconfig\.py: line 3: /)
  })
})

describe('several files', () => {
  it('a later one wins, lists may be added to, mappings are merged', async () => {
    const settings = sure(
      await read({
        'a.yaml': "packages_path: [/b]\nenv_var_separators: {A: ','}\nimplicit_packages: [x]\n",
        'b.py': "packages_path = ModifyList(append=['/c'], prepend=['/a'])\nenv_var_separators = {'B': ' '}\n",
        'c.yaml': 'implicit_packages: []\n',
      }),
    )
    expect(settings.packagesPath).toEqual(['/a', '/b', '/c'])
    expect(settings.implicitPackages).toEqual([])
    expect([...settings.separators]).toEqual([...DEFAULT_SETTINGS.separators, ['A', ','], ['B', ' ']])
  })

  it('what is not there before may be added to, and none is as if nothing were said', async () => {
    const settings = sure(
      await read({
        'a.py': "packages_path = ModifyList(append=['/c'])\ncache_packages_path = None\nall_parent_variables = True\n",
        'b.yaml': 'package_definition_python_path: /inc\nvariant_shortlinks_dirname: _s\nstandard_system_paths: []\n',
      }),
    )
    expect(settings).toMatchObject({ packagesPath: ['/c'], cachePath: null, includePath: '/inc', shortlinks: '_s' })
    expect([settings.parentVariables, settings.systemPaths]).toEqual([true, null])
  })

  it.each([
    [{ '(?P<n>\\w+)-(\\d+)\\Z': '\\g<2>$\\g<n>' }, 'rocky-9', '9$rocky'],
    [{ '\\Ax86_(\\d+)': '\\1bit' }, 'x86_64', '64bit'],
    [{ a: 'b', ab: 'c' }, 'abab', 'bbbb'],
  ])('names of the machine are rewritten as Python would: %j', async (arch, name, result) => {
    const { platformMap } = sure(await read({ 'a.yaml': JSON.stringify({ platform_map: { arch } }) }))
    expect(mapped(name, platformMap.arch)).toBe(result)
    expect(platformMap.os).toEqual([])
  })

  it('nothing changes nothing', async () => {
    expect(await read({ 'a.yaml': '' })).toEqual(DEFAULT_SETTINGS)
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (settings) => {
        expect(updated(settings, {})).toEqual(settings)
      }),
    )
  })
})

describe('what is refused', () => {
  it.each([
    ['packages_path: /studio', 'packages_path is "/studio"; a list of texts was expected'],
    ['allow_unversioned_packages: maybe', 'allow_unversioned_packages is "maybe"; true or false was expected'],
    ['variant_select_mode: best', 'variant_select_mode is "best", neither version_priority nor intersection_priority'],
    ["platform_map: {os: {'(': x}}", 'platform_map: ( is no pattern'],
    ['package_filter: 5', 'package_filter holds something that is no mapping'],
    ['[1]', '/a.yaml: is no configuration of Rez: a mapping was expected'],
    ['a: [', '/a.yaml: line 1: is no YAML'],
    ['packages_path: [/a, 5]', 'packages_path is ["/a",5]; a list of texts was expected'],
    ['cache_packages_path: [a]', 'cache_packages_path is ["a"]; text was expected'],
    ['env_var_separators: [a]', 'env_var_separators is ["a"]; a mapping of texts was expected'],
    ['env_var_separators: {A: 5}', 'env_var_separators is {"A":5}; a mapping of texts was expected'],
    ['platform_map: 5', 'platform_map is no mapping'],
    ['platform_map: {os: 5}', 'platform_map holds something that is no mapping of patterns'],
    ['platform_map: {arch: [a]}', 'platform_map holds something that is no mapping of patterns'],
    ['platform_map: {arch: {a: 5}}', 'platform_map: a is mapped to something that is no text'],
    [`a: ${'['.repeat(20_000)}`, '/a.yaml: '],
    ['a: *b', '/a.yaml: is no YAML of ordinary size and depth: Unresolved alias'],
  ])('%s', async (text, message) => {
    expect(await read({ 'a.yaml': text })).toContain(message)
  })

  it('a file that is absent or too large, and a list that is modified by none', async () => {
    const absent = await readConfiguration(['/nowhere/rezconfig.py'], diskFiles)
    expect('faults' in absent ? absent.faults.map(faultText) : []).toEqual(['/nowhere/rezconfig.py: does not exist'])
    expect(await read({ 'large.py': '#'.repeat(2 * 1024 * 1024) })).toMatch(/^\/large\.py: \d+ characters: /)
    expect(await read({ 'b.py': "packages_path = ModifyList(append='x')\n" })).toContain('a list of texts was expected')
    expect(await read({ 'c.py': "packages_path = ModifyList(prepend=5, append=['a'])\n" })).toContain('a list of texts')
  })

  it('any text is settings or says what is wrong', async () => {
    const part = fc.constantFrom(
      'packages_path',
      'platform_map',
      ': ',
      '\n',
      ' = ',
      '[',
      ']',
      "'a'",
      '{os: {a: b}}',
      '5',
      '- ',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), fc.constantFrom('py', 'yaml'), async (parts, kind) => {
        const file = `/c.${kind}`
        const files = { ...diskFiles, text: () => Promise.resolve(parts.join('')) }
        const configuration = await readConfiguration([file], files)
        if ('faults' in configuration) expect(configuration.faults.every((fault) => fault.file === file)).toBe(true)
        else expect(readSettings(configuration)).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })
})

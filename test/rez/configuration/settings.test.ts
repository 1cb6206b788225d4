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
    ['a: [', '/a.yaml: is no YAML'],
  ])('%s', async (text, message) => {
    expect(await read({ 'a.yaml': text })).toContain(message)
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

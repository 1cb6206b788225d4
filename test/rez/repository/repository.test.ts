/** Repositories: what is a family, a version, a package; and how little is asked of the disk. */
import { describe, expect, it } from 'vitest'
import { faultText } from '../../../src/domain/fault.ts'
import { flagAttribute, textAttribute, textsAttribute } from '../../../src/rez/source/definition.ts'
import { openRepository } from '../../../src/rez/repository/repository.ts'
import { diskFiles } from '../../../src/rez/repository/files.ts'
import { countingFiles, makeRepository } from '../../support/packages.ts'
import type { Content } from '../../support/system/folder.ts'

async function versions(files: Readonly<Record<string, Content>>, name: string): Promise<readonly string[] | null> {
  const family = await openRepository(makeRepository(files), diskFiles).family(name)
  return family === null ? null : family.packages.map((entry) => entry.version.text)
}

describe('families of folders', () => {
  it('lists versions ascending', async () => {
    expect(
      await versions({ 'usd/24.8': '', 'usd/24.11': '', 'usd/23.2-rc1': '', 'usd/notes.txt': 'x' }, 'usd'),
    ).toEqual(['23.2-rc1', '24.8', '24.11'])
  })

  it('passes over dot names, files, dangling links and ignored versions', async () => {
    const files = {
      'usd/1': '',
      'usd/2': '',
      'usd/.cache/package.py': '',
      'usd/.ignore2': '',
      'usd/3/package.py': '',
      'usd/.ignore3.1': '',
      'usd/latest': { link: '1' },
      'usd/broken': { link: 'nowhere' },
      'usd/README': { link: '1/package.py' },
    }
    expect(await versions(files, 'usd')).toEqual(['latest', '1', '3'])
  })

  it('a build in progress hides a version until its definition is there', async () => {
    const files = { 'usd/1': '', 'usd/.building1': '', 'usd/2/lib/x.so': '', 'usd/.building2': '' }
    expect(await versions(files, 'usd')).toEqual(['1'])
  })

  it('a definition in the family folder makes it unversioned', async () => {
    expect(await versions({ 'tools/package.yaml': 'name: tools\n', 'tools/1': '' }, 'tools')).toEqual([''])
    expect(await versions({ 'tools/package.py/x': '', 'tools/1': '' }, 'tools')).toEqual(['package.py', '1'])
  })

  it('a folder that is no version is a fault, and hides no other', async () => {
    const location = makeRepository({ 'usd/1': '', 'usd/a..b/x': '' })
    const family = await openRepository(location, diskFiles).family('usd')
    expect(family?.packages.map((entry) => entry.version.text)).toEqual(['1'])
    expect(family?.faults.map(faultText)).toEqual([
      `${location}/usd/a..b: "a..b" is no version: a token of letters, digits and _ is missing`,
    ])
  })

  it('knows no family of an impossible name, nor one that is not there', async () => {
    expect(await versions({ 'usd/1': '' }, '../usd')).toBeNull()
    expect(await versions({ 'usd/1': '' }, 'katana')).toBeNull()
    expect(await versions({ 'settings.yaml': 'disable_memcache: true\n' }, 'settings')).toBeNull()
  })

  it('lists a family once, and reads only the definition that is asked for', async () => {
    const location = makeRepository({ 'usd/1': '', 'usd/2': '', 'usd/3': '' })
    const { files, asked } = countingFiles()
    const repository = openRepository(location, files)
    const family = await repository.family('usd')
    await repository.family('usd')
    await family?.packages[1]?.definition()
    await family?.packages[1]?.definition()
    expect(asked).toEqual([`list ${location}/usd`, `text ${location}/usd/2/package.py`])
  })

  it('reads a package that a context names without listing anything', async () => {
    const location = makeRepository({ 'usd/1/package.yaml': 'name: usd\n' })
    const { files, asked } = countingFiles()
    const reading = await openRepository(location, files).entry('usd', '1').definition()
    expect(reading.definition?.file).toBe(`${location}/usd/1/package.yaml`)
    expect(asked).toEqual([`text ${location}/usd/1/package.py`, `text ${location}/usd/1/package.yaml`])
  })
})

describe('definitions', () => {
  it('package.py comes before package.yaml', async () => {
    const location = makeRepository({ 'usd/1': 'hashed_variants = True\n', 'usd/1/package.yaml': 'name: other\n' })
    const { definition } = await openRepository(location, diskFiles).entry('usd', '1').definition()
    expect(definition === null ? null : flagAttribute(definition, 'hashed_variants')).toBe(true)
  })

  it('a folder without one, and one that cannot be parsed, are faults', async () => {
    const location = makeRepository({ 'usd/1/lib/x.so': '', 'usd/2': 'requires = [\n' })
    const repository = openRepository(location, diskFiles)
    const absent = await repository.entry('usd', '1').definition()
    expect(absent.faults.map(faultText)).toEqual([`${location}/usd/1: has neither package.py nor package.yaml`])
    const broken = await repository.entry('usd', '2').definition()
    expect(broken.definition).toBeNull()
    expect(broken.faults.map((fault) => fault.kind)).toEqual(['malformed'])
  })
})

describe('combined families', () => {
  const python = [
    "name = 'ocio_config'",
    "versions = ['1.0', '1.2', '2.0']",
    "requires = ['ocio-1']",
    "version_overrides = {'1.2+': {'requires': ['ocio-2']}, '2': {'tools': ['ociocheck']}}",
  ].join('\n')

  it.each(['py', 'yaml'])('one %s file with all versions and their differences', async (suffix) => {
    const yaml = JSON.stringify({
      name: 'ocio_config',
      versions: ['1.0', '1.2', '2.0'],
      requires: ['ocio-1'],
      version_overrides: { '1.2+': { requires: ['ocio-2'] }, 2: { tools: ['ociocheck'] } },
    })
    const location = makeRepository({ [`ocio_config.${suffix}`]: suffix === 'py' ? python : yaml })
    const repository = openRepository(location, diskFiles)
    const family = await repository.family('ocio_config')
    const found = await Promise.all(
      (family?.packages ?? []).map(async (entry) => {
        const { definition } = await entry.definition()
        if (definition === null) return null
        const requires = textsAttribute(definition, 'requires')
        return [entry.folder, textAttribute(definition, 'version'), requires, textsAttribute(definition, 'tools')]
      }),
    )
    expect(found).toEqual([
      [null, '1.0', ['ocio-1'], null],
      [null, '1.2', ['ocio-2'], null],
      [null, '2.0', ['ocio-2'], ['ociocheck']],
    ])
    const named = await repository.combinedEntry('ocio_config', '1.2', suffix).definition()
    expect(named.definition === null ? null : textsAttribute(named.definition, 'requires')).toEqual(['ocio-2'])
  })

  it('a folder of the same name hides the file', async () => {
    expect(await versions({ 'ocio.py': "name = 'ocio'\nversions = ['9']\n", 'ocio/1': '' }, 'ocio')).toEqual(['1'])
  })

  it('no list of versions makes it unversioned; a wrong one is a fault', async () => {
    expect(await versions({ 'ocio.py': "name = 'ocio'\n" }, 'ocio')).toEqual([''])
    for (const wrong of ["versions = 'x'", "versions = ['1..0']", 'versions = [1]', 'versions = open("x")']) {
      const location = makeRepository({ 'ocio.py': `name = 'ocio'\n${wrong}\n` })
      const family = await openRepository(location, diskFiles).family('ocio')
      expect([wrong, family?.packages.length, family?.faults.length]).toEqual([wrong, 0, 1])
    }
  })
})

/** Copies from elsewhere than the host: other bases, images and packages, as `--graft-from` names them. */
import { createHash } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { GraftSources } from '../../src/app/graft-sources.ts'
import { openGraftSources, openNamedSources } from '../../src/app/graft-sources.ts'
import { repairsIn } from '../../src/app/repair-folder.ts'
import { applyToRoot } from '../../src/app/repair-root.ts'
import type { Fault } from '../../src/domain/fault.ts'
import type { RepairFile } from '../../src/domain/repair.ts'
import { writeImage } from '../../src/image/write.ts'
import { GRAFT_ROOT } from '../../src/repair/paths.ts'
import { builtinDrivers } from '../../src/rules/knowledge/lookup.ts'
import { folderEntries, imageOf, layerOf } from '../support/image/layer.ts'
import { planStudio } from '../support/repairing.ts'
import { repairsFolder } from '../support/repairs-folder.ts'
import type { StudioSpec } from '../support/studio.ts'
import { inSystem, lib, otherLib, program, studioFolder, systemFolder } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'
import { makeFolder } from '../support/system/folder.ts'

const studio: StudioSpec = {
  packages: { 'paint-1': { files: { 'bin/paint': program('libink.so.1') } } },
  host: null,
  base: {},
}

async function open(...texts: string[]): Promise<GraftSources> {
  const sources = await openGraftSources(texts, '/')
  if ('message' in sources) throw new Error(sources.message)
  return sources
}

async function fault(...texts: string[]): Promise<Fault> {
  const sources = await openGraftSources(texts, '/')
  if (!('message' in sources)) throw new Error('no fault')
  return sources
}

describe('another base', () => {
  const old = systemFolder({
    [inSystem('libink.so.1')]: lib('libink.so.1', 'libdye.so.2'),
    [inSystem('libdye.so.2')]: lib('libdye.so.2'),
  })

  it('gives a library with what it loads in turn, and proves that no error is left', async () => {
    const { entries, proof } = planStudio(studio, { sources: await open(`old=${old}`) })
    expect(entries['grafts libink.so.1']).toMatchObject({
      source: { kind: 'base', ref: 'old', path: `/${inSystem('libink.so.1')}` },
      closure: ['libdye.so.2'],
      visible_to: ['*'],
    })
    expect(entries['grafts libdye.so.2']).toMatchObject({ source: { kind: 'base', ref: 'old' } })
    expect(proof.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('finds by run paths what lies in folders of its own', async () => {
    const far = { elf: { soname: 'libink.so.1', needs: ['libdye.so.2'], runpath: '$ORIGIN/ink' } }
    const files = { [inSystem('libink.so.1')]: far, [inSystem('ink/libdye.so.2')]: lib('libdye.so.2') }
    const { entries } = planStudio(studio, { sources: await open(`far=${systemFolder(files)}`) })
    expect(entries['grafts libdye.so.2']).toMatchObject({ source: { path: `/${inSystem('ink/libdye.so.2')}` } })
  })

  it('comes in the order that is told, and the host only where it is named', async () => {
    const files = { [inSystem('libink.so.1')]: otherLib('libink.so.1') }
    const both = { ...studio, host: files }
    const kindOf = async (...texts: string[]): Promise<unknown> => {
      const { entries } = planStudio(both, { sources: await open(...texts) })
      return entries['grafts libink.so.1']?.['source']
    }
    expect(await kindOf('host', `old=${old}`)).toMatchObject({ kind: 'host' })
    expect(await kindOf(`old=${old}`, 'host')).toMatchObject({ kind: 'base' })
    expect(await kindOf(`bare=${systemFolder({})}`)).toBeUndefined()
  })

  it('gives nothing that demands a newer C library than the base has', async () => {
    const newer = systemFolder({
      [inSystem('libink.so.1')]: library('libink.so.1', { wants: { 'libc.so.6': ['memcpy@GLIBC_2.99'] } }),
    })
    const base = { [inSystem('libc.so.6')]: library('libc.so.6', { versions: ['GLIBC_2.36'] }) }
    const { entries, plan } = planStudio({ ...studio, base }, { sources: await open(`new=${newer}`) })
    expect(entries).toEqual({})
    expect(plan.withheld.map(({ reason }) => reason)).toEqual([
      'no index of OS packages is given; libink.so.1 of the base new demands GLIBC_2.99 of libc.so.6, which the base does not define',
    ])
  })

  it('is passed over for the next one where its library lacks a version that is demanded', async () => {
    const paint = executable({ wants: { 'libink.so.1': ['draw@INK_1.2'] } })
    const spec = { ...studio, packages: { 'paint-1': { files: { 'bin/paint': paint } } } }
    const having = (version: string): string =>
      systemFolder({ [inSystem('libink.so.1')]: library('libink.so.1', { versions: [version] }) })
    const sources = await open(`a=${having('INK_1.0')}`, `b=${having('INK_1.2')}`)
    expect(planStudio(spec, { sources }).entries['grafts libink.so.1']).toMatchObject({ source: { ref: 'b' } })
  })
})

describe('what a copy opens by itself', () => {
  const draw = { packages: { 'paint-1': { files: { 'bin/paint': program('libGLX.so.0', 'libfontconfig.so.1') } } } }
  const old = systemFolder({
    [inSystem('libGLX.so.0')]: lib('libGLX.so.0'),
    [inSystem('libGLX_mesa.so.0')]: lib('libGLX_mesa.so.0', 'libdrm.so.2'),
    [inSystem('libdrm.so.2')]: lib('libdrm.so.2'),
    [inSystem('dri/swrast_dri.so')]: lib('swrast_dri.so'),
    [inSystem('libfontconfig.so.1')]: lib('libfontconfig.so.1'),
    'etc/fonts/fonts.conf': 'fonts',
  })

  it('comes from the same base, and what it lacks there is told as a warning', async () => {
    const { entries, proof, plan } = planStudio(
      { ...draw, host: null, base: {} },
      { sources: await open(`old=${old}`) },
    )
    expect(entries['grafts libGLX_mesa.so.0']).toMatchObject({
      source: { kind: 'base', ref: 'old' },
      closure: ['libdrm.so.2'],
      fixes: ['FIX004'],
    })
    expect(entries['grafts swrast_dri.so']).toMatchObject({ dest: '{graft}/lib/dri/swrast_dri.so' })
    expect(entries['env LIBGL_DRIVERS_PATH {graft}/lib/dri']).toMatchObject({ op: 'append' })
    expect(proof.findings.map(({ rule, severity, subject }) => [rule, severity, subject])).toEqual([
      ['FIX004', 'warn', 'contexts/studio.yaml grafts libfontconfig.so.1'],
    ])
    expect(plan.withheld.at(-1)?.reason).toContain('a copy of this file alone does not help')
  })
})

describe('an image', () => {
  it('is unpacked into the cache of the caller, and gives what its root gives', async () => {
    const folder = systemFolder({ [inSystem('libink.so.1')]: lib('libink.so.1') })
    const out = makeFolder({})
    const image = imageOf([layerOf('system', folderEntries(folder))])
    const target = { kind: 'oci' as const, path: join(out, 'layout') }
    expect(await writeImage(image, target, { compression: 'gzip' })).not.toHaveProperty('message')
    vi.stubEnv('XDG_CACHE_HOME', join(out, 'cache'))
    const sources = await open(`old=oci:${target.path}`)
    vi.unstubAllEnvs()
    expect(sources.places).toEqual({ old: `oci:${target.path}` })
    const { entries, proof } = planStudio(studio, { sources })
    expect(entries['grafts libink.so.1']).toMatchObject({ source: { kind: 'base', ref: 'old' } })
    expect(proof.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

describe('a package', () => {
  const definition = "name = 'ink'\nversion = '1.4'\n"

  it('gives its library, under the name that links have', async () => {
    const folder = studioFolder({
      'package.py': definition,
      'lib/deep/libink.so.1': lib('libwrong.so.1'),
      'lib/libink.so.1.4': lib('libink.so.1', 'libdye.so.2'),
      'lib/libink.so.1': { link: 'libink.so.1.4' },
      'other/libdye.so.2': lib('libdye.so.2'),
    })
    const { entries, proof } = planStudio(studio, { sources: await open(folder) })
    expect(entries['grafts libink.so.1']).toMatchObject({
      source: { kind: 'package', ref: 'ink-1.4', path: '/lib/libink.so.1.4' },
      symlinks: { 'libink.so.1': 'libink.so.1.4' },
      licence: { package: 'ink-1.4' },
    })
    expect(entries['grafts libdye.so.2']).toMatchObject({ source: { ref: 'ink-1.4', path: '/other/libdye.so.2' } })
    const named = planStudio(studio, { sources: await open(`mine=${folder}`) }).entries
    expect(named['grafts libink.so.1']).toMatchObject({ source: { ref: 'mine' }, licence: { package: 'ink-1.4' } })
    expect(proof.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('is one variant: its folder, or the only one', async () => {
    const variants = "variants = [['python-3.10'], ['python-3.11']]\n"
    const folder = studioFolder({
      'package.py': definition + variants,
      'python-3.10/lib/libink.so.1': lib('libink.so.1'),
      'python-3.11/lib/libink.so.1': otherLib('libink.so.1'),
    })
    expect((await fault(folder)).message).toBe('has 2 variants; name the folder of one of them')
    const sources = await open(join(folder, 'python-3.11'))
    expect(sources.places).toEqual({ 'ink-1.4': join(folder, 'python-3.11') })
    expect(planStudio(studio, { sources }).entries['grafts libink.so.1']).toMatchObject({
      source: { kind: 'package', ref: 'ink-1.4', path: '/lib/libink.so.1' },
    })
  })
})

describe('a root folder', () => {
  it('is one without os-release as well, though it lies in the folder of a package', async () => {
    const folder = join(makeFolder({ 'package.py': "name = 'roots'\nversion = '1'\n" }), 'centos-6')
    renameSync(systemFolder({}), folder)
    const [supply] = (await open(folder)).order
    expect(supply).toMatchObject({ source: { kind: 'base', ref: 'centos-6' } })
  })
})

describe('the name of a source', () => {
  it('may be more than a word: it is found again by it', async () => {
    const folder = join(makeFolder({}), 'old roots (8)')
    renameSync(systemFolder({}), folder)
    const { places } = await open(folder)
    expect(places).toEqual({ 'old roots (8)': folder })
    const source = { kind: 'base' as const, ref: 'old roots (8)', path: '/x' }
    const named = await openNamedSources(
      [{ source, sha256: '', dest: '/x', visible_to: ['*'], licence: { redistribution: 'review' } }],
      places,
    )
    expect('tree' in named && named.tree(source)?.label).toBe(folder)
    expect((await open(`another name=${folder}`)).places).toEqual({ 'another name': folder })
  })

  it('is not what stands before "=" in a path that is there, or in a source that says what it is', async () => {
    const file = join(makeFolder({ 'a=b.cap': 'x' }), 'a=b.cap')
    expect(await openGraftSources(['a=b.cap'], dirname(file))).toMatchObject({ file })
    expect((await fault('oci:a=b')).file).toBe('oci:/a=b')
  })
})

describe('what is no source of copies', () => {
  it.each([
    ['the running machine', '/', 'is the running machine: say host, and --host /'],
    ['what is not there', '/nowhere/at/all', 'does not exist; name a root folder, oci:DIR[:TAG]'],
    ['a built-in base, which tells of files and has none', 'rocky-8', 'does not exist; name a root folder'],
    ['a file that is no image', join(makeFolder({ 'a.cap': 'x' }), 'a.cap'), 'is no root folder and no image'],
    ['a folder that is no system', makeFolder({ notes: 'x' }), 'is no root file system'],
  ])('%s is refused in one line', async (_, text, message) => {
    expect((await fault(text)).message).toContain(message)
  })

  it('two of one name are told apart by the user', async () => {
    const [a, b] = [systemFolder({}), systemFolder({})]
    expect((await fault(`x=${a}`, `x=${b}`)).message).toContain('would be called x')
    expect((await fault(`host=${a}`)).message).toContain('would be called host')
    expect(Object.keys((await open(`x=${a}`, `y=${b}`)).places)).toEqual(['x', 'y'])
  })
})

describe('repair apply', () => {
  const bytes = 'the library'
  const old = makeFolder({ 'usr/lib/libz.so.1': bytes })
  const grafts: RepairFile['grafts'] = {
    'libz.so.1': {
      source: { kind: 'base', ref: 'old', path: '/usr/lib/libz.so.1' },
      sha256: createHash('sha256').update(bytes).digest('hex'),
      dest: '{graft}/lib/libz.so.1',
      visible_to: ['*'],
      licence: { redistribution: 'review' },
    },
  }
  const repairs = (sources: Readonly<Record<string, string>>): string =>
    repairsFolder({ context: { grafts }, host: 'none', sources })

  /** The bytes that were copied, or what stands in the way. */
  async function applied(folder: string, ...graftFrom: string[]): Promise<string> {
    const root = makeFolder({ usr: null })
    const done = await applyToRoot({
      folder,
      root,
      host: null,
      context: null,
      graftRoot: GRAFT_ROOT,
      graftFrom,
      unpacking: null,
    })
    return 'changed' in done
      ? readFileSync(join(root, GRAFT_ROOT, 'lib/libz.so.1'), 'utf8')
      : done.map(({ message }) => message).join('\n')
  }

  it('copies from where the plan found it, or from where the command line says it is', async () => {
    expect(await applied(repairs({ old }))).toBe(bytes)
    expect(await applied(repairs({ old: '/gone' }), `old=${old}`)).toBe(bytes)
  })

  it('is not needed to read repairs whose source was on another machine', async () => {
    expect(await repairsIn(repairs({ old: '/gone' }), builtinDrivers)).not.toHaveProperty('failures')
  })

  it('says which source it does not know, and which file is another one', async () => {
    const unknown = 'libz.so.1: its source, the base old, is not known here; name it with --graft-from old=SOURCE'
    expect(await applied(repairs({}))).toBe(unknown)
    expect(await applied(repairs({ old: '/gone' }))).toBe(unknown)
    expect(await applied(repairs({ old: 'oci:/gone:8' }))).toBe(unknown)
    const other = makeFolder({ 'usr/lib/libz.so.1': 'another' })
    expect(await applied(repairs({ old }), `old=${other}`)).toContain('of the base old is not the file')
    expect(await applied(repairs({ old }), old)).toContain('has no name; say NAME=SOURCE, as grafts call it')
    const mistyped = await applied(repairs({ old }), `odl=${other}`)
    expect(mistyped).toBe('no graft comes from a source called odl: they come from old')
  })
})

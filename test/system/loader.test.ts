/** Loaders of a tree: which file, what it tells of itself, and what the table gives where it is silent. */
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import {
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2MSB,
  EM_386,
  EM_AARCH64,
  EM_ARM,
  EM_MIPS,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
} from '../../src/domain/object.ts'
import type { LoaderSetup, System } from '../../src/domain/system.ts'
import { libraryFolder, multiarchName, standardLoaders } from '../../src/system/abi.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { openSystem } from '../../src/system/open.ts'
import { cacheNotes, staleness, stalenessNotes } from '../../src/system/staleness.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { buildElf } from '../support/elf/build.ts'
import { writeCache } from '../support/system/cache-writer.ts'
import type { Content } from '../support/system/folder.ts'
import { makeFolder, makeTree } from '../support/system/folder.ts'
import { loaderHeader, writeLoader } from '../support/system/loader-image.ts'

const DEBIAN = ['/lib/x86_64-linux-gnu/', '/usr/lib/x86_64-linux-gnu/', '/lib/', '/usr/lib/']
const BANNER = 'ld.so (Vendor GLIBC 2.36-9 (patchset 3)) stable release version 2.36.'
const LD = 'lib64/ld-linux-x86-64.so.2'

const open = (files: Readonly<Record<string, Content>>, level: 1 | 3 = 1): System =>
  openSystem(makeTree(files), { cpu: cpuOfLevel(level) })
const x86 = (files: Readonly<Record<string, Content>>): LoaderSetup | null =>
  open(files).loader(null, EM_X86_64, ELFCLASS64)

describe('which loader', () => {
  it('is the one PT_INTERP names, wherever it lies', () => {
    const system = open({ 'nix/store/x/ld.so': writeLoader({ strings: [BANNER] }), [LD]: writeLoader({ strings: [] }) })
    const named = system.loader('/nix/store/x/ld.so', EM_X86_64, ELFCLASS64)
    expect(named?.path).toBe('/nix/store/x/ld.so')
    expect(system.loader('/nix/store/x/ld.so', EM_386, ELFCLASS32)).toBe(named)
    expect(system.loader('/nix/store/y/ld.so', EM_X86_64, ELFCLASS64)).toBeNull()
    expect(system.loader('relative/ld.so', EM_X86_64, ELFCLASS64)).toBeNull()
    expect(system.loader('/nix/store', EM_X86_64, ELFCLASS64)).toBeNull()
  })

  it('is one for programs that name it and for libraries that do not', () => {
    const system = open({ [LD]: writeLoader({ strings: [BANNER] }) })
    const standard = system.loader(null, EM_X86_64, ELFCLASS64)
    expect(standard).not.toBeNull()
    expect(system.loader(`/${LD}`, EM_X86_64, ELFCLASS64)).toBe(standard)
  })

  it('is the standard one of the machine for an object without PT_INTERP, links followed', () => {
    const setup = x86({ [LD]: { link: '../usr/lib/ld-2.31.so' }, 'usr/lib/ld-2.31.so': writeLoader({ strings: [] }) })
    expect(setup).toMatchObject({ path: '/lib64/ld-linux-x86-64.so.2', file: '/usr/lib/ld-2.31.so', version: [2, 31] })
  })

  it('passes over the standard name of another machine', () => {
    const mips = writeLoader({ machine: EM_MIPS, class: ELFCLASS32, data: ELFDATA2MSB, strings: [BANNER] })
    const system = open({ 'lib/ld.so.1': mips })
    expect(system.loader(null, EM_MIPS, ELFCLASS32)?.path).toBe('/lib/ld.so.1')
    expect(system.loader(null, 20, ELFCLASS32)).toBeNull()
  })

  it('falls back to musl where glibc has none', () => {
    expect(x86({ 'lib/ld-musl-x86_64.so.1': writeLoader({ strings: [] }) })?.libc).toBe('musl')
  })

  it('is none on a machine nobody knows, nor where the file is no ELF', () => {
    const system = open({ [LD]: '#!/bin/sh\n' })
    expect(system.loader(null, EM_X86_64, ELFCLASS64)).toBeNull()
    expect(system.loader(null, 9999, ELFCLASS64)).toBeNull()
    expect(system.faults.map(faultText)).toEqual([
      '/lib64/ld-linux-x86-64.so.2: /lib64/ld-linux-x86-64.so.2 should be a loader, but is no ELF file',
    ])
  })

  it.each([
    [EM_X86_64, ELFCLASS64, 'ld-linux-x86-64.so.2'],
    [EM_X86_64, ELFCLASS32, 'ld-linux-x32.so.2'],
    [EM_386, ELFCLASS32, 'ld-linux.so.2'],
    [EM_AARCH64, ELFCLASS64, 'ld-linux-aarch64.so.1'],
    [EM_ARM, ELFCLASS32, 'ld-linux-armhf.so.3'],
    [EM_PPC64, ELFCLASS64, 'ld64.so.2'],
    [EM_S390, ELFCLASS64, 'ld64.so.1'],
    [EM_RISCV, ELFCLASS64, 'ld-linux-riscv64-lp64d.so.1'],
    [258, ELFCLASS64, 'ld-linux-loongarch-lp64d.so.1'],
  ])('machine %i class %i: %s', (machine, elfClass, name) => {
    expect(standardLoaders(machine, elfClass)[0]).toMatch(new RegExp(`/${name}$`))
  })
})

describe('the loader file', () => {
  it('tells version, folders, $LIB and the places of its settings', () => {
    const strings = [
      'noise/',
      BANNER,
      ...DEBIAN,
      'lib/x86_64-linux-gnu',
      ...DEBIAN,
      '/opt/etc/ld.so.cache',
      '/etc/ld-x.so.preload',
    ]
    const setup = x86({
      [LD]: writeLoader({ strings }),
      'opt/etc/ld.so.cache': writeCache({ entries: [{ soname: 'liba.so', path: '/a/liba.so' }] }),
      'etc/ld-x.so.preload': 'libp.so',
    })
    expect(setup).toMatchObject({
      version: [2, 36],
      evidence: 'loader-file',
      systemFolders: DEBIAN,
      lib: 'lib/x86_64-linux-gnu',
      preload: ['libp.so'],
      checksKernel: false,
      isa: 1,
      platform: 'x86_64',
    })
    expect(setup?.cache?.lookup('liba.so')?.path).toBe('/a/liba.so')
  })

  it.each([
    [['/lib64/', '/usr/lib64/'], 'lib64'],
    [['/usr/lib/'], 'lib'],
    [['/nix/store/abc-glibc-2.38/lib/'], 'lib'],
  ])('%j makes $LIB %s', (folders, lib) => {
    expect(x86({ [LD]: writeLoader({ strings: [BANNER, ...folders] }) })).toMatchObject({ systemFolders: folders, lib })
  })

  it('is read in its read-only segments alone', () => {
    const setup = x86({ [LD]: writeLoader({ strings: [BANNER], writable: ['/bad/lib/'] }) })
    expect(setup?.systemFolders).toEqual(['/lib64/', '/usr/lib64/'])
  })

  it('takes no folder name that is part of other text, nor folders without a library folder', () => {
    const strings = [BANNER, 'x/lib/', '/proc/self/', '/', 'not/ld.so.cache', 'a /etc/b/ld.so.cache x']
    const setup = x86({ [LD]: writeLoader({ strings }) })
    expect(setup).toMatchObject({ evidence: 'table', systemFolders: ['/lib64/', '/usr/lib64/'], lib: 'lib64' })
  })

  it('may leave its version to the C library beside it', () => {
    const libc = writeLoader({ strings: ['GNU C Library (GNU libc) stable release version 2.17, by Roland McGrath'] })
    const setup = x86({ [LD]: writeLoader({ strings: DEBIAN }), 'lib64/libc.so.6': libc })
    expect(setup).toMatchObject({ version: [2, 17], evidence: 'loader-file', checksKernel: true })
    expect(setup?.subfolders).toEqual(['tls/x86_64/', 'tls/', 'x86_64/'])
  })

  it('has no version where neither tells', () => {
    const silent = writeLoader({ strings: DEBIAN })
    expect(x86({ [LD]: silent })).toMatchObject({ version: null, evidence: 'table', checksKernel: false })
    const system = open({ [LD]: writeLoader({ strings: [] }), 'lib64/libc.so.6': silent })
    expect(system.loader(null, EM_X86_64, ELFCLASS64)?.version).toBeNull()
    expect(system.notes).toEqual([
      '/lib64/ld-linux-x86-64.so.2 does not tell its system folders and version: they are taken from what its machine usually has',
    ])
  })

  it('is musl by its name, soname or words', () => {
    const words = 'musl libc (x86_64)\nVersion %s\nDynamic Program Loader'
    const strings = [words, '1.2.5', '%.*s/etc/ld-musl-x86_64.path']
    const setup = x86({ [LD]: writeLoader({ strings }), 'etc/ld-musl-x86_64.path': '/m' })
    expect(setup).toMatchObject({
      libc: 'musl',
      version: [1, 2],
      systemFolders: [],
      cache: null,
      preload: [],
      muslPath: ['/m'],
      checksKernel: false,
    })
    expect(x86({ [LD]: buildElf({ soname: 'libc.musl-x86_64.so.1' }) })).toMatchObject({ libc: 'musl', version: null })
    const named = x86({
      [LD]: { link: 'ld-musl-x86_64.so.1' },
      'lib64/ld-musl-x86_64.so.1': writeLoader({ strings: [] }),
    })
    expect(named).toMatchObject({ libc: 'musl' })
  })
})

describe('the table', () => {
  it("uses Debian's folders where they exist", () => {
    const setup = x86({ [LD]: writeLoader({ strings: [] }), 'usr/lib/x86_64-linux-gnu': null })
    expect(setup).toMatchObject({ systemFolders: DEBIAN, lib: 'lib/x86_64-linux-gnu', evidence: 'table' })
  })

  it.each([
    [{ machine: EM_386, class: ELFCLASS32 }, 'i386-linux-gnu', 'lib'],
    [{ class: ELFCLASS32 }, 'x86_64-linux-gnux32', 'libx32'],
    [{}, 'x86_64-linux-gnu', 'lib64'],
    [{ machine: EM_AARCH64 }, 'aarch64-linux-gnu', 'lib64'],
    [{ machine: EM_AARCH64, data: ELFDATA2MSB }, 'aarch64_be-linux-gnu', 'lib64'],
    [{ machine: EM_ARM, class: ELFCLASS32, flags: 0x400 }, 'arm-linux-gnueabihf', 'lib'],
    [{ machine: EM_ARM, class: ELFCLASS32 }, 'arm-linux-gnueabi', 'lib'],
    [{ machine: EM_PPC64 }, 'powerpc64le-linux-gnu', 'lib64'],
    [{ machine: EM_PPC64, data: ELFDATA2MSB }, 'powerpc64-linux-gnu', 'lib64'],
    [{ machine: EM_S390 }, 's390x-linux-gnu', 'lib64'],
    [{ machine: EM_RISCV, flags: 5 }, 'riscv64-linux-gnu', 'lib64/lp64d'],
    [{ machine: EM_RISCV }, 'riscv64-linux-gnu', 'lib64/lp64'],
    [{ machine: EM_RISCV, class: ELFCLASS32, flags: 5 }, null, 'lib32/ilp32d'],
    [{ machine: EM_RISCV, class: ELFCLASS32 }, null, 'lib32/ilp32'],
    [{ machine: 258 }, 'loongarch64-linux-gnu', 'lib64'],
    [{ machine: EM_MIPS }, 'mips64el-linux-gnuabi64', 'lib64'],
    [{ machine: EM_MIPS, class: ELFCLASS32 }, 'mipsel-linux-gnu', 'lib'],
    [{ machine: 9999 }, null, 'lib64'],
  ])('%j: %s, %s', (image, multiarch, folder) => {
    expect(multiarchName(loaderHeader(image))).toBe(multiarch)
    expect(libraryFolder(loaderHeader(image))).toBe(folder)
  })
})

describe('settings that cannot be read', () => {
  it('are faults; absent ones are not', () => {
    const system = open({
      [LD]: writeLoader({ strings: [BANNER] }),
      'etc/ld.so.cache': { link: 'ld.so.cache' },
      'etc/ld.so.preload': { link: 'ld.so.preload' },
    })
    expect(system.loader(null, EM_X86_64, ELFCLASS64)).toMatchObject({ cache: null, preload: [] })
    expect(system.faults.map(faultText)).toEqual([
      "/etc/ld.so.cache: cannot read the loader's cache: ELOOP",
      "/etc/ld.so.preload: cannot read the loader's preload list: ELOOP",
    ])
    const bare = open({ [LD]: writeLoader({ strings: [BANNER] }), etc: 'a file' })
    expect(bare.loader(null, EM_X86_64, ELFCLASS64)?.cache).toBeNull()
    expect(bare.faults).toEqual([])
  })
})

describe('the system', () => {
  it('answers from one reading', () => {
    const system = open({ [LD]: writeLoader({ strings: [BANNER] }), 'etc/os-release': 'ID=a' })
    expect(system.loader(null, EM_X86_64, ELFCLASS64)).toBe(system.loader(null, EM_X86_64, ELFCLASS64))
    expect(system.os).toBe(system.os)
    expect(system.os?.id).toBe('a')
    expect(system.owner('/x')).toBeNull()
    expect(system.packageFiles('x')).toEqual([])
    expect(system.declaration).toBeNull()
    expect(system.notes).toHaveLength(1)
    expect(open({ usr: null }).os).toBeNull()
  })

  it('bears a label', () => {
    const tree = makeTree({ usr: null })
    expect(openSystem(tree, { cpu: cpuOfLevel(1) }).label).toBe(tree.label)
    expect(openSystem(tree, { cpu: cpuOfLevel(1), label: 'mine' }).label).toBe('mine')
  })
})

describe('a stale cache', () => {
  const library = { [LD]: writeLoader({ strings: [BANNER, '/lib64/', '/usr/lib64/'] }), 'etc/ld.so.conf': '/opt/lib\n' }
  const check = (files: Readonly<Record<string, Content>>): ReturnType<typeof staleness> => {
    const system = open({ ...library, ...files })
    const setup = system.loader(null, EM_X86_64, ELFCLASS64)
    return setup === null ? null : staleness(system, setup)
  }

  it('is none where there is no cache', () => {
    expect(check({})).toBeNull()
    expect(stalenessNotes(null)).toEqual([])
  })

  it('is looked for where a folder has changed since, and costs nothing else', () => {
    const notes = (
      files: Readonly<Record<string, Content>>,
      times: Readonly<Record<string, number>>,
    ): readonly string[] => {
      const root = makeFolder({ ...library, ...files })
      for (const [path, time] of Object.entries(times)) utimesSync(join(root, path), time, time)
      const system = openSystem(openFolderTree(root), { cpu: cpuOfLevel(1) })
      const setup = system.loader(null, EM_X86_64, ELFCLASS64)
      return setup === null ? ['no loader'] : cacheNotes(system, setup)
    }
    const entries = [{ soname: 'libgone.so.1', path: '/lib64/libgone.so.1' }]
    const files = { 'etc/ld.so.cache': writeCache({ entries }), 'opt/lib/x': '' }
    expect(notes(files, { 'etc/ld.so.cache': 2000, lib64: 1000, 'opt/lib': 2000 })).toEqual([])
    expect(notes(files, { 'etc/ld.so.cache': 2000, lib64: 1000, 'opt/lib': 2001 })).toEqual([
      expect.stringContaining('1 entries lead nowhere, such as /lib64/libgone.so.1') as string,
    ])
    expect(notes({}, {})).toEqual([])
  })

  it('has entries that lead nowhere', () => {
    const entries = [
      { soname: 'libgone.so.1', path: '/lib64/libgone.so.1' },
      { soname: 'liba.so.1', path: '/lib64/liba.so.1' },
      { soname: 'libforeign.so.1', path: '/lib/libforeign.so.1', flags: 3 },
    ]
    const found = check({ 'etc/ld.so.cache': writeCache({ entries }), 'lib64/liba.so.1': 'any' })
    expect(found).toEqual({ dangling: ['/lib64/libgone.so.1'], unlisted: [] })
    expect(stalenessNotes(found)).toEqual([
      '/etc/ld.so.cache is older than the tree: 1 entries lead nowhere, such as /lib64/libgone.so.1; run ldconfig',
    ])
  })

  it('lacks libraries that came later', () => {
    const unlisted = [{ path: '/opt/lib/libn.so.1', soname: 'libn.so.1' }]
    expect(stalenessNotes({ dangling: [], unlisted })).toEqual([
      '/etc/ld.so.cache is older than the tree: 1 libraries are not in it, such as /opt/lib/libn.so.1; run ldconfig',
    ])
    expect(stalenessNotes({ dangling: [], unlisted: [] })).toEqual([])
    const entries = [{ soname: 'liba.so.1', path: '/opt/lib/liba.so.1' }]
    const found = check({
      'etc/ld.so.cache': writeCache({ entries }),
      'opt/lib/liba.so.1': '',
      'opt/lib/libn.so.1': buildElf({ soname: 'libn.so.1' }),
      'opt/lib/libother.so.1': buildElf({ soname: 'libother.so.1', machine: EM_AARCH64 }),
      'opt/lib/liblist.so.1': buildElf({ soname: 'liba.so.1' }),
      'opt/lib/libnameless.so': buildElf({}),
      'opt/lib/libx.so;5f3a': buildElf({ soname: 'libx.so' }),
      'opt/lib/liby.so.dpkg-new': buildElf({ soname: 'liby.so' }),
      'opt/lib/plugin.so': buildElf({ soname: 'plugin.so' }),
      'opt/lib/libgone.so': { link: 'nowhere' },
    })
    expect(found).toEqual({ dangling: [], unlisted })
  })
})

/** The libraries of a system that a need finds by its name alone. */
import { describe, expect, test } from 'vitest'
import { ELFCLASS32, EM_386 } from '../../src/domain/object.ts'
import type { System } from '../../src/domain/system.ts'
import { inventoryOf, stemOf } from '../../src/system/inventory.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { openSystem } from '../../src/system/open.ts'
import { buildElf } from '../support/elf/build.ts'
import { libcBytes, loaderBytes } from '../support/loader/stand-ins.ts'
import { writeCache } from '../support/system/cache-writer.ts'
import type { Content } from '../support/system/folder.ts'
import { makeTree } from '../support/system/folder.ts'
import { writeLoader } from '../support/system/loader-image.ts'

const FOLDER = 'usr/lib/x86_64-linux-gnu'
const system = (files: Readonly<Record<string, Content>>): System => openSystem(makeTree(files), { cpu: cpuOfLevel(1) })

const FILES: Readonly<Record<string, Content>> = {
  lib: { link: 'usr/lib' },
  'lib64/ld-linux-x86-64.so.2': loaderBytes([2, 36]),
  [`${FOLDER}/libc.so.6`]: libcBytes([2, 36]),
  [`${FOLDER}/libq.so.1.2`]: buildElf({
    soname: 'libq.so.1',
    needs: ['libc.so.6', { kind: 'auxiliary', name: 'libaux.so' }],
    versionDefinitions: ['Q_1', 'Q_2'],
  }),
  [`${FOLDER}/libq.so.1`]: { link: 'libq.so.1.2' },
  // Another name for people and for linkers, which no need has.
  [`${FOLDER}/libq.so`]: { link: 'libq.so.1' },
  [`${FOLDER}/libnameless.so`]: buildElf({}),
  [`${FOLDER}/libscript.so`]: 'GROUP ( libq.so.1 )',
  [`${FOLDER}/libforeign.so`]: buildElf({ class: 32, soname: 'libforeign.so' }),
  [`${FOLDER}/libstatic.so`]: buildElf({ dynamic: false }),
  [`${FOLDER}/libgone.so`]: { link: 'nowhere' },
  [`${FOLDER}/libfolder.so`]: null,
  [`${FOLDER}/readme`]: 'x',
  // Behind the first of the name in the order of search.
  'usr/lib/libq.so.1': buildElf({ soname: 'libq.so.1' }),
  'opt/lib/libown.so.1': buildElf({ soname: 'libown.so.1' }),
  'etc/ld.so.conf': '/opt/lib\n/opt/gone\n/usr/lib/\n',
}

describe('libraries by their sonames', () => {
  test('the first in the order of search, with versions and needs, under the name that a need has', () => {
    const found = inventoryOf(
      system({ ...FILES, 'etc/ld.so.cache': writeCache({ entries: [{ soname: 'libx.so', path: '/x' }] }) }),
    )
    expect([...found.libraries.keys()]).toEqual(['libc.so.6', 'libnameless.so', 'libown.so.1', 'libq.so.1'])
    expect(found.libraries.get('libq.so.1')).toEqual({
      soname: 'libq.so.1',
      path: `/${FOLDER}/libq.so.1.2`,
      owner: null,
      versions: ['Q_1', 'Q_2'],
      needs: ['libc.so.6'],
    })
    expect(found).toMatchObject({
      interpreter: '/lib64/ld-linux-x86-64.so.2',
      libc: 'glibc',
      version: '2.36',
      packages: [],
    })
    expect(found.folders.slice(-2)).toEqual(['/opt/lib', '/opt/gone'])
  })

  test('without a cache the configuration counts for nothing: only ldconfig reads it', () => {
    expect([...inventoryOf(system(FILES)).libraries.keys()]).not.toContain('libown.so.1')
  })

  test('of musl in its own folders', () => {
    const found = inventoryOf(
      system({
        'lib/ld-musl-x86_64.so.1': writeLoader({ strings: [] }),
        'etc/ld-musl-x86_64.path': '/m\n',
        'm/libm.so': buildElf({ soname: 'libm.so' }),
        'usr/lib/libn.so': buildElf({ soname: 'libn.so' }),
      }),
    )
    expect(found).toMatchObject({ libc: 'musl', folders: ['/m'] })
    expect([...found.libraries.keys()]).toEqual(['libm.so'])
  })

  test('none where there is no loader for the machine', () => {
    const options = { machine: EM_386, elfClass: ELFCLASS32 }
    expect(inventoryOf(system(FILES), options)).toEqual({
      interpreter: null,
      libc: null,
      version: null,
      folders: [],
      libraries: new Map(),
      packages: [],
    })
  })
})

test('the name of a library without its version', () => {
  expect(['libssl.so.3', 'libicuuc.so.72', 'libbfd-2.40-system.so', 'libx', 'libz.so'].map(stemOf)).toEqual([
    'libssl',
    'libicuuc',
    'libbfd',
    'libx',
    'libz',
  ])
})

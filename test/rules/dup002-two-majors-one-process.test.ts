/** DUP002: two majors of one library in one process. */
import { expect, it } from 'vitest'
import { stemOf } from '../../src/rules/facts/stem.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { inSystem, lib, program } from '../support/studio.ts'

const versioned = (soname: string, node: string): StudioFile => ({ elf: { soname, versionDefinitions: [node] } })

function studio(second: string, files: Readonly<Record<string, StudioFile>> = {}): StudioSpec {
  return {
    packages: {
      'app-1': { requires: ['reader', 'tiff'], files: { 'bin/app': program('libtiff.so.6', 'libreader.so.1') } },
      'reader-1': { requires: ['tiff'], files: { 'lib/libreader.so.1': lib('libreader.so.1', second) } },
      'tiff-4.5': {
        files: { 'lib/libtiff.so.6': lib('libtiff.so.6'), 'lib/libtiff.so.5': lib('libtiff.so.5'), ...files },
      },
    },
  }
}

ruleWorlds('DUP002', {
  found: [
    {
      name: 'two majors that meet in a program, and the way to each',
      studio: studio('libtiff.so.5'),
      finds: ['- libtiff warn'],
      says: ['app-1 bin/app', 'libtiff.so.5 of tiff-4.5 through libreader.so.1', 'libtiff.so.6 of tiff-4.5'],
      afterRepair: studio('libtiff.so.6'),
    },
    {
      name: 'one of a package and one that the base brings',
      studio: {
        packages: {
          'app-1': {
            files: { 'bin/app': program('libpixbuf.so.0', 'libtiff.so.6'), 'lib/libtiff.so.6': lib('libtiff.so.6') },
          },
        },
        host: null,
        base: {
          [inSystem('libpixbuf.so.0')]: lib('libpixbuf.so.0', 'libtiff.so.5'),
          [inSystem('libtiff.so.5')]: lib('libtiff.so.5'),
        },
      },
      finds: ['- libtiff warn'],
    },
    {
      name: 'copies whose symbol versions differ, as a note',
      studio: studio('libtiff.so.5', {
        'lib/libtiff.so.6': versioned('libtiff.so.6', 'LIBTIFF_6'),
        'lib/libtiff.so.5': versioned('libtiff.so.5', 'LIBTIFF_5'),
      }),
      finds: ['- libtiff note'],
      says: ['keep them apart'],
    },
  ],
  clean: [
    {
      name: 'where they stand in two processes',
      studio: {
        packages: {
          'a-1': { requires: ['t'], files: { 'bin/a': program('libt.so.1') } },
          'b-1': { requires: ['t'], files: { 'bin/b': program('libt.so.2') } },
          't-1': { files: { 'lib/libt.so.1': lib('libt.so.1'), 'lib/libt.so.2': lib('libt.so.2') } },
        },
      },
    },
    {
      name: 'about two majors of the system alone',
      studio: {
        packages: { 'app-1': { files: { 'bin/app': program('libp.so.0', 'libq.so.0') } } },
        host: null,
        base: {
          [inSystem('libp.so.0')]: lib('libp.so.0', 'libt.so.1'),
          [inSystem('libq.so.0')]: lib('libq.so.0', 'libt.so.2'),
          [inSystem('libt.so.1')]: lib('libt.so.1'),
          [inSystem('libt.so.2')]: lib('libt.so.2'),
        },
      },
    },
    {
      name: 'about names that only look alike',
      studio: {
        packages: {
          'app-1': {
            files: {
              'bin/app': program('libpcre2-8.so.0', 'libpcre2-16.so.0', 'libx264.so.164', 'libx265.so.199'),
              'lib/libpcre2-8.so.0': lib('libpcre2-8.so.0'),
              'lib/libpcre2-16.so.0': lib('libpcre2-16.so.0'),
              'lib/libx264.so.164': lib('libx264.so.164'),
              'lib/libx265.so.199': lib('libx265.so.199'),
            },
          },
        },
      },
    },
  ],
})

it.each([
  ['libtiff.so.6', 'libtiff'],
  ['libImath-3_1.so.29', 'libImath'],
  ['libboost_system.so.1.74.0', 'libboost_system'],
  ['libdb-5.3.so', null],
  ['libpcre2-8.so.0', 'libpcre2-8'],
  ['libomp.so', null],
  ['plugin.so.1', null],
])('the stem of %s is %s', (soname, stem) => {
  expect(stemOf(soname)).toBe(stem)
})

/** FIX006: A run path that has to grow is told, one that shrinks is not. */
import { expect, test } from 'vitest'
import type { RepairFile } from '../../src/domain/repair.ts'
import { fileDigest } from '../../src/tree/digest.ts'
import { findingsOf } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'
import { openFolderTree } from '../../src/tree/folder.ts'

function patched(value: string): StudioSpec {
  return {
    packages: {
      'tiff-4.5': { files: { 'lib/libtiff.so.6': { elf: { soname: 'libtiff.so.6', runpath: '/build/lib' } } } },
    },
    repairs: (context) => {
      const sha256 = fileDigest(openFolderTree('/'), `${context.packages[0]?.root ?? ''}/lib/libtiff.so.6`) ?? ''
      const rpath = {
        '{tiff}/lib/libtiff.so.6': {
          guard: { sha256, runpath: ['/build/lib'] },
          set: { tag: 'runpath' as const, value: [value] },
        },
      }
      const file: RepairFile = { kind: 'package', subject: { package: 'tiff', version: '4.5' }, rpath }
      return [{ path: 'packages/tiff/4.5.yaml', file }]
    },
  }
}

test('a longer run path', () => {
  const found = findingsOf('FIX006', patched('$ORIGIN/../../../other/lib'))
  expect(found.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    expect.stringMatching(/^warn rpath .* longer than the old one/),
  ])
})

test('a run path that fits in the place of the old one', () => {
  expect(findingsOf('FIX006', patched('$ORIGIN'))).toEqual([])
  expect(findingsOf('FIX001', patched('$ORIGIN'))).toEqual([])
})

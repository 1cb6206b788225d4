/** FIX002: An entry whose finding is still there is told. */
import { expect, test } from 'vitest'
import type { RepairFile } from '../../src/domain/repair.ts'
import { findingsOf, lib } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'

/** libtiff lies in a folder that the package does not put on the library path; its entry names another folder. */
function mended(folder: string): StudioSpec {
  return {
    packages: {
      'viewer-1.0': { requires: ['tiff'], files: { 'lib/libviewer.so.1': lib('libviewer.so.1', 'libtiff.so.6') } },
      'tiff-4.5': { libraryPath: [], files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } },
    },
    repairs: () => {
      const entry = { op: 'append' as const, fixes: ['RES001'] }
      const file: RepairFile = {
        kind: 'package',
        subject: { package: 'tiff', version: '4.5' },
        env: { LD_LIBRARY_PATH: { '{tiff}/lib': folder === 'lib' ? entry : { ...entry, op: 'remove' } } },
      }
      return [{ path: 'packages/tiff/4.5.yaml', file }]
    },
  }
}

test('an entry that stands under the right key and does not help', () => {
  const found = findingsOf('FIX002', mended('other'))
  expect(found.map(({ subject }) => subject)).toEqual(['packages/tiff/4.5.yaml env LD_LIBRARY_PATH {tiff}/lib'])
  expect(found[0]?.message).toContain('RES001 of libtiff.so.6')
})

test('an entry that helps is silent', () => {
  expect(findingsOf('RES001', mended('lib'))).toEqual([])
  expect(findingsOf('FIX002', mended('lib'))).toEqual([])
})

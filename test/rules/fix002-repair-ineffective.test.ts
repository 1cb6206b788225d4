/** FIX002: An entry whose finding is still there is told. */
import { expect, it } from 'vitest'
import type { EnvEntry, RepairFile } from '../../src/domain/repair.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import { findingsOf, lib } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'

/** libtiff lies in a folder that the package does not put on the library path. */
const hidden: StudioSpec = {
  packages: {
    'viewer-1.0': { requires: ['tiff'], files: { 'lib/libviewer.so.1': lib('libviewer.so.1', 'libtiff.so.6') } },
    'tiff-4.5': { libraryPath: [], files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } },
  },
}
/** The same with an entry under the right key, which appends the folder or takes it off. */
const mended = (op: EnvEntry['op']): StudioSpec => ({
  ...hidden,
  repairs: () => {
    const file: RepairFile = {
      kind: 'package',
      subject: { package: 'tiff', version: '4.5' },
      env: { LD_LIBRARY_PATH: { '{tiff}/lib': { op, fixes: ['RES001'] } } },
    }
    return [{ path: 'packages/tiff/4.5.yaml', file }]
  },
})

ruleWorlds('FIX002', {
  found: [
    {
      name: 'an entry that stands under the right key and does not help',
      studio: mended('remove'),
      finds: ['tiff-4.5 packages/tiff/4.5.yaml env LD_LIBRARY_PATH {tiff}/lib error'],
      says: ['RES001 of libtiff.so.6'],
      afterRepair: mended('append'),
    },
  ],
  clean: [
    { name: 'about an entry that helps', studio: mended('prepend') },
    { name: 'where there is no entry', studio: hidden },
  ],
})

it('has the finding beside it until the entry helps', () => {
  expect(findingsOf('RES001', mended('remove'))).toHaveLength(1)
  expect(findingsOf('RES001', mended('append'))).toEqual([])
})

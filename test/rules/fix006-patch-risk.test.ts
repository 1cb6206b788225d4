/** FIX006: A run path that has to grow is told, one that shrinks is not. */
import { expect, it } from 'vitest'
import type { RepairFile } from '../../src/domain/repair.ts'
import { fileDigest } from '../../src/tree/digest.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import { findingsOf } from '../support/studio.ts'
import type { StudioSpec } from '../support/studio.ts'

const FILE = '{tiff}/lib/libtiff.so.6'
const unpatched: StudioSpec = {
  packages: {
    'tiff-4.5': { files: { 'lib/libtiff.so.6': { elf: { soname: 'libtiff.so.6', runpath: '/build/lib' } } } },
  },
}
const patched = (value: string): StudioSpec => ({
  ...unpatched,
  repairs: (context) => {
    const sha256 = fileDigest(openFolderTree('/'), `${context.packages[0]?.root ?? ''}/lib/libtiff.so.6`) ?? ''
    const guard = { sha256, runpath: ['/build/lib'] }
    const rpath = { [FILE]: { guard, set: { tag: 'runpath' as const, value: [value] } } }
    const file: RepairFile = { kind: 'package', subject: { package: 'tiff', version: '4.5' }, rpath }
    return [{ path: 'packages/tiff/4.5.yaml', file }]
  },
})

ruleWorlds('FIX006', {
  found: [
    {
      name: 'a run path that is longer than the old one',
      studio: patched('$ORIGIN/../../../other/lib'),
      finds: [`tiff-4.5 packages/tiff/4.5.yaml rpath ${FILE} warn`],
      says: ['longer than the old one'],
      afterRepair: patched('$ORIGIN'),
    },
  ],
  clean: [
    { name: 'about a run path that fits in the place of the old one', studio: patched('$ORIGIN/.') },
    { name: 'where nothing is patched', studio: unpatched },
  ],
})

it('is no stale repair', () => {
  expect(findingsOf('FIX001', patched('$ORIGIN'))).toEqual([])
})

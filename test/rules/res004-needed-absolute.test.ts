/** RES004: a DT_NEEDED entry holds a path. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { findingsOf, lib, program } from '../support/studio.ts'

const host = { 'opt/vendor/libq.so': lib('libq.so') }
const studio = (...needs: string[]): StudioSpec => ({
  packages: {
    'app-1': { files: { 'bin/app': program(...needs), 'lib/libq.so': lib('libq.so'), 'lib/libr.so': lib('libr.so') } },
  },
  host,
})

ruleWorlds('RES004', {
  found: [
    {
      name: 'a path, and whether the file is there',
      studio: studio('/opt/vendor/libq.so'),
      finds: ['app-1 /opt/vendor/libq.so warn'],
      says: ['does not exist in the base'],
      afterRepair: studio('libq.so'),
    },
    {
      name: 'a path that both systems have',
      studio: { ...studio('/opt/vendor/libq.so'), base: host },
      finds: ['app-1 /opt/vendor/libq.so warn'],
      afterRepair: { ...studio('libq.so'), base: host },
    },
  ],
  clean: [
    { name: 'about names, and about paths that start at $ORIGIN', studio: studio('libq.so', '$ORIGIN/../lib/libr.so') },
  ],
})

it('tells where the file is', () => {
  const exists = (base: StudioSpec['base'] & object): unknown =>
    findingsOf('RES004', { ...studio('/opt/vendor/libq.so'), base })[0]?.evidence['exists']
  expect(exists({})).toEqual(['host'])
  expect(exists(host)).toEqual(['host', 'base'])
})

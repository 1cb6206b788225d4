/** RES008: a file with that DT_SONAME exists, the link does not. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, lib, program, verdicts } from '../support/studio.ts'

const studio = (links: Readonly<Record<string, StudioFile>> = {}): StudioSpec => ({
  packages: {
    'app-1': { requires: ['tbb'], files: { 'bin/app': program('libtbb.so.2') } },
    'tbb-2020': { files: { 'lib/libtbb.so.2.3': lib('libtbb.so.2'), ...links } },
  },
})
const link = { 'lib/libtbb.so.2': { link: 'libtbb.so.2.3' } }

ruleWorlds('RES008', {
  found: [
    {
      name: 'the file and the link that is missing',
      studio: studio(),
      finds: ['app-1 libtbb.so.2 error'],
      afterRepair: studio(link),
    },
  ],
  clean: [
    { name: 'where the link is there', studio: studio(link) },
    {
      name: 'where no file has that soname',
      studio: { packages: { 'app-1': { files: { 'bin/app': program('libtbb.so.2') } } } },
    },
  ],
})

it('says how to make the link, and takes the place of RES001', () => {
  expect(findingsOf('RES008', studio())[0]?.repairs[0]?.text).toBe('ln -s libtbb.so.2.3 lib/libtbb.so.2 in tbb-2020.')
  expect(verdicts('RES001', studio())).toEqual([])
})

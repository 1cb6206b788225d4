/** RES009: a library link leads nowhere. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, lib } from '../support/studio.ts'

const studio = (files: Readonly<Record<string, StudioFile>>, systems: Partial<StudioSpec> = {}): StudioSpec => ({
  packages: { 'z-1': { files } },
  ...systems,
})
const system = { [inSystem('libz.so.1')]: lib('libz.so.1') }
const out = { 'lib/libz.so.1': { link: '/usr/lib/x86_64-linux-gnu/libz.so.1' } }

ruleWorlds('RES009', {
  found: [
    {
      name: 'a link out of the package that only the host can follow',
      studio: studio(out, { host: system }),
      finds: ['z-1 libz.so.1 warn'],
      afterRepair: [
        studio({ 'lib/libz.so.1': lib('libz.so.1') }, { host: system }),
        studio(out, { host: system, base: system }),
      ],
    },
    {
      name: 'a link that only a linker asks for, as a note',
      studio: studio({ 'lib/libz.so': { link: 'gone' } }),
      finds: ['z-1 libz.so note'],
      afterRepair: studio({ 'lib/libz.so': { link: 'libz.so.1' }, 'lib/libz.so.1': lib('libz.so.1') }),
    },
  ],
  clean: [
    {
      name: 'about links that lead somewhere, and about links that are no library',
      studio: studio({
        'lib/libz.so.1.2': lib('libz.so.1'),
        'lib/libz.so.1': { link: 'libz.so.1.2' },
        'share/icon.png': { link: 'gone' },
      }),
    },
  ],
})

it('tells in which world the link leads nowhere', () => {
  expect(findingsOf('RES009', studio(out, { host: system })).map(({ world }) => world)).toEqual(['base'])
})

/** SYM006: an object for processors above the level of the base. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf } from '../support/studio.ts'

const ISA_NEEDED = 0xc0008002
const V1 = 0b1
const V2 = 0b11
const V3 = 0b111
const forLevel = (bits: number): StudioFile => ({ elf: { soname: 'libx.so', properties: { [ISA_NEEDED]: bits } } })
const studio = (files: Readonly<Record<string, StudioFile>>): StudioSpec => ({
  packages: { 'x-1': { files } },
  host: null,
})

ruleWorlds('SYM006', {
  found: [
    {
      name: 'the level and what the base counts on',
      studio: studio({ 'lib/libx.so': forLevel(V3) }),
      finds: ['x-1 x86-64-v3 warn'],
      says: ['x86-64-v3'],
      afterRepair: [
        studio({ 'lib/libx.so': forLevel(V1) }),
        studio({ 'lib/libx.so': forLevel(V1), 'lib/glibc-hwcaps/x86-64-v3/libx.so': forLevel(V3) }),
      ],
    },
    {
      name: 'one cause for all objects of a level',
      studio: studio({ 'lib/liba.so': forLevel(V3), 'lib/libb.so': forLevel(V3), 'lib/libc.so': forLevel(V2) }),
      finds: ['x-1 x86-64-v2 warn', 'x-1 x86-64-v3 warn'],
    },
    {
      name: 'an object above the level of the folder in which it stands',
      studio: studio({ 'lib/glibc-hwcaps/x86-64-v2/libx.so': forLevel(V3) }),
      finds: ['x-1 x86-64-v3 warn'],
      afterRepair: studio({ 'lib/glibc-hwcaps/x86-64-v3/libx.so': forLevel(V3) }),
    },
  ],
  clean: [
    { name: 'about the baseline', studio: studio({ 'lib/liba.so': forLevel(V1) }) },
    { name: 'about objects that say nothing', studio: studio({ 'lib/libb.so': forLevel(0) }) },
    {
      name: 'about folders for that very level',
      studio: studio({ 'lib/glibc-hwcaps/x86-64-v3/libx.so': forLevel(V3) }),
    },
  ],
})

it('tells the level of the base', () => {
  expect(findingsOf('SYM006', studio({ 'lib/libx.so': forLevel(V3) }))[0]?.evidence).toMatchObject({
    level: 'x86-64-v3',
    baseline: 'x86-64',
  })
})

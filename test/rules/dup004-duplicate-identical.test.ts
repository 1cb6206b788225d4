/** DUP004: the same library twice, with the same content. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { lib, otherLib } from '../support/studio.ts'

const studio = (first: StudioFile, second: StudioFile | null): StudioSpec => ({
  packages: {
    'a-1': { files: { 'lib/libq.so.1': first } },
    'b-1': { files: second === null ? {} : { 'lib/libq.so.1': second } },
  },
})
const plain: StudioFile = { elf: { soname: 'libq.so.1' } }

ruleWorlds('DUP004', {
  found: [
    {
      name: 'copies of one build',
      studio: studio(lib('libq.so.1'), lib('libq.so.1')),
      finds: ['b-1 libq.so.1 note'],
      afterRepair: studio(lib('libq.so.1'), null),
    },
    {
      name: 'copies of one content where there is no build id',
      studio: studio(plain, plain),
      finds: ['b-1 libq.so.1 note'],
      afterRepair: studio(plain, null),
    },
  ],
  clean: [
    { name: 'where they are two builds', studio: studio(lib('libq.so.1'), otherLib('libq.so.1')) },
    {
      name: 'where the content differs and there is no build id',
      studio: studio(plain, { elf: { soname: 'libq.so.1', needs: ['libr.so.1'] } }),
    },
  ],
})

/** RPH005: an object has both DT_RPATH and DT_RUNPATH. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'

const studio = (elf: { readonly rpath?: string; readonly runpath?: string }): StudioSpec => ({
  packages: { 'a-1': { files: { 'lib/liba.so.1': { elf: { soname: 'liba.so.1', ...elf } } } } },
})

ruleWorlds('RPH005', {
  found: [
    {
      name: 'two tags that say different things',
      studio: studio({ rpath: '$ORIGIN/../private', runpath: '$ORIGIN' }),
      finds: ['a-1 lib/liba.so.1 warn'],
      says: ['DT_RPATH $ORIGIN/../private and DT_RUNPATH $ORIGIN'],
      afterRepair: studio({ runpath: '$ORIGIN' }),
    },
    {
      name: 'two that say the same, as a note',
      studio: studio({ rpath: '$ORIGIN', runpath: '$ORIGIN' }),
      finds: ['a-1 lib/liba.so.1 note'],
    },
  ],
  clean: [
    { name: 'about one tag', studio: studio({ rpath: '$ORIGIN' }) },
    { name: 'about an empty DT_RPATH', studio: studio({ rpath: '', runpath: '$ORIGIN' }) },
  ],
})

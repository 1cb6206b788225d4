/** RPH004: a run path names a folder that the loader searches anyway. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'

const studio = (elf: { readonly rpath?: string; readonly runpath?: string }): StudioSpec => ({
  packages: { 'a-1': { files: { 'lib/liba.so.1': { elf: { soname: 'liba.so.1', ...elf } } } } },
})

ruleWorlds('RPH004', {
  found: [
    {
      name: 'DT_RPATH that goes before the library path of the context',
      studio: studio({ rpath: '$ORIGIN:/usr/lib64/' }),
      finds: ['a-1 /usr/lib64/ warn'],
      says: ["before the context's LD_LIBRARY_PATH"],
      afterRepair: studio({ rpath: '$ORIGIN' }),
    },
    {
      name: 'a folder that is compiled into the loader, in DT_RUNPATH',
      studio: studio({ runpath: '/usr/lib/x86_64-linux-gnu' }),
      finds: ['a-1 /usr/lib/x86_64-linux-gnu note'],
    },
  ],
  clean: [
    { name: 'about a folder below one', studio: studio({ rpath: '/usr/lib/x86_64-linux-gnu/pulseaudio' }) },
    { name: 'about DT_RPATH that DT_RUNPATH hides', studio: studio({ rpath: '/usr/lib', runpath: '$ORIGIN' }) },
  ],
})

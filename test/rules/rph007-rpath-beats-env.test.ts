/** RPH007: DT_RPATH leads to one copy of a library although LD_LIBRARY_PATH offers another. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { INTERPRETER, lib, otherLib } from '../support/studio.ts'

function studio(elf: { readonly rpath?: string; readonly runpath?: string }, own = otherLib('libz.so.1')): StudioSpec {
  return {
    packages: {
      'app-1': {
        requires: ['zlib'],
        libraryPath: [],
        files: {
          'bin/app': { elf: { type: 'exec', interpreter: INTERPRETER, needs: ['libz.so.1'], ...elf } },
          'private/libz.so.1': own,
        },
      },
      'zlib-1.3': { files: { 'lib/libz.so.1': lib('libz.so.1') } },
    },
  }
}

ruleWorlds('RPH007', {
  found: [
    {
      name: 'a private copy that wins over the package which was resolved',
      studio: studio({ rpath: '$ORIGIN/../private' }),
      finds: ['app-1 libz.so.1 note'],
      says: ['by its DT_RPATH although zlib-1.3 lib/libz.so.1 is on LD_LIBRARY_PATH'],
      afterRepair: studio({ runpath: '$ORIGIN/../private' }),
    },
  ],
  clean: [
    { name: 'where both are one build', studio: studio({ rpath: '$ORIGIN/../private' }, lib('libz.so.1')) },
    {
      name: 'where the run path leads to the package itself',
      studio: studio({ rpath: '$ORIGIN/../../../zlib/1.3/lib' }),
    },
  ],
})

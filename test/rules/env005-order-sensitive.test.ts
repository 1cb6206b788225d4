/** ENV005: another legal order of the context's packages changes a winner. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, lib, otherLib, program } from '../support/studio.ts'

const mine = { files: { 'lib/libjpeg.so.62': lib('libjpeg.so.62') } }
const theirs = { files: { 'lib/libjpeg.so.62': otherLib('libjpeg.so.62') } }
const app: StudioPackage = { requires: ['turbo'], files: { 'bin/app': program('libjpeg.so.62') } }
const studio = (turbo: StudioPackage, reader: StudioPackage, last: StudioPackage = app): StudioSpec => ({
  packages: { 'turbo-2': turbo, 'reader-1': reader, 'app-1': last },
})

ruleWorlds('ENV005', {
  found: [
    {
      name: 'two packages that do not know each other, and who would load what',
      studio: studio(mine, theirs),
      finds: ['- reader turbo warn'],
      says: ['turbo-2 stands before reader-1', 'with reader-1 first, app-1 would load the copies of reader-1'],
      afterRepair: studio(mine, { ...theirs, requires: ['turbo'] }),
    },
    {
      name: 'the same with the other one first',
      studio: { packages: { 'reader-1': theirs, 'turbo-2': mine, 'app-1': app } },
      finds: ['- reader turbo warn'],
    },
  ],
  clean: [
    {
      name: 'where one of them comes through a third package',
      studio: {
        packages: {
          'turbo-2': mine,
          'mid-1': { requires: ['turbo'], files: {} },
          'reader-1': { ...theirs, requires: ['mid'] },
          'app-1': app,
        },
      },
    },
    { name: 'where the copies are one build', studio: studio(mine, mine) },
    { name: 'where one copy is on no path', studio: studio(mine, { ...theirs, libraryPath: [] }) },
    { name: 'where nobody loads it', studio: studio(mine, theirs, { files: { 'bin/app': program('libc.so.6') } }) },
    {
      name: 'where a run path decides',
      studio: studio(mine, theirs, {
        requires: ['turbo'],
        files: {
          'bin/app': {
            elf: {
              type: 'exec',
              interpreter: INTERPRETER,
              needs: ['libjpeg.so.62'],
              rpath: '$ORIGIN/../../../turbo/2/lib',
            },
          },
        },
      }),
    },
  ],
})

/** DUP001: one soname, public copies in two packages that differ. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, lib, otherLib, program } from '../support/studio.ts'

const app: StudioPackage = { requires: ['turbo'], files: { 'bin/a': program('libjpeg.so.62') } }
const turbo: StudioPackage = { files: { 'lib/libjpeg.so.62': lib('libjpeg.so.62') } }
const other = otherLib('libjpeg.so.62')
const read: StudioPackage['files'] = {
  'bin/read': {
    elf: {
      type: 'exec',
      interpreter: INTERPRETER,
      needs: ['libjpeg.so.62'],
      rpath: '$ORIGIN/../lib/private',
    },
  },
}
const reader: StudioPackage = { files: { ...read, 'lib/libjpeg.so.62': other } }
const studio = (first: StudioPackage): StudioSpec => ({
  packages: { 'reader-1': first, 'app-1': app, 'turbo-2': turbo },
})
const unused: StudioPackage = { libraryPath: [], files: { 'lib/libjpeg.so.62': other } }

ruleWorlds('DUP001', {
  found: [
    {
      name: 'the copy that wins by the library path, and whom it serves',
      studio: studio(reader),
      finds: ['turbo-2 libjpeg.so.62 error'],
      says: ['reader-1 lib/libjpeg.so.62 stands first on the library path and serves app-1'],
      afterRepair: [
        studio({ libraryPath: [], files: { ...read, 'lib/private/libjpeg.so.62': other } }),
        studio({ requires: ['turbo'], files: read }),
      ],
    },
    {
      name: 'a copy that is on no library path and that nobody loads, as a note',
      studio: studio(unused),
      finds: ['reader-1 libjpeg.so.62 note'],
      afterRepair: studio({ files: {} }),
    },
  ],
  clean: [
    { name: 'where the copies are one build', studio: { packages: { 'reader-1': turbo, 'turbo-2': turbo } } },
    {
      name: 'where one copy is private',
      studio: {
        packages: { 'reader-1': { libraryPath: [], files: { 'x.libs/libjpeg.so.62': other } }, 'turbo-2': turbo },
      },
    },
    {
      name: 'where one package has both',
      studio: { packages: { 'turbo-2': { files: { ...turbo.files, 'lib64/libjpeg.so.62': other } } } },
    },
  ],
})

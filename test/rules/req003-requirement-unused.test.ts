/** REQ003: a package of libraries is required and no object needs any of them. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioPackage, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, lib, program } from '../support/studio.ts'

const tiff: StudioPackage = { path: [], files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } }
const studio = (requires: readonly string[], needs: readonly string[], item = tiff): StudioSpec => ({
  packages: { 'app-1': { requires, files: { 'bin/a': program('libc.so.6', ...needs) } }, 'tiff-4': item },
})

const opener: StudioFile = {
  elf: {
    type: 'exec',
    interpreter: INTERPRETER,
    needs: ['libc.so.6'],
    symbols: [{ name: 'dlopen', defined: false }],
    data: Buffer.from('\0libtiff.so.6\0', 'latin1'),
  },
}

ruleWorlds('REQ003', {
  found: [
    {
      name: 'a package of libraries that no object uses',
      studio: studio(['tiff'], []),
      finds: ['app-1 tiff note'],
      afterRepair: studio([], []),
    },
  ],
  clean: [
    { name: 'where it is used', studio: studio(['tiff'], ['libtiff.so.6']) },
    {
      name: 'where an object holds the name of a library and imports dlopen',
      studio: { packages: { 'app-1': { requires: ['tiff'], files: { 'bin/a': opener } }, 'tiff-4': tiff } },
    },
    { name: 'where it has tools as well', studio: studio(['tiff'], [], { ...tiff, tools: ['tiffinfo'] }) },
    {
      name: 'where it sets other variables',
      studio: studio(['tiff'], [], { ...tiff, environment: { PYTHONPATH: 'python' } }),
    },
    {
      name: 'where the package only passes requirements on',
      studio: { packages: { 'meta-1': { requires: ['tiff'], files: {} }, 'tiff-4': tiff } },
    },
  ],
})

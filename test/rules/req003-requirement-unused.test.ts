/** REQ003: a package of libraries is required and no object needs any of them. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { lib, program } from '../support/studio.ts'

const tiff: StudioPackage = { path: [], files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } }
const studio = (requires: readonly string[], needs: readonly string[], item = tiff): StudioSpec => ({
  packages: { 'app-1': { requires, files: { 'bin/a': program('libc.so.6', ...needs) } }, 'tiff-4': item },
})

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

/** ENV002: LD_LIBRARY_PATH names a folder of the host that the base does not have. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { lib, program } from '../support/studio.ts'

const vendor = { 'opt/vendor/lib/libv.so.1': lib('libv.so.1') }
const studio = (needs: readonly string[], more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages: { 'a-1': { libraryPath: ['/opt/vendor/lib'], files: { 'bin/a': program('libc.so.6', ...needs) } } },
  host: vendor,
  ...more,
})

ruleWorlds('ENV002', {
  found: [
    {
      name: 'a folder that a library is loaded from',
      studio: studio(['libv.so.1']),
      finds: ['a-1 /opt/vendor/lib error'],
      says: ['libv.so.1 comes from there'],
      afterRepair: {
        packages: {
          'a-1': { files: { 'bin/a': program('libc.so.6', 'libv.so.1'), 'lib/libv.so.1': lib('libv.so.1') } },
        },
        host: vendor,
      },
    },
    {
      name: 'a folder that nothing is loaded from',
      studio: studio([]),
      finds: ['a-1 /opt/vendor/lib warn'],
      says: ['Nothing is loaded from it'],
    },
  ],
  clean: [
    { name: 'where the base has the folder', studio: studio(['libv.so.1'], { base: vendor }) },
    { name: 'without a base', studio: studio(['libv.so.1'], { base: null }) },
  ],
})

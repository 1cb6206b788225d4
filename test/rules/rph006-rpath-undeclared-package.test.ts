/** RPH006: a run path leads into a package that the own package does not require. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { lib } from '../support/studio.ts'

const studio = (runpath: string, requires: readonly string[] = []): StudioSpec => ({
  packages: {
    'a-1': { requires, files: { 'lib/liba.so.1': { elf: { soname: 'liba.so.1', runpath } } } },
    'tbb-2020': { files: { 'lib/libtbb.so.2': lib('libtbb.so.2') } },
  },
})

ruleWorlds('RPH006', {
  found: [
    {
      name: 'the way from $ORIGIN into another package',
      studio: studio('$ORIGIN/../../../tbb/2020/lib'),
      finds: ['a-1 $ORIGIN/../../../tbb/2020/lib warn'],
      says: ['leads into tbb-2020, which a-1 does not require'],
      afterRepair: studio('$ORIGIN/../../../tbb/2020/lib', ['tbb-2020']),
    },
    {
      name: 'the payload root itself',
      studio: studio('$ORIGIN/../../../tbb/2020'),
      finds: ['a-1 $ORIGIN/../../../tbb/2020 warn'],
    },
  ],
  clean: [
    { name: 'about the own package', studio: studio('$ORIGIN/../lib') },
    { name: 'about a folder that holds packages', studio: studio('$ORIGIN/../../../tbb') },
  ],
})

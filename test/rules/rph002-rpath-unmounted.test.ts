/** RPH002: a run path leads to a folder that is not there. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { lib } from '../support/studio.ts'

function studio(runpath: string, more: Partial<StudioSpec> = {}): StudioSpec {
  return {
    packages: {
      'app-1': {
        requires: ['tbb'],
        files: {
          'bin/app': {
            elf: { type: 'exec', interpreter: '/lib64/ld-linux-x86-64.so.2', needs: ['libtbb.so.2'], runpath },
          },
        },
      },
      'tbb-2020.3': { libraryPath: [], files: { 'lib/libtbb.so.2': lib('libtbb.so.2') } },
    },
    ...more,
  }
}

ruleWorlds('RPH002', {
  found: [
    {
      name: 'an old mount of a repository, and the library that was meant',
      studio: studio('/sw/packages/tbb/2020.3/lib'),
      finds: ['app-1 /sw/packages/tbb/2020.3/lib error'],
      says: ['missing from the host and the base', 'the context has tbb-2020.3', 'libtbb.so.2 is not found without it'],
      afterRepair: studio('$ORIGIN/../../../tbb/2020.3/lib'),
    },
    {
      name: 'a folder of the host that serves a library and is absent from the base',
      studio: {
        ...studio('/opt/vendor/lib', { host: { 'opt/vendor/lib/libtbb.so.2': lib('libtbb.so.2') } }),
      },
      finds: ['app-1 /opt/vendor/lib error'],
      says: ['missing from the base'],
    },
    {
      name: 'another version of a package, where everything is found all the same',
      studio: {
        packages: {
          'app-1': {
            requires: ['tbb'],
            files: {
              'lib/libapp.so.1': {
                elf: { soname: 'libapp.so.1', needs: ['libtbb.so.2'], runpath: '$ORIGIN/../../../tbb/2019.1/lib' },
              },
            },
          },
          'tbb-2020.3': { files: { 'lib/libtbb.so.2': lib('libtbb.so.2') } },
        },
      },
      finds: ['app-1 $ORIGIN/../../../tbb/2019.1/lib warn'],
      says: ['Every library is found without it'],
    },
    {
      name: 'a folder that nobody knows, as a note',
      studio: {
        packages: { 'a-1': { files: { 'lib/liba.so.1': { elf: { soname: 'liba.so.1', runpath: '/opt/gone/lib' } } } } },
      },
      finds: ['a-1 /opt/gone/lib note'],
    },
  ],
  clean: [
    {
      name: 'where the folder is in both systems',
      studio: studio('/opt/v/lib', { host: { 'opt/v/lib/x': '' }, base: { 'opt/v/lib/x': '' } }),
    },
    { name: 'about a folder of the own package that it does not have', studio: studio('$ORIGIN/../lib64') },
    { name: 'about an absent folder of a build, which RPH001 names', studio: studio('/tmp/x/lib') },
  ],
})

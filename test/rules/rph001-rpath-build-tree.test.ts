/** RPH001: a run path leads into a home, temporary or build folder. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile } from '../support/studio.ts'
import { lib } from '../support/studio.ts'

const built = (runpath: string): StudioFile => ({ elf: { soname: 'liba.so.1', needs: ['libc.so.6'], runpath } })
const studio = (runpath: string): { packages: { 'a-1': { files: { 'lib/liba.so.1': StudioFile } } } } => ({
  packages: { 'a-1': { files: { 'lib/liba.so.1': built(runpath) } } },
})

ruleWorlds('RPH001', {
  found: [
    {
      name: 'the home of whoever built it, whether it exists or not',
      studio: { ...studio('/home/anna/src/liba/build/lib:$ORIGIN'), host: { 'home/anna/src/liba/build/lib/x': '' } },
      finds: ['a-1 /home/anna/src/liba/build/lib warn'],
      says: ['lib/liba.so.1', 'the home of whoever built it'],
      afterRepair: studio('$ORIGIN'),
    },
    { name: 'the folder itself', studio: studio('/build'), finds: ['a-1 /build warn'] },
    {
      name: 'the placeholder of conda-build as DT_RPATH',
      studio: {
        packages: {
          'a-1': {
            files: { 'lib/liba.so.1': { elf: { soname: 'liba.so.1', rpath: '/opt/_h_env_placehold_plac/lib' } } },
          },
        },
      },
      finds: ['a-1 /opt/_h_env_placehold_plac/lib warn'],
    },
  ],
  clean: [
    { name: 'about a folder whose name only begins so', studio: studio('/buildings/lib') },
    { name: 'about a repository below such a folder', studio: studio('{repository}/a/1/lib') },
    { name: 'without run path', studio: { packages: { 'a-1': { files: { 'lib/liba.so.1': lib('liba.so.1') } } } } },
  ],
})

/** RPH003: a run path depends on the working folder, or on links on the way. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'

const studio = (runpath: string): StudioSpec => ({
  packages: { 'a-1': { files: { 'lib/liba.so.1': { elf: { soname: 'liba.so.1', runpath } } } } },
  host: { 'opt/x/lib/y': '', 'opt/lib/y': '' },
  base: { 'opt/x/lib/y': '', 'opt/lib/y': '' },
})

ruleWorlds('RPH003', {
  found: [
    {
      name: 'an empty element between others',
      studio: studio('$ORIGIN::/opt/lib'),
      finds: ['a-1 (empty) error'],
      says: ['the working folder'],
      afterRepair: studio('$ORIGIN:/opt/lib'),
    },
    { name: 'a trailing colon', studio: studio('$ORIGIN:'), finds: ['a-1 (empty) error'] },
    { name: 'a relative element', studio: studio('lib:../lib'), finds: ['a-1 ../lib error', 'a-1 lib error'] },
    {
      name: 'a token that a shell has eaten, and one that no loader knows',
      studio: studio('/../lib:$ORIGINAL/lib:${HOME}/lib'),
      finds: ['a-1 $ORIGINAL/lib error', 'a-1 ${HOME}/lib error', 'a-1 /../lib warn'],
      says: ['the loader knows no such token'],
    },
    {
      name: '.. through an absolute path',
      studio: studio('/opt/x/../lib'),
      finds: ['a-1 /opt/x/../lib warn'],
      says: ['links on the way'],
    },
  ],
  clean: [
    { name: 'about .. behind $ORIGIN, with and without braces', studio: studio('$ORIGIN/../lib:${ORIGIN}/../lib64') },
    { name: 'about an empty run path, which the loader ignores', studio: studio('') },
    { name: 'about the other tokens', studio: studio('/opt/$LIB:/opt/${PLATFORM}/x') },
  ],
})

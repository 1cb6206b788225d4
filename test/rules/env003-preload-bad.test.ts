/** ENV003: LD_PRELOAD or LD_AUDIT names an object that is missing. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { inSystem, lib, program } from '../support/studio.ts'

function studio(
  variables: Readonly<Record<string, string>>,
  files: Readonly<Record<string, StudioFile>> = {},
): StudioSpec {
  return { packages: { 'a-1': { variables, files: { 'bin/a': program('libc.so.6'), ...files } } } }
}
const malloc = { 'lib/libjemalloc.so.2': lib('libjemalloc.so.2') }

ruleWorlds('ENV003', {
  found: [
    {
      name: 'a name that no search finds',
      studio: studio({ LD_PRELOAD: 'libjemalloc.so.2' }),
      finds: ['a-1 libjemalloc.so.2 error'],
      says: ['missing from the host and the base'],
      afterRepair: studio({ LD_PRELOAD: '{root}/lib/libjemalloc.so.2' }, malloc),
    },
    {
      name: 'a path of the host',
      studio: { ...studio({ LD_PRELOAD: '/opt/hook.so libc.so.6' }), host: { 'opt/hook.so': lib('hook.so') } },
      finds: ['a-1 /opt/hook.so error'],
      says: ['missing from the base; the host has it'],
    },
    { name: 'an auditor', studio: studio({ LD_AUDIT: '/opt/audit.so' }), finds: ['a-1 /opt/audit.so error'] },
  ],
  clean: [
    { name: 'about a name that the library path finds', studio: studio({ LD_PRELOAD: 'libjemalloc.so.2' }, malloc) },
    { name: 'about a path that the caller knows', studio: studio({ LD_PRELOAD: '/opt/${SITE}/hook.so' }) },
    {
      name: 'about a name that both systems find',
      studio: {
        ...studio({ LD_PRELOAD: 'libfake.so.0' }),
        host: { [inSystem('libfake.so.0')]: lib('libfake.so.0') },
        base: { [inSystem('libfake.so.0')]: lib('libfake.so.0') },
      },
    },
  ],
})

/** ENV001: LD_LIBRARY_PATH names a folder that is nowhere. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { lib } from '../support/studio.ts'

const studio = (libraryPath: readonly string[], more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages: { 'a-1': { libraryPath, files: { 'lib/liba.so.1': lib('liba.so.1') } } },
  ...more,
})

ruleWorlds('ENV001', {
  found: [
    {
      name: 'a folder that the package does not have',
      studio: studio(['lib', 'lib64']),
      finds: ['a-1 {root}/lib64 note'],
      says: ['a-1 puts', 'where there is no folder'],
      afterRepair: studio(['lib']),
    },
    { name: 'a folder that no system has', studio: studio(['lib', '/opt/old/lib']), finds: ['a-1 /opt/old/lib note'] },
  ],
  clean: [
    { name: 'where one of the systems has it', studio: studio(['lib', '/opt/v/lib'], { host: { 'opt/v/lib/x': '' } }) },
    {
      name: 'about a folder whose name the caller knows',
      studio: studio(['lib', '/opt/maya${MAYA_VERSION}/lib', '${SOFT}/lib']),
    },
    {
      name: 'about a link that leads to a folder',
      studio: studio(['lib', '/opt/v/l'], { base: { 'opt/v/l': { link: '/usr/lib' } } }),
    },
  ],
})

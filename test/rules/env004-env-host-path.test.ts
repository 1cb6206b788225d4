/** ENV004: a variable points at a path of the host that the base does not have. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { program } from '../support/studio.ts'

const studio = (variables: Readonly<Record<string, string>>, base: StudioSpec['base'] = {}): StudioSpec => ({
  packages: { 'a-1': { variables, files: { 'bin/a': program('libc.so.6'), 'share/config.ocio': '' } } },
  host: { 'opt/studio/config.ocio': 'x', 'home/anna/.x': '', 'tmp/y': '' },
  base,
})

ruleWorlds('ENV004', {
  found: [
    {
      name: 'a file of the host',
      studio: studio({ OCIO: '/opt/studio/config.ocio' }),
      finds: ['a-1 /opt/studio/config.ocio warn'],
      says: ['a-1 sets OCIO to /opt/studio/config.ocio'],
      afterRepair: studio({ OCIO: '{root}/share/config.ocio' }),
    },
    {
      name: 'an element of a list',
      studio: studio({ PLUGINS: '{root}/share:/opt/studio' }),
      finds: ['a-1 /opt/studio warn'],
    },
  ],
  clean: [
    {
      name: 'where the base has it',
      studio: studio({ OCIO: '/opt/studio/config.ocio' }, { 'opt/studio/config.ocio': 'x' }),
    },
    {
      name: 'about homes and temporary folders, which a container is given',
      studio: studio({ CACHE: '/home/anna:/tmp/y' }),
    },
    {
      name: 'about what the host does not have either',
      studio: studio({ LICENCE: '/opt/gone', URL: 'https://opt/studio' }),
    },
  ],
})

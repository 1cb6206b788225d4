/** OBS002: a running program loaded another file than computed. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioRun } from '../support/observed.ts'
import type { StudioSpec } from '../support/studio.ts'
import { inSystem, lib, otherLib, program } from '../support/studio.ts'

const APP = '{repository}/app/1/bin/app'
const OWN = '{repository}/tiff/4/lib/libtiff.so.6'
const SYSTEMS = '/usr/lib/x86_64-linux-gnu/libtiff.so.6'

function studio(loads: StudioRun['loads'], more: Partial<StudioRun> = {}): StudioSpec {
  return {
    packages: {
      'app-1': { requires: ['tiff'], files: { 'bin/app': program('libtiff.so.6', 'libc.so.6') } },
      'tiff-4': { files: { 'lib/libtiff.so.6': lib('libtiff.so.6', 'libc.so.6') } },
    },
    host: { [inSystem('libtiff.so.6')]: otherLib('libtiff.so.6') },
    observed: { program: APP, loads, ...more },
  }
}

ruleWorlds('OBS002', {
  found: [
    {
      name: 'a copy of the system in place of the computed one',
      studio: studio([{ name: 'libtiff.so.6', file: SYSTEMS, how: 'library-path' }]),
      finds: ['app-1 libtiff.so.6 warn'],
      says: [`loaded ${SYSTEMS}, found through LD_LIBRARY_PATH`, '4/lib/libtiff.so.6 (tiff-4)'],
      afterRepair: studio([{ name: 'libtiff.so.6', file: OWN, how: 'library-path' }]),
    },
    {
      name: 'nothing where a file was computed',
      studio: studio([{ name: 'libtiff.so.6', file: null }]),
      finds: ['app-1 libtiff.so.6 error'],
      says: ['found nothing'],
    },
    {
      name: 'a copy from a folder that no package owns',
      studio: studio([{ name: 'libtiff.so.6', file: '/home/me/lib/libtiff.so.6' }]),
      finds: ['app-1 libtiff.so.6 warn'],
    },
    {
      name: 'in the map of a process, where nobody asks',
      studio: studio([{ name: SYSTEMS, file: SYSTEMS, opened: null }]),
      finds: ['app-1 libtiff.so.6 warn'],
    },
  ],
  clean: [
    {
      name: 'where everything is as computed',
      studio: studio([
        { name: 'libtiff.so.6', file: OWN },
        { name: 'libc.so.6', file: '/usr/lib/x86_64-linux-gnu/libc.so.6' },
      ]),
    },
    {
      name: 'about a path through a link',
      studio: studio([{ name: 'libc.so.6', file: '/lib/x86_64-linux-gnu/libc.so.6' }]),
    },
    {
      name: 'about needs of files of the system',
      studio: studio([{ name: 'libtiff.so.6', file: '/opt/libtiff.so.6', by: '/usr/lib/x86_64-linux-gnu/libc.so.6' }]),
    },
    { name: 'in another world', studio: studio([{ name: 'libtiff.so.6', file: OWN }], { world: 'base' }) },
  ],
})

/** OBS003: a running program loaded a file that is nobody's. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import { grafts } from '../support/repairs.ts'
import type { StudioRun } from '../support/observed.ts'
import type { StudioSpec } from '../support/studio.ts'
import { inSystem, lib, program } from '../support/studio.ts'

const APP = '{repository}/app/1/bin/app'
const HOME = '/home/me/plugins/mine.so'

const GRAFT = '/opt/airtight/graft/lib/libx.so.1'

function studio(loads: StudioRun['loads']): StudioSpec {
  return {
    packages: { 'app-1': { files: { 'bin/app': program('libc.so.6'), 'plugins/mine.so': lib('mine.so') } } },
    host: { [inSystem('libx.so.1')]: lib('libx.so.1') },
    observed: { program: APP, loads },
  }
}

ruleWorlds('OBS003', {
  found: [
    {
      name: 'a plugin of the home folder',
      studio: studio([{ name: HOME, file: HOME, opened: true, how: 'path' }]),
      finds: ['app-1 mine.so warn'],
      says: [`app-1 (bin/app) opened ${HOME}, which belongs neither`],
      afterRepair: studio([
        { name: '{repository}/app/1/plugins/mine.so', file: '{repository}/app/1/plugins/mine.so', opened: true },
      ]),
    },
    {
      name: 'a package that is not in the context',
      studio: studio([
        { name: 'libother.so.1', file: '{repository}/other/2/lib/libother.so.1', opened: true, how: 'library-path' },
      ]),
      finds: ['app-1 libother.so.1 warn'],
      says: ['found through LD_LIBRARY_PATH'],
    },
    {
      name: 'what stands where repairs put grafts, and no repair tells of it',
      studio: studio([{ name: 'libx.so.1', file: GRAFT, opened: true }]),
      finds: ['app-1 libx.so.1 warn'],
      afterRepair: { ...studio([{ name: 'libx.so.1', file: GRAFT, opened: true }]), repairs: grafts(['libx.so.1']) },
    },
    {
      name: 'such a file in the map of a process',
      studio: studio([{ name: '/opt/vendor/libv.so.2', file: '/opt/vendor/libv.so.2', opened: null }]),
      finds: ['app-1 libv.so.2 warn'],
    },
  ],
  clean: [
    {
      name: 'about files of packages',
      studio: studio([
        { name: '{repository}/app/1/plugins/mine.so', file: '{repository}/app/1/plugins/mine.so', opened: true },
        { name: 'x', file: null, opened: true },
      ]),
    },
    {
      name: 'about files of the system',
      studio: studio([{ name: 'libx.so.1', file: '/usr/lib/x86_64-linux-gnu/libx.so.1', opened: null }]),
    },
    {
      name: 'about a file of the system that another one opened',
      studio: studio([
        { name: '/opt/nss.so', file: '/opt/nss.so', opened: true, by: '/usr/lib/x86_64-linux-gnu/libx.so.1' },
      ]),
    },
  ],
})

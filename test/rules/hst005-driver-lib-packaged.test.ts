/** HST005: a package ships a library that belongs to the host's driver. */
import type { FoundWorld } from '../support/rule-worlds.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { lib } from '../support/studio.ts'

const own = { 'lib/libr.so.1': lib('libr.so.1') }
const ships = (soname: string, folder = 'lib'): StudioSpec => ({
  packages: { 'r-1': { files: { ...own, [`${folder}/${soname}`]: lib(soname) } } },
})
const without: StudioSpec = { packages: { 'r-1': { files: own } } }
const found = (soname: string): FoundWorld => ({
  name: soname,
  studio: ships(soname),
  finds: [`r-1 ${soname} error`],
  afterRepair: without,
})

ruleWorlds('HST005', {
  found: [
    found('libcuda.so.1'),
    found('libnvidia-ml.so.1'),
    found('libnvoptix.so.1'),
    found('libGLX_nvidia.so.0'),
    {
      name: 'a copy in a private folder, as a warning',
      studio: ships('libcuda.so.1', 'lib/private'),
      finds: ['r-1 libcuda.so.1 warn'],
      afterRepair: without,
    },
  ],
  clean: [
    {
      name: 'about a link-time stub',
      studio: {
        packages: { 'cuda-12': { libraryPath: [], files: { 'lib64/stubs/libcuda.so': lib('libcuda.so.1') } } },
      },
    },
    ...['libcudart.so.12', 'libGL.so.1', 'libEGL.so.1', 'libOpenGL.so.0', 'libnvrtc.so.12'].map((soname) => ({
      name: `about ${soname}, which is no part of a driver`,
      studio: ships(soname),
    })),
  ],
})

/** HST010: a library of the context opens a file by itself that the host has and the base has not. */
import { expect, it } from 'vitest'
import type { SymbolSpec } from '../support/elf/spec.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioPackage, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, lib, program } from '../support/studio.ts'

type Files = Readonly<Record<string, StudioFile>>

const packages = { 'paint-1': { files: { 'bin/paint': program('libGLX.so.0', 'libfontconfig.so.1') } } }
const both = {
  [inSystem('libGLX.so.0')]: lib('libGLX.so.0'),
  [inSystem('libfontconfig.so.1')]: lib('libfontconfig.so.1'),
}
const mesa = { [inSystem('libGLX_mesa.so.0')]: lib('libGLX_mesa.so.0') }
const gallium = {
  [inSystem('libGLX_mesa.so.0')]: lib('libGLX_mesa.so.0', 'libgallium-25.0.7.so'),
  [inSystem('libgallium-25.0.7.so')]: lib('libgallium-25.0.7.so'),
}
const nvidia = { [inSystem('libGLX_nvidia.so.0')]: lib('libGLX_nvidia.so.0') }
const dri = { [inSystem('dri/swrast_dri.so')]: lib('swrast_dri.so') }
const fonts = { 'etc/fonts/fonts.conf': '<fontconfig/>' }
const studio = (host: Files | null, base: Files, more: Readonly<Record<string, StudioPackage>> = {}): StudioSpec => ({
  packages: { ...packages, ...more },
  host,
  base,
})
const drivers = { environment: { LIBGL_DRIVERS_PATH: 'dri' }, files: { 'dri/swrast_dri.so': lib('swrast_dri.so') } }

/** A library of both systems that opens another one, which `host` has or nobody. */
function translated(priority: string, host: Files, ...before: string[]): StudioSpec {
  const note = { description: 'all of it', priority, soname: ['libreal.so.3', 'libGLX_mesa.so.0'] }
  const face = { ...both, [inSystem('libface.so.2')]: { elf: { soname: 'libface.so.2', dlopen: [[note]] } } }
  return {
    packages: { 'paint-1': { files: { 'bin/paint': program(...before, 'libface.so.2') } } },
    host: { ...face, ...host },
    base: face,
  }
}

function sdl(symbols: readonly SymbolSpec[]): StudioSpec {
  const face = { [inSystem('libSDL-1.2.so.0')]: { elf: { soname: 'libSDL-1.2.so.0', symbols } } }
  return {
    packages: { 'paint-1': { files: { 'bin/paint': program('libSDL-1.2.so.0') } } },
    host: { ...face, [inSystem('libSDL2-2.0.so.0')]: lib('libSDL2-2.0.so.0') },
    base: face,
  }
}

ruleWorlds('HST010', {
  found: [
    {
      name: 'a library that the host has and the base has not, as one finding of the context',
      studio: studio({ ...both, ...mesa }, both),
      finds: ['- libGLX_mesa.so.0 warn'],
      says: ['libGLX.so.0, loaded by paint of paint-1, opens libGLX_mesa.so.0 and libGLX_nvidia.so.0 by itself'],
      afterRepair: [
        studio({ ...both, ...mesa }, { ...both, ...mesa }),
        studio({ ...both, ...mesa }, both, {
          'mesa-22': { files: { 'lib/libGLX_mesa.so.0': lib('libGLX_mesa.so.0') } },
        }),
      ],
    },
    {
      name: 'what a library that was opened opens in turn, in the folder of its variable',
      studio: studio({ ...both, ...mesa, ...dri }, { ...both, ...mesa }),
      finds: ['- swrast_dri.so warn'],
      afterRepair: studio({ ...both, ...mesa, ...dri }, { ...both, ...mesa }, { 'drivers-1': drivers }),
    },
    {
      name: 'what a library of the system says it does not work without, as an error',
      studio: translated('required', { [inSystem('libreal.so.3')]: lib('libreal.so.3') }),
      finds: ['- libreal.so.3 error'],
      says: [
        'libface.so.2, loaded by paint of paint-1, opens libreal.so.3 and libGLX_mesa.so.0 by itself: its .note.dlopen calls it required (all of it)',
      ],
      afterRepair: translated('required', {}),
    },
    {
      name: 'as an error what one library says it does not work without, and another one opens as well',
      studio: translated('required', mesa, 'libGLX.so.0'),
      finds: ['- libGLX_mesa.so.0 error'],
      says: ['libGLX.so.0 and libface.so.2, loaded by paint of paint-1, open', 'calls it required'],
    },
    {
      name: 'what is opened by a library of that name alone that defines a symbol',
      studio: sdl([{ name: 'SDL12COMPAT_GetWindow' }]),
      finds: ['- libSDL2-2.0.so.0 warn'],
    },
    {
      name: 'a file of data',
      studio: studio({ ...both, ...fonts }, both),
      finds: ['- fonts.conf warn'],
      afterRepair: studio({ ...both, ...fonts }, { ...both, ...fonts }),
    },
  ],
  clean: [
    { name: 'where the base has that of another vendor', studio: studio({ ...both, ...mesa }, { ...both, ...nvidia }) },
    { name: 'where the host has none either', studio: studio(both, both) },
    { name: 'where the library itself is missing, which is said of it', studio: studio({ ...both, ...mesa }, {}) },
    {
      name: 'about what a library of the system recommends',
      studio: translated('recommended', { [inSystem('libreal.so.3')]: lib('libreal.so.3') }),
    },
    { name: 'about another library of that name', studio: sdl([{ name: 'SDL_Init' }]) },
    {
      name: 'about drivers in files of their own, where the library needs the one that has them all',
      studio: studio({ ...both, ...gallium, ...dri }, { ...both, ...gallium }),
    },
    { name: 'where there is one system alone', studio: studio(null, both) },
  ],
})

it('offers a copy with its place and its variable, and none where one file of many does not help', () => {
  const [graft] = findingsOf('HST010', studio({ ...both, ...mesa, ...dri }, { ...both, ...mesa }))
  expect(graft?.repairs.at(-1)).toMatchObject({
    kind: 'graft',
    action: { kind: 'opened', folder: 'lib/dri', variable: 'LIBGL_DRIVERS_PATH', tree: false },
  })
  const [data] = findingsOf('HST010', studio({ ...both, ...fonts }, both))
  expect(data?.repairs).toMatchObject([{ kind: 'advice', target: 'fonts.conf' }])
})

/** RES006: a library that an object says it opens is missing. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, inSystem, lib } from '../support/studio.ts'

const opens = (priority: string, ...soname: readonly string[]): StudioFile => ({
  elf: {
    type: 'exec',
    interpreter: INTERPRETER,
    needs: ['libc.so.6'],
    dlopen: [[{ feature: 'audio', description: 'Plays sound', priority, soname }]],
  },
})
const studio = (app: StudioFile, more: Readonly<Record<string, StudioFile>> = {}): StudioSpec => ({
  packages: { 'app-1': { files: { 'bin/app': app, ...more } } },
})
const pulse = { [inSystem('libpulse.so.0')]: lib('libpulse.so.0') }

ruleWorlds('RES006', {
  found: [
    {
      name: 'a required library',
      studio: studio(opens('required', 'libpulse.so.0')),
      finds: ['app-1 libpulse.so.0 error'],
      says: ['for audio (required), missing from the host and the base', 'Plays sound.'],
      afterRepair: studio(opens('required', 'libpulse.so.0'), { 'lib/libpulse.so.0': lib('libpulse.so.0') }),
    },
    {
      name: 'a recommended one that the host has',
      studio: { ...studio(opens('recommended', 'libpulse.so.0')), host: pulse },
      finds: ['app-1 libpulse.so.0 warn'],
      says: ['missing from the base; the other system has it'],
    },
    {
      name: 'a recommended one that the host does without, as a note',
      studio: studio(opens('recommended', 'libpulse.so.0')),
      finds: ['app-1 libpulse.so.0 note'],
    },
    {
      name: 'a suggested one, as a note',
      studio: { ...studio(opens('suggested', 'libpulse.so.0')), host: pulse },
      finds: ['app-1 libpulse.so.0 note'],
    },
  ],
  clean: [
    {
      name: 'where one of the alternatives is there',
      studio: { ...studio(opens('required', 'libpipewire.so.0', 'libpulse.so.0')), host: pulse, base: pulse },
    },
    {
      name: 'where the process has it already',
      studio: {
        packages: {
          'app-1': {
            libraryPath: [],
            files: {
              'bin/app': {
                elf: {
                  type: 'exec',
                  interpreter: INTERPRETER,
                  needs: ['libaudio.so.1'],
                  runpath: '$ORIGIN/../p',
                  dlopen: [[{ priority: 'required', soname: ['libpulse.so.0'] }]],
                },
              },
              'p/libaudio.so.1': { elf: { soname: 'libaudio.so.1', needs: ['libpulse.so.0'], runpath: '$ORIGIN' } },
              'p/libpulse.so.0': lib('libpulse.so.0'),
            },
          },
        },
      },
    },
    { name: "about a driver's library", studio: studio(opens('required', 'libcuda.so.1')) },
  ],
})

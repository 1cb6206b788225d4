/** OBS001: a running program opened a library or plugin of the system. */
import { expect, test } from 'vitest'
import type { StudioRun } from '../support/observed.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, lib, program } from '../support/studio.ts'

const APP = '{repository}/app/1/bin/app'
const PULSE = '/usr/lib/x86_64-linux-gnu/libpulse.so.0'
const PLUGIN = '/usr/lib/x86_64-linux-gnu/plugins/exr.so'

function opened(name: string, file: string, more: Partial<StudioRun['loads'][number]> = {}): StudioRun {
  return { program: APP, loads: [{ name, file, opened: true, ...more }] }
}

function studio(
  observed: StudioRun,
  more: Partial<StudioSpec> = {},
  files: Record<string, StudioFile> = {},
): StudioSpec {
  return {
    packages: { 'app-1': { files: { 'bin/app': program('libc.so.6'), ...files } } },
    host: { [inSystem('libpulse.so.0')]: lib('libpulse.so.0'), [inSystem('plugins/exr.so')]: lib('exr.so') },
    observed,
    ...more,
  }
}

ruleWorlds('OBS001', {
  found: [
    {
      name: 'a library that the base does not have',
      studio: studio(opened('libpulse.so.0', PULSE)),
      finds: ['app-1 libpulse.so.0 warn'],
      says: [`app-1 (bin/app) opened ${PULSE} of the host`, 'In the base it would find none.'],
      afterRepair: studio(opened('libpulse.so.0', '{repository}/sound/1/lib/libpulse.so.0'), {
        packages: {
          'app-1': { files: { 'bin/app': program('libc.so.6') } },
          'sound-1': { files: { 'lib/libpulse.so.0': lib('libpulse.so.0') } },
        },
      }),
    },
    {
      name: 'one that the base has as well',
      studio: studio(opened('libpulse.so.0', PULSE), { base: { [inSystem('libpulse.so.0')]: lib('libpulse.so.0') } }),
      finds: ['app-1 libpulse.so.0 note'],
      says: ['In the base it would find one too.'],
    },
    {
      name: 'a plugin of the host although the package has one of that name',
      studio: studio(opened(PLUGIN, PLUGIN), {}, { 'plugins/exr.so': lib('exr.so') }),
      finds: ['app-1 exr.so error'],
      says: ['The context has app-1 plugins/exr.so.'],
    },
    {
      name: 'what a library of the package opened, without a base',
      studio: studio(
        opened(PLUGIN, PLUGIN, { by: '{repository}/app/1/lib/libapp.so.1' }),
        { base: null },
        { 'lib/libapp.so.1': lib('libapp.so.1') },
      ),
      finds: ['app-1 exr.so warn'],
      says: ['app-1 (lib/libapp.so.1) opened'],
    },
  ],
  clean: [
    {
      name: 'about what a library of the system opened',
      studio: studio(opened(PLUGIN, PLUGIN, { by: PULSE })),
    },
    {
      name: 'about the C library and drivers',
      studio: studio({
        program: APP,
        loads: [
          { name: 'libc.so.6', file: '/usr/lib/x86_64-linux-gnu/libc.so.6', opened: true },
          { name: 'libcuda.so.1', file: '/usr/lib/x86_64-linux-gnu/libcuda.so.1', opened: true },
        ],
      }),
    },
    {
      name: 'about what was asked for in vain',
      studio: studio({ program: APP, loads: [{ name: 'libx.so.1', file: null, opened: true }] }),
    },
    {
      name: 'about programs of the system',
      studio: studio({ program: '/usr/bin/env', loads: [{ name: PLUGIN, file: PLUGIN, opened: true }] }),
    },
    { name: 'where nothing was observed', studio: studio({ program: APP, loads: [] }) },
  ],
})

test('the evidence names the request as it was made', () => {
  const [finding] = findingsOf('OBS001', studio(opened('libpulse.so.0', PULSE, { how: 'cache' })))
  expect(finding?.confidence).toBe('exact')
  expect(finding?.evidence['observed']).toMatchObject([
    { object: 'bin/app', asked_for: 'libpulse.so.0', file: PULSE, how: 'cache', opened: true },
  ])
})

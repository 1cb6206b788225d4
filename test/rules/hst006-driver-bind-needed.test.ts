/** HST006: a need that the host's driver answers at run time. */
import { expect, it } from 'vitest'
import { contextFile } from '../support/repairs.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, lib, program, verdicts } from '../support/studio.ts'

const studio = (...needs: string[]): StudioSpec => ({
  packages: { 'r-1': { files: { 'bin/r': program(...needs) } } },
  base: { [inSystem('libGL.so.1')]: lib('libGL.so.1') },
  host: { [inSystem('libcuda.so.1')]: lib('libcuda.so.1'), [inSystem('libGL.so.1')]: lib('libGL.so.1') },
})
const both = studio('libcuda.so.1', 'libGL.so.1')

ruleWorlds('HST006', {
  found: [
    {
      name: 'a driver that the host has, as a note',
      studio: both,
      finds: ['r-1 libcuda.so.1 note'],
      // A program that opens the driver itself starts without it.
      afterRepair: studio('libGL.so.1'),
    },
    { name: 'a driver that the host lacks too', studio: { ...both, host: {} }, finds: ['r-1 libcuda.so.1 note'] },
  ],
  clean: [
    { name: 'about GLVND dispatchers, which are libraries of the image', studio: studio('libGL.so.1') },
    {
      name: 'where a package answers the need',
      studio: {
        ...both,
        packages: { ...both.packages, 'cuda-12': { files: { 'lib/libcuda.so.1': lib('libcuda.so.1') } } },
      },
    },
  ],
})

it('names the device, and nothing else is said of the need', () => {
  expect(findingsOf('HST006', both)[0]?.evidence).toMatchObject({ device: 'nvidia.com/gpu=all' })
  for (const rule of ['RES001', 'HST001', 'HST002', 'HST003']) expect(verdicts(rule, both)).toEqual([])
})

it('leaves GLVND dispatchers to the image: they are leaks or missing as any library', () => {
  expect(verdicts('HST002', { ...both, base: {} })).toEqual(['r-1 libGL.so.1 error'])
  expect(verdicts('RES001', { ...both, host: {} })).toEqual(['r-1 libGL.so.1 warn'])
})

it('stays where the bind is decided on: it is the list of what the run-time has to bring', () => {
  const binds = { nvidia: { cdi: 'nvidia.com/gpu=all', sonames: ['libcuda.so.1'], fixes: ['HST006'] } }
  const repairs: StudioSpec['repairs'] = () => [{ path: 'contexts/studio.yaml', file: contextFile({ binds }) }]
  expect(verdicts('HST006', { ...both, repairs })).toEqual(['r-1 libcuda.so.1 note'])
})

it('knows the sonames that a declared base leaves to the machine', () => {
  const vendor = { 'r-1': { files: { 'bin/r': program('libvendor_gpu.so.3') } } }
  const host = { [inSystem('libvendor_gpu.so.3')]: lib('libvendor_gpu.so.3') }
  const studio = { packages: vendor, host }
  expect(verdicts('HST002', { ...studio, provides: {} })).toEqual(['r-1 libvendor_gpu.so.3 error'])
  const declared = { ...studio, provides: { drivers: ['nvidia', 'libvendor_*'] } }
  expect(verdicts('HST002', declared)).toEqual([])
  expect(verdicts('HST006', declared)).toEqual(['r-1 libvendor_gpu.so.3 note'])
})

/** HST006: a need that the host's driver answers at run time. */
import { expect, it } from 'vitest'
import { findingsOf, inSystem, lib, program, verdicts } from '../support/studio.ts'

const packages = { 'r-1': { files: { 'bin/r': program('libcuda.so.1', 'libGL.so.1') } } }

it('is a note with the device, whether the host has the driver or not, and nothing else is said of it', () => {
  const host = { [inSystem('libcuda.so.1')]: lib('libcuda.so.1'), [inSystem('libGL.so.1')]: lib('libGL.so.1') }
  const [finding, ...more] = findingsOf('HST006', { packages, host })
  expect(more).toEqual([])
  expect(finding).toMatchObject({
    subject: 'libcuda.so.1',
    severity: 'note',
    evidence: { device: 'nvidia.com/gpu=all' },
  })
  expect(verdicts('HST006', { packages })).toEqual(['r-1 libcuda.so.1 note'])
  expect(verdicts('RES001', { packages, base: { [inSystem('libGL.so.1')]: lib('libGL.so.1') } })).toEqual([
    'r-1 libGL.so.1 warn',
  ])
})

it('leaves GLVND dispatchers to the image: they are leaks as any library', () => {
  const host = { [inSystem('libcuda.so.1')]: lib('libcuda.so.1'), [inSystem('libGL.so.1')]: lib('libGL.so.1') }
  expect(verdicts('HST002', { packages, host })).toEqual(['r-1 libGL.so.1 error'])
})

it('is silent where a package answers the need', () => {
  const cuda = { files: { 'lib/libcuda.so.1': lib('libcuda.so.1') } }
  expect(verdicts('HST006', { packages: { ...packages, 'cuda-12': cuda } })).toEqual([])
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

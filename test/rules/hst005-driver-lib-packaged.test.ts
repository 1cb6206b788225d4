/** HST005: a package ships a library that belongs to the host's driver. */
import { expect, it } from 'vitest'
import { lib, verdicts } from '../support/studio.ts'

it.each(['libcuda.so.1', 'libnvidia-ml.so.1', 'libnvoptix.so.1', 'libGLX_nvidia.so.0'])('reports %s', (soname) => {
  expect(verdicts('HST005', { packages: { 'r-1': { files: { [`lib/${soname}`]: lib(soname) } } } })).toEqual([
    `r-1 ${soname} error`,
  ])
})

it('is a warning for a copy in a private folder', () => {
  const files = { 'lib/private/libcuda.so.1': lib('libcuda.so.1') }
  expect(verdicts('HST005', { packages: { 'r-1': { files } } })).toEqual(['r-1 libcuda.so.1 warn'])
})

it.each(['libcudart.so.12', 'libGL.so.1', 'libEGL.so.1', 'libOpenGL.so.0', 'libnvrtc.so.12'])(
  'is silent about %s',
  (soname) => {
    expect(verdicts('HST005', { packages: { 'r-1': { files: { [`lib/${soname}`]: lib(soname) } } } })).toEqual([])
  },
)

it('is silent about a link-time stub', () => {
  const files = { 'lib64/stubs/libcuda.so': lib('libcuda.so.1') }
  expect(verdicts('HST005', { packages: { 'cuda-12': { libraryPath: [], files } } })).toEqual([])
})

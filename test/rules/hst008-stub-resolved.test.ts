/** HST008: a link-time stub would be loaded at run time. */
import { expect, it } from 'vitest'
import { inSystem, lib, program, verdicts } from '../support/studio.ts'

const app = { files: { 'bin/r': program('libcuda.so.1') } }
const cuda = { libraryPath: ['lib64/stubs'], files: { 'lib64/stubs/libcuda.so.1': lib('libcuda.so.1') } }

it('reports the stub on the library path, and no other rule of the family does', () => {
  const spec = { packages: { 'r-1': app, 'cuda-12': cuda }, host: { [inSystem('libcuda.so.1')]: lib('libcuda.so.1') } }
  expect(verdicts('HST008', spec)).toEqual(['r-1 libcuda.so.1 error'])
  for (const rule of ['HST001', 'HST002', 'HST003', 'HST006']) expect(verdicts(rule, spec)).toEqual([])
})

it('is silent while the stubs are on no search path', () => {
  expect(verdicts('HST008', { packages: { 'r-1': app, 'cuda-12': { ...cuda, libraryPath: [] } } })).toEqual([])
})

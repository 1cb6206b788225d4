/** RES003: found only because another object had loaded it first. */
import { expect, it } from 'vitest'
import { INTERPRETER, lib, verdicts } from '../support/studio.ts'

const libraries = {
  'lib/private/libb.so.1': lib('libb.so.1', 'libc1.so.1'),
  'lib/private/libc1.so.1': lib('libc1.so.1'),
}
const app = (paths: { readonly runpath?: string; readonly rpath?: string }): { readonly elf: object } => ({
  elf: { type: 'exec', interpreter: INTERPRETER, needs: ['libb.so.1', 'libc1.so.1'], ...paths },
})

it('reports a library that the run path of another object found: RUNPATH is not inherited', () => {
  const files = { 'bin/app': app({ runpath: '$ORIGIN/../lib/private' }), ...libraries }
  const spec = { packages: { 'app-1': { libraryPath: [], files } } }
  expect(verdicts('RES003', spec)).toEqual(['app-1 libc1.so.1 warn'])
  expect(verdicts('RES001', spec)).toEqual([])
})

it('is silent where RPATH is inherited', () => {
  const files = { 'bin/app': app({ rpath: '$ORIGIN/../lib/private' }), ...libraries }
  expect(verdicts('RES003', { packages: { 'app-1': { libraryPath: [], files } } })).toEqual([])
})

it('is silent where the object finds it itself', () => {
  const own = { 'lib/private/libb.so.1': { elf: { soname: 'libb.so.1', needs: ['libc1.so.1'], runpath: '$ORIGIN' } } }
  const files = { 'bin/app': app({ runpath: '$ORIGIN/../lib/private' }), ...libraries, ...own }
  expect(verdicts('RES003', { packages: { 'app-1': { libraryPath: [], files } } })).toEqual([])
})

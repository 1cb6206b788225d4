/** Globs over sonames and paths. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyGlob, globTest } from '../../src/policy/glob.ts'

it.each([
  ['libcuda.so*', 'libcuda.so.1', true],
  ['libcuda.so*', 'libcudart.so.1', false],
  ['lib*.so', 'a/libx.so', false],
  ['**/testdata/**', 'testdata/a/b', true],
  ['**/testdata/**', 'x/testdata/b', true],
  ['**/testdata/**', 'x/mytestdata/b', false],
  ['lib?.so', 'liba.so', true],
  ['{a,b}.so', 'b.so', true],
  ['{a,b}.so', 'c.so', false],
  ['a+(b).so', 'a+(b).so', true],
  ['a{b.so', 'a{b.so', true],
])('%j against %j is %j', (glob, text, expected) => {
  expect(globTest(glob)(text)).toBe(expected)
})

it('takes any text for a glob', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (glob, text) => {
      expect(typeof anyGlob([glob])(text)).toBe('boolean')
    }),
  )
})

it('is never true for no globs', () => {
  expect(anyGlob([])('')).toBe(false)
})

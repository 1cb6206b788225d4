/** DUP004: the same library twice, with the same content. */
import { expect, it } from 'vitest'
import { lib, otherLib, verdicts } from '../support/studio.ts'

const copy = (file: ReturnType<typeof lib>): { readonly files: { 'lib/libq.so.1': ReturnType<typeof lib> } } => ({
  files: { 'lib/libq.so.1': file },
})

it('reports copies of one build', () => {
  const packages = { 'a-1': copy(lib('libq.so.1')), 'b-1': copy(lib('libq.so.1')) }
  expect(verdicts('DUP004', { packages })).toEqual(['b-1 libq.so.1 note'])
})

it('compares content where there is no build id', () => {
  const plain = copy({ elf: { soname: 'libq.so.1' } })
  expect(verdicts('DUP004', { packages: { 'a-1': plain, 'b-1': plain } })).toEqual(['b-1 libq.so.1 note'])
  const other = copy({ elf: { soname: 'libq.so.1', needs: ['libr.so.1'] } })
  expect(verdicts('DUP004', { packages: { 'a-1': plain, 'b-1': other } })).toEqual([])
})

it('is silent where they differ', () => {
  expect(
    verdicts('DUP004', { packages: { 'a-1': copy(lib('libq.so.1')), 'b-1': copy(otherLib('libq.so.1')) } }),
  ).toEqual([])
})

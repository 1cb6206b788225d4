/** D6: an empty element is the working folder, and relative ones start there. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('at either end and in the middle', () => {
  for (const runpath of [':/none', '/none:', '/none::/nowhere']) {
    const files = { '/prog': program({ needs: ['liba.so'], runpath }), '/here/liba.so': {} }
    expect(trace(files, '/prog', { cwd: '/here' })).toEqual(['liba.so => liba.so'])
  }
})

test('relative', () => {
  const files = { '/prog': program({ needs: ['liba.so'], runpath: 'sub' }), '/here/sub/liba.so': {} }
  expect(trace(files, '/prog', { cwd: '/here' })).toEqual(['liba.so => sub/liba.so'])
  expect(trace(files, '/prog')).toEqual(['liba.so => -'])
})

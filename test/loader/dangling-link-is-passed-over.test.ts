/** C4: a link that leads nowhere is passed over. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('the next folder answers', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/one:/two' }),
    '/one/liba.so': { link: 'gone' },
    '/two/liba.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /two/liba.so'])
})

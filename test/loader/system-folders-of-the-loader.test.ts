/** E9: the system folders are those that the loader file has compiled in. */
import { expect, test } from 'vitest'
import { loaderBytes } from '../support/loader/stand-ins.ts'
import { trace, program } from '../support/loader/world.ts'

test('another list', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so'] }),
    '/lib64/ld-linux-x86-64.so.2': loaderBytes([2, 36], ['/own/lib64/', '/usr/lib64/']),
    '/own/lib64/liba.so': {},
    '/usr/lib/libb.so': {},
  }
  expect(trace(files, '/prog', { bare: true })).toEqual(['liba.so => /own/lib64/liba.so', 'libb.so => -'])
})

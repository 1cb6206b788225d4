/** A7: the loader itself is a loaded object: its soname and its PT_INTERP name are never searched. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('a copy in a searched folder is not taken', () => {
  const files = {
    '/prog': program({ needs: ['ld-linux-x86-64.so.2', 'liba.so'], runpath: '/l' }),
    '/l/ld-linux-x86-64.so.2': {},
    '/l/liba.so': { needs: ['/lib64/ld-linux-x86-64.so.2'] },
  }
  expect(trace(files, '/prog')).toEqual([
    '/lib64/ld-linux-x86-64.so.2 => /lib64/ld-linux-x86-64.so.2',
    'liba.so => /l/liba.so',
  ])
})

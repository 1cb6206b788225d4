/** A3: one file (device and inode) is one object, under whatever names it is found. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('symbolic links collapse', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so'], runpath: '/l' }),
    '/l/real.so': {},
    '/l/liba.so': { link: 'real.so' },
    '/l/libb.so': { link: '/l/real.so' },
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /l/liba.so'])
})

test('and the file answers to the further name afterwards', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so', 'libc1.so'], runpath: '/l' }),
    '/l/liba.so': {},
    '/l/libb.so': { link: 'liba.so' },
    '/l/libc1.so': { needs: ['libb.so'], runpath: '/other' },
    '/other/libb.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /l/liba.so', 'libc1.so => /l/libc1.so'])
})

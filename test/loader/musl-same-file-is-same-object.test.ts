/** G11, G12: one file is one object; objects are loaded breadth-first. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'

test('links collapse', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so', 'libd.so'], runpath: '/l' }),
    '/l/liba.so': { needs: ['libe.so'] },
    '/l/libb.so': { link: 'liba.so' },
    '/l/libd.so': {},
    '/l/libe.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /l/liba.so', 'libd.so => /l/libd.so', 'libe.so => /l/libe.so'])
})

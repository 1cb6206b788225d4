/** A1, A2: the object that asks first decides where a name is found; later ones take what is loaded. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('the library that is asked for first wins', () => {
  const files = {
    '/prog': program({ needs: ['liba.so', 'libb.so'], runpath: '/l' }),
    '/l/liba.so': { needs: ['libx.so'], runpath: '/one' },
    '/l/libb.so': { needs: ['libx.so'], runpath: '/two' },
    '/one/libx.so': {},
    '/two/libx.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /l/liba.so', 'libb.so => /l/libb.so', 'libx.so => /one/libx.so'])
})

/** A8: LD_PRELOAD, then /etc/ld.so.preload, come before the needs of the program; a failure only warns. */
import { expect, test } from 'vitest'
import { closure, trace, program } from '../support/loader/world.ts'

test('order and separators', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/l' }),
    '/etc/ld.so.preload': '/l/libp3.so\n',
    ...Object.fromEntries(['a', 'p1', 'p2', 'p3'].map((name) => [`/l/lib${name}.so`, {}])),
  }
  const {
    objects,
    trace: order,
    start,
    notes,
  } = closure(files, '/prog', { preload: 'libp1.so:/l/libp2.so libnone.so' })
  expect(order.map((index) => objects[index]?.path)).toEqual([
    '/l/libp1.so',
    '/l/libp2.so',
    '/l/libp3.so',
    '/l/liba.so',
  ])
  expect(start).toBeNull()
  expect(notes).toEqual(['libnone.so cannot be preloaded: not found'])
})

test('a preloaded object answers to its soname', () => {
  const files = {
    '/prog': program({ needs: ['liba.so.1'], runpath: '/l' }),
    '/l/liba.so.1': {},
    '/other/mine.so': { soname: 'liba.so.1' },
  }
  expect(trace(files, '/prog', { preload: '/other/mine.so' })).toEqual(['/other/mine.so => /other/mine.so'])
})

/** F1: the needs of an opened object see the RPATH of the program, and of nobody else. */
import { expect, test } from 'vitest'
import { resolveClosure } from '../../src/loader/closure.ts'
import { makeWorld, program } from '../support/loader/world.ts'

test('the RPATH chain of a plugin starts at the program', () => {
  const world = makeWorld({
    '/prog': program({ needs: ['libhost.so'], rpath: '/top' }),
    '/top/libhost.so': { rpath: '/host' },
    '/plugins/p.so': { needs: ['liba.so', 'libb.so'] },
    '/top/liba.so': {},
    '/host/libb.so': {},
  })
  const { objects, trace } = resolveClosure(world, '/plugins/p.so', { inside: '/prog' })
  expect(trace.map((index) => objects[index]?.path)).toEqual(['/top/liba.so', null])
})

/** F2: a need of a plugin is met by an object that the program has loaded. */
import { expect, test } from 'vitest'
import { resolveClosure } from '../../src/loader/closure.ts'
import { makeWorld, program } from '../support/loader/world.ts'

test('although the plugin could not find it', () => {
  const world = makeWorld({
    '/prog': program({ needs: ['libq.so.5'], runpath: '/app/lib' }),
    '/app/lib/libq.so.5': { soname: 'libq.so.5' },
    '/plugins/p.so': { needs: ['libq.so.5'] },
  })
  const inside = resolveClosure(world, '/plugins/p.so', { inside: '/prog' })
  expect(inside.trace.map((index) => inside.objects[index]?.path)).toEqual(['/app/lib/libq.so.5'])
  expect(resolveClosure(world, '/plugins/p.so').start).toMatch(/^libq.so.5: cannot open/)
})

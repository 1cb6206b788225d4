/** D1: tokens in LD_LIBRARY_PATH are those of each program, also when two share a world. */
import { expect, test } from 'vitest'
import { traceRoot } from '../../src/loader/closure.ts'
import { makeWorld, program } from '../support/loader/world.ts'

test('two programs, one environment', () => {
  const spec = { needs: ['liba.so'], runpath: '/none' }
  const world = makeWorld(
    { '/one/prog': program(spec), '/two/prog': program(spec), '/one/liba.so': {}, '/two/liba.so': {} },
    { libraryPath: '$ORIGIN' },
  )
  const paths = ['/one/prog', '/two/prog'].map((root) => traceRoot(world, root).loaded[0]?.path)
  expect(paths).toEqual(['/one/liba.so', '/two/liba.so'])
})

/** The trail of a need names each candidate with the reason it was passed over, the winner last. */
import { expect, test } from 'vitest'
import { explainNeed } from '../../src/loader/explain.ts'
import { makeWorld, program } from '../support/loader/world.ts'

test('through all stages', () => {
  const world = makeWorld(
    {
      '/prog': program({ needs: ['liba.so'], runpath: '/run' }),
      '/env/liba.so': { class: 32 },
      '/run/liba.so': { link: 'liba.so' },
      '/usr/lib/liba.so': {},
    },
    { libraryPath: '/env', cache: { entries: [{ soname: 'liba.so', path: '/stale/liba.so' }] } },
  )
  const trail = explainNeed(world, '/prog', '/prog', 'liba.so')
  expect(trail.map(({ stage, path, verdict }) => `${stage} ${path} ${verdict}`)).toEqual([
    'library-path /env/liba.so wrong-class',
    'runpath /run/liba.so list-ended',
    'cache /stale/liba.so absent',
    'default /lib/x86_64-linux-gnu/liba.so absent',
    'default /usr/lib/x86_64-linux-gnu/liba.so absent',
    'default /lib/liba.so won',
  ])
})

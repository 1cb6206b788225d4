/** A list of many folders is searched like a short one, though what lies in none of them is known at once. */
import { expect, test } from 'vitest'
import { explainNeed } from '../../src/loader/explain.ts'
import { makeWorld, program, trace } from '../support/loader/world.ts'

const files = {
  '/prog': program({ needs: ['liblast.so', 'libnone.so', 'libsystem.so', 'libloop.so'], runpath: '/a:/b:/c:/d:/e' }),
  '/a/liba.so': {},
  '/b/libloop.so': { link: 'libloop.so' },
  '/d/README': 'text',
  '/e/liblast.so': {},
  '/e/libloop.so': {},
  '/usr/lib/libsystem.so': {},
}

test('its last folder answers, what none has is asked of the next stage, and an odd error ends it', () => {
  expect(trace(files, '/prog')).toEqual([
    'liblast.so => /e/liblast.so',
    'libnone.so => -',
    'libsystem.so => /lib/libsystem.so',
    'libloop.so => -',
  ])
})

test('the trail still names each folder', () => {
  const trail = explainNeed(makeWorld(files), '/prog', '/prog', 'libnone.so')
  expect(trail.slice(0, 5).map(({ path }) => path)).toEqual(['a', 'b', 'c', 'd', 'e'].map((at) => `/${at}/libnone.so`))
})

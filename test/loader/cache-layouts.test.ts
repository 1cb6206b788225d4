/** E1: the old layout, the new one inside it, and the new one alone. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('all three are read', () => {
  const entries = [{ soname: 'liba.so', path: '/srv/liba.so' }]
  for (const layout of ['old', 'compat', 'new'] as const) {
    const files = { '/prog': program({ needs: ['liba.so'] }), '/srv/liba.so': {} }
    expect(trace(files, '/prog', { cache: { entries, layout } })).toEqual(['liba.so => /srv/liba.so'])
  }
})

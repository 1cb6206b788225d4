/** C6: a library without a dynamic section, such as a split debug file, is fatal. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('both shapes', () => {
  for (const decoy of [{ debug: 'empty' }, { dynamic: false }] as const) {
    const files = { '/prog': program({ needs: ['liba.so'], runpath: '/one' }), '/one/liba.so': decoy }
    expect(trace(files, '/prog')).toEqual(['fatal: liba.so: object file has no dynamic section'])
  }
})

/** A4: a trace goes on after a missing name, which a later object may find; a real start ends there. */
import { expect, test } from 'vitest'
import { closure, trace, program } from '../support/loader/world.ts'

test('both lines are printed, and the start fails', () => {
  const files = {
    '/prog': program({ needs: ['libx.so', 'liba.so'], runpath: '/l' }),
    '/l/liba.so': { needs: ['libx.so'], runpath: '/more' },
    '/more/libx.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['libx.so => -', 'liba.so => /l/liba.so', 'libx.so => /more/libx.so'])
  expect(closure(files, '/prog').start).toBe('libx.so: cannot open shared object file: No such file or directory')
})

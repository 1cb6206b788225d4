/** D4: $ORIGIN of a program is its real folder; of a library, the folder of the path it was opened by. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('a program started through a link', () => {
  const files = {
    '/usr/bin/start': { link: '/app/bin/prog' },
    '/app/bin/prog': program({ needs: ['liba.so'], runpath: '$ORIGIN/../lib' }),
    '/app/lib/liba.so': {},
  }
  expect(trace(files, '/usr/bin/start')).toEqual(['liba.so => /app/bin/../lib/liba.so'])
})

test('a library opened through a link', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/links' }),
    '/links/liba.so': { link: '/real/liba.so' },
    '/real/liba.so': { needs: ['libb.so'], runpath: '$ORIGIN' },
    '/real/libb.so': {},
  }
  expect(trace(files, '/prog')).toEqual(['liba.so => /links/liba.so', 'libb.so => -'])
})

/** A6: filters that name each other make the loader go round until it crashes; the model ends as well. */
import { expect, test } from 'vitest'
import { trace, program } from '../support/loader/world.ts'

test('the trace ends in an error', () => {
  const files = {
    '/prog': program({ needs: ['libf.so'], runpath: '/l' }),
    '/l/libf.so': { needs: [{ kind: 'auxiliary', name: 'libg.so' }], runpath: '/l' },
    '/l/libg.so': {
      needs: [
        { kind: 'filter', name: 'libf.so' },
        { kind: 'filter', name: 'libf.so' },
      ],
      runpath: '/l',
    },
  } as const
  expect(['fatal: Segmentation fault', 'libg.so => /l/libg.so']).toContain(trace(files, '/prog')[0])
})

/** A6: a broken object ends everything when DT_FILTER asks for it, and nothing when DT_AUXILIARY does. */
import { expect, test } from 'vitest'
import type { FileSpec } from '../support/loader/world.ts'
import { closure, trace, program } from '../support/loader/world.ts'

const files = (kind: 'filter' | 'auxiliary'): Record<string, FileSpec> => ({
  '/prog': program({ needs: ['libf.so'], runpath: '/l' }),
  '/l/libf.so': { needs: [{ kind, name: 'libt.so' }], runpath: '/l' },
  '/l/libt.so': '',
})

test('filter', () => {
  expect(trace(files('filter'), '/prog')).toEqual(['fatal: /l/libt.so: file too short'])
})

test('auxiliary', () => {
  expect(trace(files('auxiliary'), '/prog')).toEqual(['libf.so => /l/libf.so'])
  expect(closure(files('auxiliary'), '/prog').start).toBeNull()
})

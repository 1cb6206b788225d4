/** C10: DT_RELR in an object that needs libc wants GLIBC_ABI_DT_RELR among its versions (2.36). */
import { expect, test } from 'vitest'
import type { FileSpec } from '../support/loader/world.ts'
import { trace, program } from '../support/loader/world.ts'

test('by version', () => {
  const files = (version: string): Record<string, FileSpec> => ({
    '/prog': program({
      needs: ['libc.so.6'],
      relr: true,
      versionNeeds: [{ file: 'libc.so.6', versions: [{ name: version, weak: true }] }],
    }),
  })
  expect(trace(files('GLIBC_2.2.5'), '/prog')).toEqual(['fatal: /prog: DT_RELR without GLIBC_ABI_DT_RELR dependency'])
  expect(trace(files('GLIBC_ABI_DT_RELR'), '/prog')[0]).toMatch(/^libc.so.6/)
  expect(trace(files('GLIBC_2.2.5'), '/prog', { version: [2, 35] })[0]).toMatch(/^libc.so.6/)
})

/** C9: a version demanded of a file that nobody asked for by that name stops even a trace. */
import { expect, test } from 'vitest'
import type { FileSpec } from '../support/loader/world.ts'
import { trace, program } from '../support/loader/world.ts'

test('a soname alone is not enough', () => {
  const files = (needs: readonly string[]): Record<string, FileSpec> => ({
    '/prog': program({ needs, runpath: '/one', versionNeeds: [{ file: 'libreal.so', versions: ['V1'] }] }),
    '/one/liba.so': { soname: 'libreal.so', versionDefinitions: ['V1'] },
  })
  expect(trace(files(['liba.so']), '/prog')[0]).toMatch(/^fatal: Inconsistency detected by ld.so: dl-version.c/)
  expect(trace(files(['liba.so', 'libreal.so']), '/prog')).toEqual(['liba.so => /one/liba.so'])
})

/** C9: a version that the bound object does not define ends a start, unless it is weak or the object defines none. */
import { expect, test } from 'vitest'
import { closure, program } from '../support/loader/world.ts'

test('by kind', () => {
  const start = (defines: readonly string[], weak: boolean): string | null => {
    const versionNeeds = [{ file: 'liba.so', versions: [{ name: 'V9', weak }] }]
    const files = {
      '/prog': program({ needs: ['liba.so'], runpath: '/one', versionNeeds }),
      '/one/liba.so': { versionDefinitions: defines },
    }
    return closure(files, '/prog').start
  }
  expect(start(['V1'], false)).toBe("/one/liba.so: version `V9' not found (required by /prog)")
  expect(start(['V1'], true)).toBeNull()
  expect(start(['V1', 'V9'], false)).toBeNull()
  expect(start([], false)).toBeNull()
})

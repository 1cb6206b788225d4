/** G8: $ORIGIN is replaced by prefix; any other dollar makes the whole run path unused. */
import { expect, test } from 'vitest'
import { muslProgram as program, muslTrace as trace } from '../support/loader/musl.ts'
import type { FileSpec } from '../support/loader/world.ts'

test('both', () => {
  const files = (runpath: string): Record<string, FileSpec> => ({
    '/app/prog': program({ needs: ['liba.so'], runpath }),
    '/appX/liba.so': {},
    '/app/l/liba.so': {},
  })
  expect(trace(files('$ORIGINX'), '/app/prog')).toEqual(['liba.so => /appX/liba.so'])
  expect(trace(files('${ORIGIN}/l'), '/app/prog')).toEqual(['liba.so => /app/l/liba.so'])
  expect(trace(files('$ORIGIN/l:$LIB'), '/app/prog')).toEqual(['liba.so => -'])
})

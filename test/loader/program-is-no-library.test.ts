/** C5: a program, PIE or at a fixed address, cannot be a need. */
import { expect, test } from 'vitest'
import type { ElfSpec } from '../support/elf/spec.ts'
import type { FileSpec } from '../support/loader/world.ts'
import { trace, program } from '../support/loader/world.ts'

test('both kinds', () => {
  const files = (decoy: ElfSpec): Record<string, FileSpec> => ({
    '/prog': program({ needs: ['liba.so'], runpath: '/one' }),
    '/one/liba.so': decoy,
  })
  expect(trace(files(program({})), '/prog')).toEqual([
    'fatal: liba.so: cannot dynamically load position-independent executable',
  ])
  expect(trace(files({ type: 'exec' }), '/prog')).toEqual(['fatal: liba.so: cannot dynamically load executable'])
})

/** C5, F6: dlopen refuses programs, DF_1_NOOPEN, and from 2.41 on libraries that ask for an executable stack. */
import { expect, test } from 'vitest'
import { resolveClosure } from '../../src/loader/closure.ts'
import type { ElfSpec } from '../support/elf/spec.ts'
import { makeWorld, program } from '../support/loader/world.ts'

test('each with its reason', () => {
  const fatal = (spec: ElfSpec, minor = 36): string | null => {
    const world = makeWorld({ '/prog': program({ needs: ['libc.so.6'] }), '/p.so': spec }, { version: [2, minor] })
    return resolveClosure(world, '/p.so', { inside: '/prog' }).fatal
  }
  expect(fatal({})).toBeNull()
  expect(fatal({ flags1: 0x40 })).toBe('/p.so: shared object cannot be dlopen()ed')
  expect(fatal(program({}))).toBe('/p.so: cannot dynamically load position-independent executable')
  expect(fatal({ executableStack: true })).toBeNull()
  expect(fatal({ executableStack: true }, 41)).toBe('/p.so: cannot enable executable stack as shared object requires')
})

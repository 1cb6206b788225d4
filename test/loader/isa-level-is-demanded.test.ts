/** C8: an object that needs a higher ISA level than the processor has ends a start (2.33), not a trace. */
import { expect, test } from 'vitest'
import type { CpuLevel } from '../../src/domain/system.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { closure, program } from '../support/loader/world.ts'

test('v4 on v3', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/one' }),
    '/one/liba.so': { properties: { 0xc0008002: 0b1111 } },
  }
  const start = (minor: number, level: CpuLevel): string | null =>
    closure(files, '/prog', { version: [2, minor], cpu: cpuOfLevel(level) }).start
  expect(start(36, 3)).toBe('/one/liba.so: CPU ISA level is lower than required')
  expect(start(36, 4)).toBeNull()
  expect(start(31, 3)).toBeNull()
})

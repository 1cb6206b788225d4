/** C7: up to 2.35 a library that demands a newer kernel is passed over; from 2.36 on it is taken. */
import { expect, test } from 'vitest'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { trace, program } from '../support/loader/world.ts'

test('by version', () => {
  const files = {
    '/prog': program({ needs: ['liba.so'], runpath: '/one:/two' }),
    '/one/liba.so': { abiTag: { kernel: [9, 0, 0] } },
    '/two/liba.so': {},
  } as const
  const cpu = { ...cpuOfLevel(1), kernel: [5, 14, 0] } as const
  expect(trace(files, '/prog', { version: [2, 31], cpu })).toEqual(['liba.so => /two/liba.so'])
  expect(trace(files, '/prog', { version: [2, 36], cpu })).toEqual(['liba.so => /one/liba.so'])
})

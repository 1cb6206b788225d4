/** D3: $PLATFORM is the platform of the processor. */
import { expect, test } from 'vitest'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { trace, program } from '../support/loader/world.ts'

test('haswell', () => {
  const files = { '/prog': program({ needs: ['liba.so'], runpath: '/l/$PLATFORM' }), '/l/haswell/liba.so': {} }
  expect(trace(files, '/prog', { cpu: cpuOfLevel(3) })).toEqual(['liba.so => /l/haswell/liba.so'])
  expect(trace(files, '/prog', { cpu: cpuOfLevel(1) })).toEqual(['liba.so => -'])
})

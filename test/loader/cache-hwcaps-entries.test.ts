/** E4: in the cache the best glibc-hwcaps entry of the processor wins over the plain one. */
import { expect, test } from 'vitest'
import type { CpuLevel } from '../../src/domain/system.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { namedHwcap } from '../support/system/cache-writer.ts'
import { trace, program } from '../support/loader/world.ts'

test('by level', () => {
  const hwcaps = ['x86-64-v2', 'x86-64-v3']
  const entries = [
    ...hwcaps.map((name, i) => ({ soname: 'liba.so', path: `/srv/${name}.so`, hwcap: namedHwcap(i) })).reverse(),
    { soname: 'liba.so', path: '/srv/plain.so' },
  ]
  const files = {
    '/prog': program({ needs: ['liba.so'] }),
    '/srv/plain.so': {},
    '/srv/x86-64-v2.so': {},
    '/srv/x86-64-v3.so': {},
  }
  const at = (level: CpuLevel): readonly string[] =>
    trace(files, '/prog', { cpu: cpuOfLevel(level), cache: { entries, hwcaps } })
  expect(at(1)).toEqual(['liba.so => /srv/plain.so'])
  expect(at(2)).toEqual(['liba.so => /srv/x86-64-v2.so'])
  expect(at(4)).toEqual(['liba.so => /srv/x86-64-v3.so'])
})

/** B9, B10: in every folder the glibc-hwcaps levels of the processor come first, best first. */
import { expect, test } from 'vitest'
import type { CpuLevel } from '../../src/domain/system.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import type { FileSpec } from '../support/loader/world.ts'
import { trace, program } from '../support/loader/world.ts'

test('per level, in a run path and in a system folder', () => {
  const levels = ['x86-64-v2', 'x86-64-v3', 'x86-64-v4']
  const below = (folder: string): Record<string, FileSpec> =>
    Object.fromEntries(
      ['', ...levels.map((level) => `glibc-hwcaps/${level}/`)].map((sub) => [`${folder}/${sub}liba.so`, {}]),
    )
  const at = (level: CpuLevel, runpath: string): readonly string[] =>
    trace({ '/prog': program({ needs: ['liba.so'], runpath }), ...below('/l'), ...below('/usr/lib') }, '/prog', {
      cpu: cpuOfLevel(level),
      version: [2, 36],
    })
  expect(at(1, '/l')).toEqual(['liba.so => /l/liba.so'])
  expect(at(2, '/l')).toEqual(['liba.so => /l/glibc-hwcaps/x86-64-v2/liba.so'])
  expect(at(4, '/l')).toEqual(['liba.so => /l/glibc-hwcaps/x86-64-v4/liba.so'])
  expect(at(3, '/none')).toEqual(['liba.so => /lib/glibc-hwcaps/x86-64-v3/liba.so'])
})

/** V: up to 2.36 each folder is preceded by a count-down over tls, the platform and capabilities; glibc-hwcaps exists since 2.33. */
import { expect, test } from 'vitest'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import { trace, program } from '../support/loader/world.ts'

test('by version', () => {
  const subs = ['', 'tls/', 'x86_64/', 'tls/x86_64/', 'glibc-hwcaps/x86-64-v2/']
  const winner = (minor: number, without: readonly string[]): string | undefined => {
    const kept = subs.filter((sub) => !without.includes(sub))
    const files = Object.fromEntries(kept.map((sub) => [`/l/${sub}liba.so`, {}]))
    const all = { '/prog': program({ needs: ['liba.so'], runpath: '/l' }), ...files }
    return trace(all, '/prog', { version: [2, minor], cpu: cpuOfLevel(2) })[0]?.slice('liba.so => /l/'.length)
  }
  expect(winner(31, [])).toBe('tls/x86_64/liba.so')
  expect(winner(31, ['tls/x86_64/'])).toBe('tls/liba.so')
  expect(winner(31, ['tls/x86_64/', 'tls/'])).toBe('x86_64/liba.so')
  expect(winner(36, [])).toBe('glibc-hwcaps/x86-64-v2/liba.so')
  expect(winner(36, ['glibc-hwcaps/x86-64-v2/'])).toBe('tls/x86_64/liba.so')
  expect(winner(41, ['glibc-hwcaps/x86-64-v2/'])).toBe('liba.so')
})

/** SYM006: an object for processors above the level of the base. */
import { describe, expect, it } from 'vitest'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { findingsOf, verdicts } from '../support/studio.ts'

const ISA_NEEDED = 0xc0008002
const forLevel = (bits: number): StudioFile => ({ elf: { soname: 'libx.so', properties: { [ISA_NEEDED]: bits } } })
const audit = (files: Readonly<Record<string, StudioFile>>): StudioSpec => ({
  packages: { 'x-1': { files } },
  host: null,
})

describe('isa-above-baseline', () => {
  it('names the level and what the base counts on', () => {
    const [finding, ...more] = findingsOf('SYM006', audit({ 'lib/libx.so': forLevel(0b111) }))
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'x-1',
      subject: 'x86-64-v3',
      severity: 'warn',
      evidence: { level: 'x86-64-v3', baseline: 'x86-64' },
    })
  })

  it('is one finding for all objects of a level', () => {
    const files = { 'lib/liba.so': forLevel(0b111), 'lib/libb.so': forLevel(0b111), 'lib/libc.so': forLevel(0b11) }
    expect(verdicts('SYM006', audit(files))).toEqual(['x-1 x86-64-v2 warn', 'x-1 x86-64-v3 warn'])
  })

  it('says nothing of the baseline, of objects that say nothing, and of folders for that very level', () => {
    const files = {
      'lib/liba.so': forLevel(0b1),
      'lib/libb.so': forLevel(0),
      'lib/glibc-hwcaps/x86-64-v3/libx.so': forLevel(0b111),
    }
    expect(verdicts('SYM006', audit(files))).toEqual([])
    expect(verdicts('SYM006', audit({ 'lib/glibc-hwcaps/x86-64-v2/libx.so': forLevel(0b111) }))).toEqual([
      'x-1 x86-64-v3 warn',
    ])
  })
})

/** SYM005: one ABI of std::string asked for, the other one defined. */
import { describe, expect, it } from 'vitest'
import { abiOf, nameOf } from '../../src/rules/facts/cxx-abi.ts'
import type { StudioSpec } from '../support/studio.ts'
import { findingsOf, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

// void studio::Image::open(std::string const&), and std::string studio::name(): as GCC writes them in both ABIs.
const OPEN = {
  new: '_ZN6studio5Image4openERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE',
  old: '_ZN6studio5Image4openERKSs',
}
const NAME = { new: '_ZN6studio4nameB5cxx11Ev', old: '_ZN6studio4nameEv' }

const audit = (wants: readonly string[], gives: readonly string[]): StudioSpec => ({
  packages: {
    'app-1': { files: { 'bin/app': executable({ wants: { 'libimage.so': wants } }) } },
    'image-2022': { files: { 'lib/libimage.so': library('libimage.so', { gives }) } },
  },
  base: null,
})

describe('cxx11-abi-mixed', () => {
  it.each([
    ['new', 'old'],
    ['old', 'new'],
  ] as const)('names both sides: built for the %s std::string, defined for the %s one', (wants, has) => {
    const [finding, ...more] = findingsOf('SYM005', audit([OPEN[wants]], [OPEN[has]]))
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'app-1',
      subject: OPEN[wants],
      severity: 'warn',
      confidence: 'inferred',
      objects: ['bin/app'],
      evidence: { wants, provider_package: 'image-2022', names: ['studio::Image::open'], defined_instead: [OPEN[has]] },
    })
    expect(finding?.message).toContain(
      `app-1 (bin/app) was built for the ${wants} std::string, image-2022 lib/libimage.so for the ${has} one`,
    )
    // One cause, one finding.
    expect(verdicts('SYM003', audit([OPEN[wants]], [OPEN[has]]))).toEqual([])
  })

  it('is gone when both are built for one ABI', () => {
    expect(verdicts('SYM005', audit([OPEN.new], [OPEN.new]))).toEqual([])
  })

  it('leaves a function that is not there at all to SYM003', () => {
    const spec = audit([OPEN.new], ['_ZN6studio5Image5closeERKSs'])
    expect(verdicts('SYM005', spec)).toEqual([])
    expect(verdicts('SYM003', spec)).toEqual([`app-1 ${OPEN.new} error`])
  })
})

describe('mangled names', () => {
  it.each([
    [OPEN.new, 'new', 'studio::Image::open'],
    [OPEN.old, 'old', 'studio::Image::open'],
    [NAME.new, 'new', 'studio::name'],
    [NAME.old, null, 'studio::name'],
    ['_Z4loadSs', 'old', 'load'],
    ['_ZN6studio5ImageC1ERKSs', 'old', 'studio::Image::constructor'],
    ['_ZNK6studio5Image5widthEv', null, 'studio::Image::width'],
    ['_ZTIN6studio5ImageE', null, null],
    ['_ZN6studioIiE4openEv', null, null],
    ['_ZN99x', null, null],
    ['malloc', null, null],
  ])('%s', (symbol, abi, name) => {
    expect(abiOf(symbol)).toBe(abi)
    expect(nameOf(symbol)?.text ?? null).toBe(name)
  })
})

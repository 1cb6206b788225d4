/** SYM005: one ABI of std::string asked for, the other one defined. */
import { describe, expect, it } from 'vitest'
import { abiOf, nameOf } from '../../src/rules/facts/cxx-abi.ts'
import type { FoundWorld } from '../support/rule-worlds.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
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
    'app-1': { requires: ['image'], files: { 'bin/app': executable({ wants: { 'libimage.so': wants } }) } },
    'image-2022': { files: { 'lib/libimage.so': library('libimage.so', { gives }) } },
  },
  base: null,
})
const mixed = (wants: 'new' | 'old', has: 'new' | 'old'): FoundWorld => ({
  name: `both sides: built for the ${wants} std::string, defined for the ${has} one`,
  studio: audit([OPEN[wants]], [OPEN[has]]),
  finds: [`app-1 ${OPEN[wants]} warn`],
  says: [`app-1 (bin/app) was built for the ${wants} std::string, image-2022 lib/libimage.so for the ${has} one`],
  afterRepair: audit([OPEN[has]], [OPEN[has]]),
})
const absent = audit([OPEN.new], ['_ZN6studio5Image5closeERKSs'])

ruleWorlds('SYM005', {
  found: [mixed('new', 'old'), mixed('old', 'new')],
  clean: [
    { name: 'where both are built for the new ABI', studio: audit([OPEN.new], [OPEN.new]) },
    { name: 'where both are built for the old one', studio: audit([OPEN.old], [OPEN.old]) },
    { name: 'about a function that is not there at all', studio: absent },
  ],
})

describe('cxx11-abi-mixed', () => {
  it.each([
    ['new', 'old'],
    ['old', 'new'],
  ] as const)('tells the names: %s wanted, %s defined', (wants, has) => {
    expect(findingsOf('SYM005', audit([OPEN[wants]], [OPEN[has]]))[0]).toMatchObject({
      confidence: 'inferred',
      objects: ['bin/app'],
      evidence: { wants, provider_package: 'image-2022', names: ['studio::Image::open'], defined_instead: [OPEN[has]] },
    })
  })

  it('is one finding for one cause, and leaves a function that is not there at all to SYM003', () => {
    expect(verdicts('SYM003', audit([OPEN.new], [OPEN.old]))).toEqual([])
    expect(verdicts('SYM003', absent)).toEqual([`app-1 ${OPEN.new} error`])
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

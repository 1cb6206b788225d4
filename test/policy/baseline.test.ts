/** The baseline: what it holds, what it says is new and gone, and what it keeps because it was not looked at. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/domain/audit.ts'
import { faultText } from '../../src/domain/fault.ts'
import type { BaselineEntry, Judgement } from '../../src/policy/baseline.ts'
import { baselineText, compareBaseline, parseBaseline, updatedBaseline } from '../../src/policy/baseline.ts'

const print = (letter: string): string => letter.repeat(64)
const entry = (letter: string, more: Partial<BaselineEntry> = {}): BaselineEntry => ({
  fingerprint: print(letter),
  package: 'tiff',
  rule: 'HST002',
  subject: 'libjbig.so.0',
  world: 'both',
  contexts: ['lighting'],
  ...more,
})
const finding = (letter: string, more: Partial<Finding> = {}): Finding => ({
  rule: 'HST002',
  name: 'host-leak',
  severity: 'error',
  confidence: 'exact',
  contexts: ['lighting'],
  world: 'both',
  package: 'tiff-4.5.1',
  variant: null,
  subject: 'libjbig.so.0',
  message: '',
  objects: [],
  evidence: {},
  repairs: [],
  fingerprint: print(letter),
  ...more,
})
const all: Judgement = {
  worlds: new Set(['host', 'base']),
  packages: new Set(['tiff']),
  contexts: new Set(['lighting']),
  incomplete: false,
}

describe('comparing', () => {
  it('knows what it holds, whichever rule sees it, and calls the rest new', () => {
    const {
      findings,
      known,
      new: fresh,
    } = compareBaseline([finding('a', { rule: 'RES001', world: 'base' }), finding('b')], [entry('a')], all)
    expect(findings.map((item) => item.baseline)).toEqual(['known', 'new'])
    expect([known, fresh]).toEqual([1, 1])
  })

  it('names what is gone', () => {
    expect(compareBaseline([], [entry('a')], all).gone).toEqual([entry('a')])
  })

  it.each([
    ['without the host', { ...all, worlds: new Set(['base'] as const) }],
    ['of another context', { ...all, contexts: new Set(['comp']) }],
    ['of another package', { ...all, packages: new Set(['usd']) }],
    ['that is incomplete', { ...all, incomplete: true }],
  ])('an audit %s calls nothing gone, and an update keeps it', (_, judged) => {
    expect(compareBaseline([], [entry('a')], judged).gone).toEqual([])
    expect(updatedBaseline([], [entry('a')], judged, (name) => name)).toEqual([entry('a')])
  })

  it('leaves out what somebody accepted, and what is about the policy', () => {
    const suppressed = { reason: 'r', owner: null, ticket: null, expires: null, file: 'f', line: 1 }
    const list = [finding('a', { suppressed }), finding('b', { rule: 'SUP001', package: null })]
    const { findings } = compareBaseline(list, [entry('a'), entry('b')], all)
    expect(findings).toEqual(list)
    expect(updatedBaseline(list, [], all, (name) => name)).toEqual([])
  })
})

describe('updating', () => {
  it('takes out what is gone, adds what is new, and leaves a line as it was', () => {
    const next = updatedBaseline(
      [finding('a', { rule: 'RES001', contexts: ['comp-2'] }), finding('c')],
      [entry('a'), entry('b')],
      all,
      (name) => name.replace('-2', ''),
    )
    expect(next).toEqual([entry('a', { contexts: ['comp', 'lighting'] }), entry('c')])
  })
})

describe('the file', () => {
  it('is sorted, one line for each finding', () => {
    const text = baselineText([
      entry('b'),
      entry('a'),
      entry('c', { package: null, rule: 'DUP002', subject: 'x-a: b' }),
    ])
    expect(text).toBe(
      [
        '# Findings that are known: they fail nothing. Written by airtight audit --update-baseline.',
        'schema: airtight/baseline/v1',
        'findings:',
        '  "(context)":',
        '    DUP002:',
        '      "x-a: b":',
        `        ${print('c')}: { world: both, contexts: [lighting] }`,
        '  tiff:',
        '    HST002:',
        '      libjbig.so.0:',
        `        ${print('a')}: { world: both, contexts: [lighting] }`,
        `        ${print('b')}: { world: both, contexts: [lighting] }`,
        '',
      ].join('\n'),
    )
  })

  it('is read as it was written, whatever the names are', () => {
    const name = fc.string({ unit: 'binary' })
    const entries = fc.uniqueArray(
      fc.record({
        fingerprint: fc.string({
          unit: fc.constantFrom(...'0123456789abcdef'.split('')),
          minLength: 64,
          maxLength: 64,
        }),
        package: fc.constantFrom('tiff', 'usd', null),
        rule: fc.constantFrom('HST002', 'REQ001'),
        subject: name,
        world: fc.constantFrom('host' as const, 'base' as const, 'both' as const),
        contexts: fc.array(name),
      }),
      { selector: (item) => item.fingerprint },
    )
    fc.assert(
      fc.property(entries, (items) => {
        const read = parseBaseline(baselineText(items), 'f')
        if ('faults' in read) throw new Error(read.faults.map(faultText).join('\n'))
        const sorted = (list: readonly BaselineEntry[]): readonly BaselineEntry[] =>
          list.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
        expect(sorted(read)).toEqual(sorted(items))
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    ['', 'expected a mapping'],
    ['schema: airtight/baseline/v2\nfindings: {}', 'expected airtight/baseline/v1'],
    ['schema: airtight/baseline/v1\nfinding: {}', "did you mean 'findings'?"],
    [
      'schema: airtight/baseline/v1\nfindings: {a: {b: {c: {zz: {world: both, contexts: []}}}}}',
      '64 hexadecimal digits',
    ],
  ])('%j is refused', (text, message) => {
    const read = parseBaseline(text, 'b.yaml')
    expect('faults' in read ? read.faults.map(faultText).join('\n') : '').toContain(message)
  })
})

/** What a capture keeps of a file is what readers ask for: all of it, and nothing twice. */
import { describe, expect, test } from 'vitest'
import { readElf } from '../../src/elf/read.ts'
import { readSymbols } from '../../src/elf/symbols.ts'
import { systemKeeper } from '../../src/system/keep.ts'
import type { Span } from '../../src/tree/archive/kept.ts'
import { sparseContent } from '../../src/tree/content.ts'
import { buildElf } from '../support/elf/build.ts'
import { FORMATS, sourceOf } from '../support/elf/source.ts'
import { libcBytes } from '../support/loader/stand-ins.ts'

describe.each(FORMATS)('%s', (_, format) => {
  test.each([0, 5000, 70_000])('the tables behind %i bytes', (before) => {
    const symbols = Array.from({ length: 400 }, (_unused, i) => ({ name: `s${i}`, defined: i % 3 > 0 }))
    const spec = { ...format, soname: 'liba.so', needs: ['libc.so.6'], symbols, data: new Uint8Array(before) }
    const bytes = buildElf({ ...spec, filler: before, versionDefinitions: ['A_1'] })
    const { core, symbols: more } = systemKeeper.spans(sourceOf(bytes), 'usr/lib/liba.so')
    const cut = (spans: readonly Span[]): { offset: number; bytes: Uint8Array }[] =>
      spans.map(({ offset, length }) => ({ offset, bytes: bytes.slice(offset, offset + length) }))
    const lean = sparseContent(bytes.length, cut(core))
    const whole = sparseContent(bytes.length, cut([...core, ...more]))
    expect(readElf(lean, 'a')).toEqual(readElf(sourceOf(bytes), 'a'))
    expect(readSymbols(whole, 'a')).toEqual(readSymbols(sourceOf(bytes), 'a'))
    const sorted = [...core, ...more].sort((a, b) => a.offset - b.offset)
    for (const [i, span] of sorted.entries()) {
      const next = sorted[i + 1]
      expect(span.length).toBeGreaterThan(0)
      expect(next === undefined || span.offset + span.length <= next.offset).toBe(true)
    }
  })
})

test('of a C library the text that names it is kept, where it can be read', () => {
  const bytes = libcBytes([2, 31])
  const at = Buffer.from(bytes).indexOf('GNU C Library')
  const holds = (spans: readonly Span[]): boolean =>
    spans.some(({ offset, length }) => offset <= at && at < offset + length)
  const found = systemKeeper.spans(sourceOf(bytes), 'usr/lib/libc.so.6')
  expect([holds(found.core), found.zeros]).toEqual([true, true])
  expect(systemKeeper.spans(sourceOf(bytes), 'usr/lib/libother.so.6').zeros).toBe(false)
  // A file that ends before its size: what is there is kept.
  const cut = {
    size: bytes.length,
    read: (offset: number, length: number) => bytes.subarray(0, 600).subarray(offset, offset + length),
  }
  expect(systemKeeper.spans(cut, 'usr/lib/libc.so.6').zeros).toBe(false)
})

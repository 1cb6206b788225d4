/** Any bytes give a value or a fault: never an exception, never an endless loop, never a read without bound. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockBudget } from '../../src/elf/blocks.ts'
import { symbolQuery } from '../../src/elf/hash.ts'
import { lookupSymbol } from '../../src/elf/lookup.ts'
import { readElf } from '../../src/elf/read.ts'
import { openSymbols } from '../../src/elf/symbol-file.ts'
import { readSymbols } from '../../src/elf/symbols.ts'
import { buildWithPlaces } from '../support/elf/build.ts'
import { EVERYTHING } from '../support/elf/everything.ts'
import type { ElfSpec } from '../support/elf/spec.ts'
import { FORMATS, sourceOf } from '../support/elf/source.ts'

/** Reads in every way, and holds the promises that hold for all input. */
function readAll(bytes: Uint8Array): void {
  const source = sourceOf(bytes)
  const reading = readElf(source, 'any')
  expect(source.reads.length).toBeLessThan(5000)
  expect(Math.max(...source.reads.map(([, length]) => length))).toBeLessThanOrEqual(65_536)
  expect(reading.size).toBe(bytes.length)
  // Nothing is missing without a word.
  if (reading.object === null) expect(reading.faults.length).toBeGreaterThan(0)
  if (reading.header === null) expect(reading.object).toBeNull()
  for (const fault of reading.faults) {
    expect(fault.file).toBe('any')
    expect(fault.message).not.toBe('')
  }
  expect(reading.faults.length).toBeLessThanOrEqual(32)
  expect(readSymbols(sourceOf(bytes), 'any').faults.length).toBeLessThanOrEqual(32)
  const reopen = (): ReturnType<typeof sourceOf> & { close(): void } => ({ ...sourceOf(bytes), close: () => undefined })
  const symbols = openSymbols(0, 'any', reopen, new BlockBudget())
  for (const { count, hashes } of [symbols.references, symbols.ownReferences]) expect(hashes).toHaveLength(count)
  for (const name of ['old', 'absent']) {
    const query = symbolQuery(name)
    symbols.visit(query.hash, query.bytes, () => false)
    expect(lookupSymbol(sourceOf(bytes), 'any', name).faults.length).toBeLessThanOrEqual(32)
  }
}

const SPECS: readonly ElfSpec[] = [
  ...FORMATS.flatMap(([, format]) => [
    { ...EVERYTHING, ...format },
    { ...EVERYTHING, ...format, hash: ['gnu' as const], sections: true },
  ]),
  { debug: 'unrelated', needs: ['libc.so.6'] },
  { extendedPhnum: true, needs: ['libc.so.6'] },
  { ...EVERYTHING, data: new Uint8Array(20_000) },
]
const BUILT = SPECS.map((spec) => buildWithPlaces(spec))
const EXTREMES = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]

/** A change: one byte flipped, a field overwritten, or the end cut off. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), value: fc.nat(255) }),
  fc.record({
    kind: fc.constant('word' as const),
    at: fc.nat(),
    value: fc.oneof(fc.constantFrom(...EXTREMES), fc.nat(4096)),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.constant(0) }),
)

function mutate(bytes: Uint8Array, changes: readonly { kind: string; at: number; value: number }[]): Uint8Array {
  let out = bytes.slice()
  for (const { kind, at, value } of changes) {
    if (out.length < 8) return out
    if (kind === 'byte') out[at % out.length] = value
    if (kind === 'word') new DataView(out.buffer).setUint32((at % (out.length - 4)) & ~3, value, at % 2 === 0)
    if (kind === 'cut') out = out.slice(0, at % out.length)
  }
  return out
}

describe('value or fault', () => {
  it('for arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readAll(bytes)
      }),
      { numRuns: 300 },
    )
  })

  it('for arbitrary bytes behind an ELF magic', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2),
        fc.constantFrom(1, 2),
        fc.uint8Array({ maxLength: 600 }),
        (size, order, rest) => {
          readAll(Buffer.from([0x7f, 0x45, 0x4c, 0x46, size, order, 1, ...rest]))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('for damaged files', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BUILT), fc.array(change, { minLength: 1, maxLength: 6 }), (built, changes) => {
        readAll(mutate(built.bytes, changes))
      }),
      { numRuns: 3000 },
    )
  })

  it('for files damaged where it hurts: in the headers and tables', () => {
    const targeted = fc.constantFrom(...BUILT).chain((built) =>
      fc.tuple(
        fc.constant(built),
        fc.array(
          fc.record({
            kind: fc.constant('word' as const),
            at: fc
              .tuple(fc.constantFrom(...built.at.values(), 0), fc.nat(160))
              .map(([start, offset]) => start + offset),
            value: fc.oneof(fc.constantFrom(...EXTREMES), fc.nat(4096)),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      ),
    )
    fc.assert(
      fc.property(targeted, ([built, changes]) => {
        readAll(mutate(built.bytes, changes))
      }),
      { numRuns: 3000 },
    )
  })
})

it('reads its own buffers the same after any damaged file', () => {
  const [first] = BUILT
  const clean = readElf(sourceOf(first?.bytes ?? new Uint8Array(0)), 'x')
  expect(clean.faults).toEqual([])
  fc.assert(
    fc.property(fc.constantFrom(...BUILT), fc.array(change, { maxLength: 4 }), (built, changes) => {
      readElf(sourceOf(mutate(built.bytes, changes)), 'damaged')
      expect(readElf(sourceOf(first?.bytes ?? new Uint8Array(0)), 'x')).toEqual(clean)
    }),
    { numRuns: 200 },
  )
})

/** Notes: what they say, and those that are damaged. */
import { describe, expect, it } from 'vitest'
import { readElf } from '../../src/elf/read.ts'
import { buildElf, buildWithPlaces } from '../support/elf/build.ts'
import { FORMATS, readSpec, sourceOf } from '../support/elf/source.ts'

const PT_NOTE = 4

describe.each(FORMATS)('%s', (_, format) => {
  it('says that a note leads beyond its segment, and keeps those before it', () => {
    const { bytes, at } = buildWithPlaces({ ...format, abiTag: { kernel: [2, 6, 32] }, buildId: 'aabb' })
    // The second note's content size: the first takes 12 + 4 + 16 bytes.
    new DataView(bytes.buffer).setUint32((at.get('notes') ?? 0) + 32 + 4, 0xffff_fff0, format.order === 'little')
    const { object, faults } = readElf(sourceOf(bytes), 'x')
    expect(object).toMatchObject({ abiTag: { os: 0, kernel: [2, 6, 32] }, buildId: null })
    expect(faults).toEqual([
      {
        kind: 'malformed',
        file: 'x',
        offset: (at.get('notes') ?? 0) + 32,
        line: null,
        message: 'a note leads beyond its segment',
      },
    ])
  })

  it('passes over notes of other owners and types', () => {
    const { bytes, at } = buildWithPlaces({ ...format, abiTag: { kernel: [2, 6, 32] }, buildId: 'aabb' })
    const changed = bytes.slice()
    changed.set(Buffer.from('XYZ\0'), (at.get('notes') ?? 0) + 12)
    const { object, faults } = readElf(sourceOf(changed), 'x')
    expect(faults).toEqual([])
    expect(object).toMatchObject({ abiTag: null, buildId: 'aabb' })
  })

  it('says that the file ends before its notes', () => {
    const { faults } = readSpec({ ...format, segments: [{ type: PT_NOTE, offset: 900_000, fileSize: 32, align: 4 }] })
    expect(faults).toMatchObject([{ kind: 'truncated', offset: 900_000 }])
  })
})

describe('the property note', () => {
  const PT_GNU_PROPERTY = 0x6474e553
  const spec = { properties: { 0xc0000002: 1, 0xc0008002: 2, 0xc0010002: 4 }, abiTag: { kernel: [2, 6, 32] as const } }
  const expected = { isaNeeded: 2, isaUsed: 4, features: 1 }
  /** A file whose program header of PT_GNU_PROPERTY, at its place in the file, is changed. */
  const changed = (change: (view: DataView, header: number, notes: number) => void): Uint8Array => {
    const { bytes, at } = buildWithPlaces(spec)
    const view = new DataView(bytes.buffer)
    const headers = Array.from({ length: 8 }, (_, i) => 64 + 56 * i)
    const header = headers.find((place) => view.getUint32(place, true) === PT_GNU_PROPERTY) ?? 0
    expect(header).toBeGreaterThan(0)
    change(view, header, at.get('notes') ?? 0)
    return bytes
  }

  it.each([
    ['of PT_GNU_PROPERTY', changed(() => undefined)],
    ['of PT_NOTE where that is absent', changed((view, header) => view.setUint32(header, 0, true))],
    // As patchelf leaves it when it has moved the notes: without a fault, for the loader passes over what is no note.
    [
      'of PT_NOTE where PT_GNU_PROPERTY leads to other bytes',
      changed((view, header) => view.setBigUint64(header + 8, 64n, true)),
    ],
    [
      'of PT_NOTE where PT_GNU_PROPERTY leads to other notes',
      changed((view, header, notes) => view.setBigUint64(header + 8, BigInt(notes), true)),
    ],
  ])('is that %s', (_, bytes) => {
    const { object, faults } = readElf(sourceOf(bytes), 'x')
    expect(faults).toEqual([])
    expect(object).toMatchObject({ properties: expected, abiTag: { kernel: [2, 6, 32] } })
  })
})

it("reads AArch64's features by its own property", () => {
  const properties = { 0xc0000000: 3, 0xc0000002: 1 }
  expect(readSpec({ machine: 183, properties }).object?.properties.features).toBe(3)
  expect(readSpec({ machine: 62, properties }).object?.properties.features).toBe(1)
})

it('reads a kernel of another system and long build ids', () => {
  const { object } = readSpec({ abiTag: { os: 3, kernel: [10, 0, 1] }, buildId: 'ab'.repeat(64) })
  expect(object).toMatchObject({ abiTag: { os: 3, kernel: [10, 0, 1] }, buildId: 'ab'.repeat(64) })
})

const DLOPEN: readonly (readonly [title: string, note: unknown, sonames: readonly string[], message: string | null])[] =
  [
    ['no JSON', '[{', [], 'holds no JSON'],
    ['no array', { soname: ['a'] }, [], 'holds no JSON array'],
    ['an empty array', [], [], null],
    ['no soname', [{ feature: 'x' }], [], 'names no soname'],
    ['sonames of another type', [{ soname: 'liba.so' }, 7, null, { soname: [1, '', 'libb.so'] }], ['libb.so'], null],
    ['text that is not ASCII', [{ soname: ['libé.so'], feature: 'ü' }], ['libé.so'], null],
  ]

it.each(DLOPEN)('a dlopen note with %s', (_, note, sonames, message) => {
  const { object, faults } = readSpec({ dlopen: [note] })
  expect((object?.dlopen ?? []).flatMap((one) => one.sonames)).toEqual(sonames)
  expect(faults.map((fault) => fault.message).join()).toContain(message ?? '')
  expect(faults).toHaveLength(message === null ? 0 : 1)
})

it('keeps priorities of the specification and takes others for its default', () => {
  const note = ['required', 'recommended', 'suggested', 'vital', 3].map((priority) => ({ priority, soname: ['a'] }))
  const { object } = readSpec({ dlopen: [note] })
  const priorities = (object?.dlopen ?? []).map((one) => one.priority)
  expect(priorities).toEqual(['required', 'recommended', 'suggested', 'recommended', 'recommended'])
})

it('bounds the bytes of notes', () => {
  const big = buildElf({ dlopen: [[{ soname: ['x'.repeat(80_000)] }]] })
  const { object, faults } = readElf(sourceOf(big), 'x')
  expect(object?.dlopen).toEqual([])
  expect(faults[0]?.message).toContain('65536 are read')
})

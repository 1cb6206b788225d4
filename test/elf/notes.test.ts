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

it('reads the property note of PT_GNU_PROPERTY, and of PT_NOTE where that is absent', () => {
  const spec = { properties: { 0xc0000002: 1, 0xc0008002: 2, 0xc0010002: 4 } }
  const expected = { isaNeeded: 2, isaUsed: 4, features: 1 }
  const { bytes } = buildWithPlaces(spec)
  expect(readElf(sourceOf(bytes), 'x').object?.properties).toEqual(expected)
  const view = new DataView(bytes.buffer)
  for (let at = 64; at < 64 + 56 * 6; at += 56) if (view.getUint32(at, true) === 0x6474e553) view.setUint32(at, 0, true)
  expect(readElf(sourceOf(bytes), 'x').object?.properties).toEqual(expected)
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

/** Version tables: chains as the loader follows them, and those that no linker writes. */
import { describe, expect, it } from 'vitest'
import type { ElfReading } from '../../src/domain/object.ts'
import { readElf } from '../../src/elf/read.ts'
import { buildWithPlaces } from '../support/elf/build.ts'
import type { ElfSpec } from '../support/elf/spec.ts'
import { FORMATS, readSpec, sourceOf } from '../support/elf/source.ts'

const DT_VERDEF = 0x6ffffffc
const DT_VERDEFNUM = 0x6ffffffd
const DT_VERNEED = 0x6ffffffe
const DT_VERNEEDNUM = 0x6fffffff

const SPEC: ElfSpec = {
  soname: 'libx.so.1',
  versionDefinitions: ['X_1', 'X_2'],
  versionNeeds: [
    { file: 'liba.so', versions: ['A_1', 'A_2'] },
    { file: 'libb.so', versions: ['B_1'] },
  ],
}

/** Builds, changes one word or half of a table, reads. */
function damaged(
  format: (typeof FORMATS)[number][1],
  table: string,
  at: number,
  value: number,
  size: 2 | 4 = 4,
  spec: ElfSpec = SPEC,
): ElfReading {
  const built = buildWithPlaces({ ...spec, ...format })
  const view = new DataView(built.bytes.buffer)
  const offset = (built.at.get(table) ?? 0) + at
  if (size === 2) view.setUint16(offset, value, format.order === 'little')
  else view.setUint32(offset, value, format.order === 'little')
  return readElf(sourceOf(built.bytes), 'x')
}

const needsOf = (reading: ElfReading): readonly string[] =>
  (reading.object?.versionNeeds ?? []).map(({ file, version }) => `${file}:${version}`)
const definedBy = (reading: ElfReading): readonly string[] =>
  (reading.object?.versionDefinitions ?? []).map(({ name }) => name)

describe.each(FORMATS)('%s', (_, format) => {
  it('follows the chains whatever the counts say', () => {
    for (const count of [0, 1, 0x7fffffff]) {
      const reading = readSpec({ ...SPEC, ...format, dynamicValues: { [DT_VERNEEDNUM]: count, [DT_VERDEFNUM]: count } })
      expect(reading.faults).toEqual([])
      expect(needsOf(reading)).toEqual(['liba.so:A_1', 'liba.so:A_2', 'libb.so:B_1'])
      expect(definedBy(reading)).toEqual(['libx.so.1', 'X_1', 'X_2'])
    }
  })

  it('knows that DT_VERDEF is there even where it cannot be read', () => {
    const reading = readSpec({ ...SPEC, ...format, dynamicValues: { [DT_VERDEF]: 0x7f000000 } })
    expect(reading.object).toMatchObject({ hasVersionDefinitions: true, versionDefinitions: [] })
    expect(reading.faults[0]?.message).toContain('DT_VERDEF is at address 0x7f000000')
    expect(needsOf(reading)).toHaveLength(3)
  })

  it('says that DT_VERNEED lies outside', () => {
    const reading = readSpec({ ...SPEC, ...format, dynamicValues: { [DT_VERNEED]: 0x7f000000 } })
    expect(reading.faults[0]?.message).toContain('DT_VERNEED is at address')
    expect(definedBy(reading)).toHaveLength(3)
  })

  it('keeps what stands before a chain that leads beyond its segment', () => {
    // vn_next of the first record, vna_next of its first version.
    const far = damaged(format, 'verneed', 12, 0x10_0000)
    expect(needsOf(far)).toEqual(['liba.so:A_1', 'liba.so:A_2'])
    expect(far.faults[0]?.message).toContain('DT_VERNEED leads beyond its segment')
    const aux = damaged(format, 'verneed', 16 + 12, 0x10_0000)
    expect(needsOf(aux)).toEqual(['liba.so:A_1'])
    const definition = damaged(format, 'verdef', 16, 0x10_0000)
    expect(definedBy(definition)).toEqual(['libx.so.1'])
    expect(definition.faults[0]?.message).toContain('DT_VERDEF leads beyond its segment')
    const name = damaged(format, 'verdef', 12, 0x10_0000)
    expect(definedBy(name)).toEqual([])
    expect(name.faults).toHaveLength(1)
  })

  it('refuses records of another revision', () => {
    expect(damaged(format, 'verneed', 0, 2, 2)).toMatchObject({
      object: { versionNeeds: [] },
      faults: [{ kind: 'unsupported' }],
    })
    expect(damaged(format, 'verdef', 0, 9, 2)).toMatchObject({
      object: { versionDefinitions: [] },
      faults: [{ kind: 'unsupported' }],
    })
  })

  it('says which name is missing, and keeps the other versions', () => {
    const file = damaged(format, 'verneed', 4, 0x7fff0000)
    expect(needsOf(file)).toEqual(['libb.so:B_1'])
    expect(file.faults[0]?.message).toContain('the file of a version need')
    const version = damaged(format, 'verneed', 16 + 8, 0x7fff0000)
    expect(needsOf(version)).toEqual(['liba.so:A_2', 'libb.so:B_1'])
    const defined = damaged(format, 'verdef', 28 + 20, 0x7fff0000)
    expect(definedBy(defined)).toEqual(['libx.so.1', 'X_2'])
  })

  it('gives up where the records of one file run into each other', () => {
    const versionNeeds = Array.from({ length: 400 }, (_item, i) => ({ file: 'liba.so', versions: [`V${i}`] }))
    const built = buildWithPlaces({ ...format, versionNeeds })
    const view = new DataView(built.bytes.buffer)
    const start = built.at.get('verneed') ?? 0
    // The chain of each record goes on with the versions of the next one: 400 * 401 / 2 visits.
    for (let i = 0; i < 399; i += 1) view.setUint32(start + i * 32 + 28, 32, format.order === 'little')
    const reading = readElf(sourceOf(built.bytes), 'x')
    expect(reading.faults).toHaveLength(1)
    expect(reading.faults[0]?.message).toContain('more than 16384 version records')
    expect(reading.object?.versionNeeds.length).toBeLessThanOrEqual(16_384)
    expect(reading.object?.versionNeeds.length).toBeGreaterThan(16_000)
  })
})

it('reports every cut before the end of the dynamic section', () => {
  const { bytes, at } = buildWithPlaces({ ...SPEC, data: new Uint8Array(200) })
  for (let size = 0; size < (at.get('slots') ?? 0) - 16; size += 1) {
    const reading = readElf(sourceOf(bytes.subarray(0, size)), 'cut')
    expect(reading.faults.length).toBeGreaterThan(0)
  }
})

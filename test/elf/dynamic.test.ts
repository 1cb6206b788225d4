/** The dynamic section and its strings where they are odd, damaged or cut. */
import { describe, expect, it } from 'vitest'
import { readElf } from '../../src/elf/read.ts'
import { buildElf, buildWithPlaces } from '../support/elf/build.ts'
import { FORMATS, readSpec, sourceOf } from '../support/elf/source.ts'

const DT_NEEDED = 1
const DT_STRTAB = 5
const DT_STRSZ = 10
const DT_SONAME = 14
const DT_RUNPATH = 29

const needs = ['liba.so.1', 'libb.so.2']
const read = (bytes: Uint8Array): ReturnType<typeof readElf> => readElf(sourceOf(bytes), 'x')

describe.each(FORMATS)('%s', (_, format) => {
  it('says that DT_STRTAB lies outside every segment, and keeps the rest', () => {
    const { object, faults } = readSpec({
      ...format,
      needs,
      flags1: 8,
      versionNeeds: [{ file: 'liba.so.1', versions: ['A'] }],
      stringsOutside: true,
    })
    expect(object).toMatchObject({ dynamic: true, needs: [], flags1: 8, versionNeeds: [] })
    expect(object?.loads).toHaveLength(2)
    expect(faults).toHaveLength(1)
    expect(faults[0]?.message).toContain('DT_STRTAB is at address 0x7f000000')
  })

  it('says that there is no DT_STRTAB', () => {
    const { object, faults } = readSpec({ ...format, needs, dynamicOmit: [DT_STRTAB] })
    expect(object).toMatchObject({ dynamic: true, needs: [] })
    expect(faults[0]?.message).toContain('no DT_STRTAB')
  })

  it('says which name lies outside the segment, and keeps the others', () => {
    const { object, faults } = readSpec({ ...format, needs, dynamicExtra: [[DT_NEEDED, 0x7fff_0000]], runpath: '/a' })
    expect(object?.needs.map((need) => need.name)).toEqual(needs)
    expect(object?.runpath).toBe('/a')
    expect(faults).toHaveLength(1)
    expect(faults[0]?.message).toContain('the name of a need at 2147418112')
  })

  it('takes the last of a repeated tag, as the loader does', () => {
    const spec = { ...format, needs, soname: 'first.so', runpath: '/x' }
    const { at, bytes } = buildWithPlaces(spec)
    const strings = (at.get('dynstr') ?? 0) + 1
    const runpath = Buffer.from(bytes).indexOf('/x\0') - strings + 1
    const { object } = readSpec({ ...spec, dynamicExtra: [[DT_SONAME, runpath]] })
    expect(object?.soname).toBe('/x')
  })

  it('does not let DT_STRSZ bound the names, for the loader does not look at it', () => {
    const { object, faults } = readSpec({ ...format, needs, dynamicValues: { [DT_STRSZ]: 3 } })
    expect(faults).toEqual([])
    expect(object?.needs.map((need) => need.name)).toEqual(needs)
  })

  it('reads a section with hundreds of needs', () => {
    const many = Array.from({ length: 900 }, (_item, i) => `lib${'n'.repeat(i % 90)}${i}.so`)
    const { object, faults } = readSpec({ ...format, needs: many })
    expect(faults).toEqual([])
    expect(object?.needs.map((need) => need.name)).toEqual(many)
  })

  it('keeps what stands before the end of a file that was cut within the section', () => {
    const { bytes, at } = buildWithPlaces({ ...format, needs, soname: 'libx.so' })
    const entry = format.class === 64 ? 16 : 8
    // The strings stand before the section; DT_STRTAB is the sixth entry.
    const { object, faults } = read(bytes.subarray(0, (at.get('dynamic') ?? 0) + 6 * entry + 1))
    expect(object).toMatchObject({ kind: 'library', dynamic: true, soname: 'libx.so' })
    expect(object?.needs.map((need) => need.name)).toEqual(needs)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({ kind: 'truncated' })
    expect(faults[0]?.message).toContain('within the dynamic section')
  })

  it('says that the section has no end', () => {
    const { bytes, at } = buildWithPlaces({ ...format, needs })
    const dynamic = at.get('dynamic') ?? 0
    const slots = at.get('slots') ?? 0
    const changed = bytes.slice()
    // Any unknown tag in place of DT_NULL and of the padding behind it.
    const entry = format.class === 64 ? 16 : 8
    for (let offset = dynamic + entry; offset < slots; offset += entry) {
      if (changed.subarray(offset, offset + entry).every((byte) => byte === 0)) changed[offset + entry / 4] = 1
    }
    const { object, faults } = read(changed)
    expect(object?.needs.map((need) => need.name)).toEqual(needs)
    expect(faults[0]?.message).toContain('the dynamic section has no DT_NULL')
  })
})

it('finds the section by its address, as the loader does, where the file offset says something else', () => {
  const { bytes, at } = buildWithPlaces({ needs })
  const changed = bytes.slice()
  const headers = Array.from({ length: 4 }, (_, i) => 64 + i * 56)
  const header = headers.find((offset) => changed[offset] === 2) ?? 0
  changed.fill(0, header + 8, header + 16)
  expect(at.get('dynamic')).toBeGreaterThan(0)
  expect(read(changed).object?.needs.map((need) => need.name)).toEqual(needs)
})

it('reads the section by its offset where there is no segment at all, but no names', () => {
  const { object, faults } = readSpec({ needs, loadable: false })
  expect(object).toMatchObject({ dynamic: true, loads: [], needs: [] })
  expect(faults[0]?.message).toContain('DT_STRTAB')
})

it('bounds the number of entries and needs', () => {
  const extra = Array.from({ length: 20_000 }, () => [DT_NEEDED, 1] as const)
  const { object, faults } = readSpec({ soname: 'x', dynamicExtra: extra })
  expect(object?.needs).toHaveLength(4096)
  const messages = faults.map((fault) => fault.message).join('\n')
  expect(messages).toContain('only the first 4096 needs')
  expect(messages).toContain('more than the 16384 entries')
})

it('refuses a name without end, and reads one of 4096 bytes', () => {
  const longest = 'n'.repeat(4096)
  expect(readSpec({ runpath: longest }).object?.runpath).toBe(longest)
  const { object, faults } = readSpec({ runpath: `${longest}n`, needs })
  expect(object?.runpath).toBeNull()
  expect(object?.needs).toHaveLength(2)
  expect(faults[0]?.message).toContain('does not end within 4096 bytes')
})

it('reads names that are not UTF-8 as the bytes they are', () => {
  const names = ['lib\udcc3(.so', 'libé.so', 'lib\udcff.so', 'é'.repeat(40)]
  const { object } = readSpec({ needs: names, soname: 'lib\udc80', runpath: '/ü/\udcfe' })
  expect(object?.needs.map((need) => need.name)).toEqual(names)
  expect(object).toMatchObject({ soname: 'lib\udc80', runpath: '/ü/\udcfe' })
})

it('tells names apart that share a hash slot, a length or an end', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `lib${(i * 7919).toString(36)}.so`)
  for (let i = 0; i < names.length; i += 2000) {
    const part = names.slice(i, i + 2000)
    expect(readSpec({ needs: part }).object?.needs.map((need) => need.name)).toEqual(part)
  }
})

it('reads no interpreter from a PT_INTERP without path', () => {
  expect(readSpec({ interpreter: '' })).toMatchObject({
    object: { interpreter: null },
    faults: [{ kind: 'malformed' }],
  })
  const long = readSpec({ interpreter: 'i'.repeat(5000) })
  expect(long.object?.interpreter).toBeNull()
  expect(long.faults[0]?.message).toContain('PT_INTERP')
  const outside = readSpec({ segments: [{ type: 3, offset: 1_000_000, fileSize: 10 }] })
  expect(outside.faults[0]).toMatchObject({ kind: 'truncated', offset: 1_000_000 })
})

it('says that the file ends before the string table', () => {
  // The strings are moved behind the end: the second segment claims more than the file holds.
  const bytes = buildElf({ needs, dynamicValues: { [DT_STRTAB]: 0x9000, [DT_RUNPATH]: 1 } })
  const changed = bytes.slice()
  const header = [0, 1, 2, 3]
    .map((i) => 64 + i * 56)
    .find((offset) => changed[offset] === 1 && changed[offset + 4] === 6)
  new DataView(changed.buffer).setUint32((header ?? 0) + 32, 0xffff, true)
  const { faults } = read(changed)
  expect(faults[0]).toMatchObject({ kind: 'truncated' })
  expect(faults[0]?.message).toContain('before the string table')
})

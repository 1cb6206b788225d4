/** Every fact of a file, in both classes and byte orders. */
import { describe, expect, it } from 'vitest'
import { readElf } from '../../src/elf/read.ts'
import { buildElf } from '../support/elf/build.ts'
import { EVERYTHING, EVERYTHING_SAYS } from '../support/elf/everything.ts'
import { FORMATS, readSpec, sourceOf } from '../support/elf/source.ts'

describe.each(FORMATS)('%s', (_, format) => {
  it('reads every fact, without a fault', () => {
    const { object, faults } = readSpec({ ...EVERYTHING, ...format })
    expect(faults).toEqual([])
    const { header, loads, ...rest } = object ?? {}
    expect(rest).toEqual(EVERYTHING_SAYS)
    expect(header).toMatchObject({ class: format.class / 32, data: format.order === 'big' ? 2 : 1 })
    expect(loads).toHaveLength(2)
  })

  it('reads the same with section headers, and with tables far behind the first read', () => {
    const data = new Uint8Array(100_000).fill(0x41)
    for (const extra of [{ sections: true }, { data }, { data, sections: true }]) {
      const { object, faults } = readSpec({ ...EVERYTHING, ...format, ...extra })
      expect(faults).toEqual([])
      expect(object).toMatchObject(EVERYTHING_SAYS)
    }
  })

  it('reads the mapped segments', () => {
    const { object } = readSpec({ ...format, type: 'exec', data: new Uint8Array(100) })
    const [first, second] = object?.loads ?? []
    expect(first).toMatchObject({ offset: 0, address: 0x400000, flags: 5, align: 4096 })
    expect(first?.fileSize).toBe(first?.memorySize)
    expect(second).toMatchObject({ flags: 6, align: 4096 })
    expect((second?.address ?? 0) - (second?.offset ?? 0)).toBe(0x401000)
  })

  it('has neither names nor versions where a file has none', () => {
    const { object, faults } = readSpec(format)
    expect(faults).toEqual([])
    expect(object).toMatchObject({
      kind: 'library',
      interpreter: null,
      dynamic: true,
      soname: null,
      needs: [],
      rpath: null,
      runpath: null,
      flags: 0,
      flags1: 0,
      audit: null,
      depaudit: null,
      versionNeeds: [],
      versionDefinitions: [],
      hasVersionDefinitions: false,
      relr: false,
      abiTag: null,
      properties: { isaNeeded: 0, isaUsed: 0, features: 0 },
      buildId: null,
      dlopen: [],
      executableStack: false,
    })
  })
})

describe('how it reads', () => {
  const bytes = buildElf({ ...EVERYTHING, data: new Uint8Array(300_000) })

  it('takes few and small reads', () => {
    const source = sourceOf(bytes)
    readElf(source, 'built')
    expect(source.reads.length).toBeLessThanOrEqual(4)
    expect(source.reads.reduce((sum, [, length]) => sum + length, 0)).toBeLessThan(16 * 1024)
  })

  it('takes one read for a small file', () => {
    const source = sourceOf(buildElf(EVERYTHING))
    readElf(source, 'built')
    expect(source.reads).toHaveLength(1)
  })

  it('never asks for bytes beyond the end but for the first read', () => {
    for (let size = 0; size < bytes.length; size += 977) {
      const source = sourceOf(bytes.subarray(0, size))
      readElf(source, 'cut')
      for (const [offset, length] of source.reads.slice(1)) expect(offset + length).toBeLessThanOrEqual(size)
    }
  })

  it('gives the same answer for a file whatever was read before it', () => {
    const first = readElf(sourceOf(bytes), 'built')
    readSpec({ class: 32, order: 'big', needs: ['x'] })
    expect(readElf(sourceOf(bytes), 'built')).toEqual(first)
  })

  it('does not trust a source that gives more than it was asked for', () => {
    const source = { size: bytes.length, read: (offset: number) => bytes.subarray(offset) }
    expect(readElf(source, 'built')).toEqual(readElf(sourceOf(bytes), 'built'))
  })

  it('makes faults, not exceptions, of a source that fails', () => {
    const silent = readElf({ size: 5000, read: () => new Uint8Array(0) }, 'f')
    expect(silent).toMatchObject({ header: null, object: null, faults: [{ kind: 'unreadable' }] })
    const half = { size: bytes.length, read: (o: number, l: number) => bytes.slice(o, o === 0 ? l : o + 3) }
    const { object, faults } = readElf(half, 'f')
    expect(object?.needs).toEqual([])
    expect(faults.length).toBeGreaterThan(0)
  })
})

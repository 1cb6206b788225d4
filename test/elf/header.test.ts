/** The ELF header as it stands in the file, and files that are no ELF. */
import { describe, expect, it } from 'vitest'
import { readElf } from '../../src/elf/read.ts'
import { buildElf } from '../support/elf/build.ts'
import { FORMATS, readSpec, sourceOf } from '../support/elf/source.ts'

const read = (content: Uint8Array | string): ReturnType<typeof readElf> =>
  readElf(sourceOf(typeof content === 'string' ? Buffer.from(content) : content), 'lib/x.so')

describe.each(FORMATS)('%s', (_, format) => {
  it('keeps every field as it stands', () => {
    const fields = { identVersion: 9, osabi: 97, abiVersion: 4, type: 0xfe01, machine: 0x1234, version: 77 }
    const { header, object } = readSpec({ ...format, header: { ...fields, flags: 0xa1b2c3d4 } })
    expect(header).toMatchObject({ ...fields, flags: 0xa1b2c3d4, padded: false, phnum: 4 })
    expect(header?.phentsize).toBe(format.class === 64 ? 56 : 32)
    expect(object?.kind).toBe('other')
  })

  it('sees bytes in the padding', () => {
    const bytes = buildElf(format)
    for (let at = 9; at < 16; at += 1) {
      const changed = bytes.slice()
      changed[at] = 1
      expect(read(changed).header?.padded).toBe(true)
    }
    expect(read(bytes).header?.padded).toBe(false)
  })

  it('finds the number of program headers in section header 0 when e_phnum is PN_XNUM', () => {
    const { header, object, faults } = readSpec({ ...format, extendedPhnum: true, needs: ['liba.so'] })
    expect(faults).toEqual([])
    expect(header?.phnum).toBe(4)
    expect(object?.needs).toEqual([{ kind: 'needed', name: 'liba.so' }])
  })

  it('names the missing section header when e_phnum is PN_XNUM', () => {
    for (const shoff of [0, 1_000_000]) {
      const { object, faults } = readSpec({ ...format, extendedPhnum: true, header: { shoff } })
      expect(faults[0]).toMatchObject({ kind: 'truncated', offset: shoff })
      expect(faults[0]?.message).toContain('e_phnum is 0xffff')
      expect(object?.loads).toEqual([])
    }
  })

  it('refuses program headers of another size, a table beyond the end, and a table that is too long', () => {
    expect(readSpec({ ...format, header: { phentsize: 57 } })).toMatchObject({
      object: null,
      header: { phentsize: 57 },
      faults: [{ kind: 'malformed', message: expect.stringContaining('program headers of 57 bytes') as string }],
    })
    expect(readSpec({ ...format, header: { phoff: 1_000_000 } })).toMatchObject({
      object: null,
      faults: [{ kind: 'truncated', offset: 1_000_000 }],
    })
    expect(readSpec({ ...format, header: { phnum: 5000 } })).toMatchObject({
      object: null,
      faults: [{ kind: 'malformed', message: expect.stringContaining('5000 program headers') as string }],
    })
  })

  it('has no header for a file that ends within it', () => {
    const bytes = buildElf(format)
    const size = format.class === 64 ? 64 : 52
    for (let length = 4; length < size; length += 1) {
      const reading = read(bytes.subarray(0, length))
      expect(reading).toMatchObject({ header: null, object: null, size: length })
      expect(reading.faults[0]).toMatchObject({ kind: 'truncated', file: 'lib/x.so', offset: length })
    }
    expect(read(bytes.subarray(0, size)).header).not.toBeNull()
  })
})

it('gives the header of an unknown class or byte order, but no object', () => {
  for (const header of [{ class: 3 }, { class: 0 }, { data: 0 }, { data: 7 }]) {
    const reading = readSpec({ header })
    expect(reading.header).toMatchObject(header)
    expect(reading.object).toBeNull()
    expect(reading.faults).toHaveLength(1)
    expect(reading.faults[0]?.message).toMatch('class' in header ? /unknown ELF class \d/ : /unknown ELF byte order \d/)
  }
})

it('has an object without segments for a file without program headers', () => {
  const { object, faults } = readSpec({ header: { phnum: 0, phentsize: 0, type: 1 } })
  expect(faults).toEqual([])
  expect(object).toMatchObject({ kind: 'relocatable', loads: [], dynamic: false, executableStack: null })
})

const OTHERS: readonly (readonly [title: string, content: string, message: RegExp])[] = [
  ['an empty file', '', /is empty/],
  ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n', /Git LFS pointer/],
  ['a linker script with a comment', '/* GNU ld script */\nGROUP ( libc.so.6 )', /linker script/],
  ['a linker script', 'INPUT(libncurses.so.6 -ltinfo)\n', /linker script/],
  ['a static library', '!<arch>\nfoo.o/', /static library/],
  ['text', '#!/bin/sh\n', /not ELF/],
  ['three bytes', '\x7fEL', /not ELF/],
]

it.each(OTHERS)('says what %s is', (_, content, message) => {
  const reading = read(content)
  expect(reading).toMatchObject({ header: null, object: null, size: content.length })
  expect(reading.faults).toHaveLength(1)
  expect(reading.faults[0]).toMatchObject({ kind: 'malformed', file: 'lib/x.so', offset: 0 })
  expect(reading.faults[0]?.message).toMatch(message)
})

/** Header, segments and needs as the package elf-tools reads them, on every sample and on built files. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { expect, test } from 'vitest'
import { decodeBytes } from '../../src/domain/bytes.ts'
import type { ElfReading } from '../../src/domain/object.ts'
import { readElf } from '../../src/elf/read.ts'
import { buildElf } from '../support/elf/build.ts'
import { elfFilesBelow } from '../support/elf/disk.ts'
import { EVERYTHING } from '../support/elf/everything.ts'
import { FORMATS, sourceOf } from '../support/elf/source.ts'

const SAMPLES = path.resolve(import.meta.dirname, '../../samples')

interface Parsed {
  readonly header: Readonly<Record<'class' | 'endian' | 'type' | 'phentsize' | 'phnum' | 'flags' | 'version', unknown>>
  readonly programs: readonly { readonly header: Readonly<Record<string, unknown>>; readonly data: Buffer }[]
  readonly sections: readonly { readonly header: Readonly<Record<string, unknown>>; readonly data: Buffer }[]
}

const tools = createRequire(import.meta.url)('elf-tools') as { parse(image: Buffer): Parsed }

/** It reverses bytes of what it is given and keeps views of it: it gets a copy, and its data are not read afterwards. */
function parse(bytes: Uint8Array): Parsed {
  return tools.parse(Buffer.from(bytes))
}

const TYPES: Readonly<Record<number, string>> = { 1: 'rel', 2: 'exec', 3: 'dyn', 4: 'core' }

function check(name: string, bytes: Uint8Array): void {
  const theirs = parse(bytes)
  const ours = readElf(sourceOf(bytes), name)
  const { header } = ours
  expect({
    name,
    class: String((header?.class ?? 0) * 32),
    endian: header?.data === 2 ? 'msb' : 'lsb',
    type: TYPES[header?.type ?? 0],
    ...(header === null
      ? {}
      : { phentsize: header.phentsize, phnum: header.phnum, flags: header.flags, version: header.version }),
  }).toEqual({ name, ...pick(theirs.header, ['class', 'endian', 'type', 'phentsize', 'phnum', 'flags', 'version']) })
  expect({ name, loads: segments(ours) }).toEqual({
    name,
    loads: theirs.programs
      .filter((program) => program.header['type'] === 'load')
      .map((program) => pick(program.header, ['offset', 'vaddr', 'filesz', 'memsz', 'align', 'flags'])),
  })
  const needs = theirNeeds(theirs, bytes)
  if (needs !== null) {
    expect({
      name,
      needs: ours.object?.needs.filter((need) => need.kind === 'needed').map((need) => need.name),
    }).toEqual({
      name,
      needs,
    })
  }
}

function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keys.map((key) => [key, from[key]]))
}

function segments({ object }: ElfReading): readonly Readonly<Record<string, unknown>>[] {
  return (object?.loads ?? []).map((load) => ({
    offset: load.offset,
    vaddr: load.address,
    filesz: load.fileSize,
    memsz: load.memorySize,
    align: load.align,
    flags: [
      (load.flags & 1) !== 0 ? 'execute' : '',
      (load.flags & 2) !== 0 ? 'write' : '',
      (load.flags & 4) !== 0 ? 'read' : '',
    ]
      .filter((flag) => flag !== '')
      .join('|'),
  }))
}

/** DT_NEEDED by hand: the dynamic section and its strings at the places that elf-tools tells; null without sections. */
function theirNeeds(theirs: Parsed, bytes: Uint8Array): readonly string[] | null {
  const section = theirs.sections.find(({ header }) => header['type'] === 'dynamic')?.header
  if (section === undefined) return null
  const strings = theirs.sections[Number(section['link'])]?.header
  if (strings === undefined) return null
  const wide = theirs.header.class === '64'
  const little = theirs.header.endian === 'lsb'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const number = (at: number): bigint => (wide ? view.getBigUint64(at, little) : BigInt(view.getUint32(at, little)))
  const size = wide ? 8 : 4
  const names: string[] = []
  for (let at = Number(section['offset']); number(at) !== 0n; at += 2 * size) {
    if (number(at) !== 1n) continue
    const start = Number(strings['offset']) + Number(number(at + size))
    names.push(decodeBytes(bytes, start, bytes.indexOf(0, start)))
  }
  return names
}

test('every sample', () => {
  const files = elfFilesBelow(SAMPLES)
  if (files.length === 0) process.stderr.write('SKIPPED: no ELF files among the samples\n')
  for (const file of files) check(path.relative(SAMPLES, file), new Uint8Array(readFileSync(file)))
})

test.each(FORMATS)('built files, %s', (title, format) => {
  check(title, buildElf({ ...EVERYTHING, ...format, sections: true }))
  check(title, buildElf({ ...format, type: 'exec', needs: ['liba.so', 'libb.so'], sections: true }))
  check(title, buildElf({ ...format, dynamic: false, sections: true }))
})

/** The reader of tar archives alone: dialects, sparse maps, and what it does with fields that are odd or wrong. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePax } from '../../../src/tree/archive/pax.ts'
import { parseHeader } from '../../../src/tree/archive/tar-header.ts'
import { PieceReader, parsePieces, problemOfPieces } from '../../../src/tree/archive/tar-sparse.ts'
import { TarError, TarReader } from '../../../src/tree/archive/tar.ts'
import type { TarEntry } from '../../../src/tree/archive/tar.ts'
import { entry, pax, tar } from '../../support/tree/tar-writer.ts'

type Read = TarEntry & { readonly text: string | null }

/** The entries of an archive that comes in chunks, with their data. */
function read(bytes: Uint8Array, chunk = bytes.length): readonly Read[] {
  const found: { entry: TarEntry; text: string | null }[] = []
  const reader = new TarReader({
    entry: (item) => {
      const kept: (typeof found)[number] = { entry: item, text: null }
      found.push(kept)
      const parts: string[] = []
      return {
        data: (part) => parts.push(Buffer.from(part).toString('latin1')),
        end: () => (kept.text = parts.join('')),
      }
    },
  })
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk))
  reader.finish()
  return found.map((item) => ({ ...item.entry, text: item.text }))
}

function reasonOf(bytes: Uint8Array): string {
  try {
    read(bytes)
    return ''
  } catch (error) {
    if (error instanceof TarError) return error.message
    throw error
  }
}

const good = { name: 'good', data: 'good' }
const names = (bytes: Uint8Array): readonly string[] => read(bytes).map(({ name }) => name)

describe('headers', () => {
  test('a prefix is a folder before the name in POSIX headers, and something else in those of GNU', () => {
    const patch = { 345: 'folder/below' }
    expect(names(tar({ ...good, patch }))).toEqual(['folder/below/good'])
    expect(names(tar({ ...good, patch: { ...patch, 257: 'ustar  \0' } }))).toEqual(['good'])
    expect(names(tar({ ...good, patch: { 257: '\0\0\0\0\0\0\0\0' } }))).toEqual(['good'])
  })

  test('a name of a hundred bytes has no NUL behind it', () => {
    expect(names(tar({ name: 'n'.repeat(100), patch: { 100: '0000644\0' } }))).toEqual(['n'.repeat(100)])
  })

  test('fields that are empty or no numbers get what is harmless', () => {
    const patch = { 100: 'zzzzzzz\0', 108: '\0', 116: 'x', 136: '\xff\xff' }
    expect(read(tar({ ...good, patch }))).toMatchObject([{ mode: 0o644, uid: 0, gid: 0, modified: 0, text: 'good' }])
  })

  test('a checksum of signed bytes counts, as old writers made it', () => {
    const block = Buffer.from(entry({ name: 'gr\xfc\xdf', patch: { 148: '        ' } }).subarray(0, 512))
    block.write('        ', 148, 'latin1')
    const signed = [...block].reduce((sum, byte) => sum + (byte > 127 ? byte - 256 : byte), 0)
    block.write(`${signed.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    expect(parseHeader(block)).toMatchObject({ type: '0', size: 0 })
  })

  test('large numbers are binary', () => {
    const patch = { 108: '\x80\0\0\0\0\x0f\x42\x40', 124: '\x80\0\0\0\0\0\0\0\0\0\0\x04' }
    expect(read(tar({ ...good, patch }))).toMatchObject([{ uid: 1_000_000, size: 4, text: 'good' }])
  })
})

describe('types', () => {
  test('a NUL and 7 are files, D is a folder, devices are others, and all can be told', () => {
    const list = ['\0', '7', 'D', '3', '4', '6', '5'].map((type) => ({ name: 'n', type }))
    const kinds = ['file', 'file', 'folder', 'other', 'other', 'other', 'folder']
    expect(read(tar(...list)).map(({ kind }) => kind)).toEqual(kinds)
  })

  test('a volume label is passed over, and so is the data of a type that nobody knows', () => {
    const found = read(
      tar(
        { name: 'label', type: 'V' },
        { name: 'label', type: 'V', data: 'x' },
        { name: 'odd', type: 'Z', data: 'odd' },
        good,
      ),
    )
    expect(found.map(({ name, kind, size, text }) => [name, kind, size, text])).toEqual([
      ['odd', 'other', 0, 'odd'],
      ['good', 'file', 4, 'good'],
    ])
  })

  test('links have no data, whatever their header says', () => {
    const found = read(tar(entry({ name: 'l', type: '2', link: 'good', size: 700 }), good))
    expect(found.map(({ kind, target, size }) => [kind, target, size])).toEqual([
      ['link', 'good', 0],
      ['file', '', 4],
    ])
  })
})

describe('extended headers', () => {
  test('a global one holds for all that follow, one of an entry goes before it', () => {
    const bytes = tar(
      good,
      pax({ mtime: '5.9', uid: '7', path: 'all' }, 'g'),
      { name: 'x' },
      pax({ path: 'own', gid: '9', uid: 'none', mtime: 'soon' }),
      { name: 'y' },
      pax({ mtime: '6' }, 'g'),
      { name: 'z' },
    )
    expect(read(bytes).map(({ name, uid, gid, modified }) => [name, uid, gid, modified])).toEqual([
      ['good', 0, 0, 0],
      ['all', 7, 0, 5],
      ['own', 0, 9, 0],
      ['all', 7, 0, 6],
    ])
  })

  test('an empty one says nothing', () => {
    expect(names(tar({ name: 'x', type: 'x' }, { name: 'L', type: 'L' }, good))).toEqual([''])
    expect(names(tar({ name: 'x', type: 'x' }, { name: 'g', type: 'g' }, good))).toEqual(['good'])
  })

  test('the size that it says counts, and has to be one', () => {
    expect(read(tar(pax({ size: '2' }), { name: 's', data: 'ab', size: 0 }, good)).map(({ text }) => text)).toEqual([
      'ab',
      'good',
    ])
    for (const size of ['-1', 'x', '1e3', '9'.repeat(16)]) {
      expect(reasonOf(tar(pax({ size }), good))).toBe('the size in an extended header is no number')
    }
  })

  test.each([
    ['6 a=b\n', { a: 'b' }],
    ['6 a=b\n7 cc=d\n', { a: 'b', cc: 'd' }],
    ['6 a=b\n\0\0\0\0', { a: 'b' }],
    ['5 a=\n', { a: '' }],
    ['8 a=b=c\n', { a: 'b=c' }],
    ['22 GNU.sparse.offset=1\n24 GNU.sparse.numbytes=2\n', null],
    ['23 GNU.sparse.offset=1\n25 GNU.sparse.numbytes=2\n', { 'GNU.sparse.map': '1,2' }],
    ['6 a=b', null],
    ['60 a=b\n', null],
    ['4 ab\n', null],
    ['5 abc\n6 a=b\n', null],
    ['a=b\n', null],
    [' a=b\n', null],
    ['0000000006 a=b\n', null],
    ['6a=bcd\n', null],
    ['0 a=b\n', null],
  ])('records %j', (text, expected) => {
    const records = parsePax(Buffer.from(text))
    expect(records === null ? null : Object.fromEntries(records)).toEqual(expected)
  })
})

describe('sparse files', () => {
  const hole = (count: number): string => '\0'.repeat(count)
  const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`
  /** An old GNU header with four pieces at most. */
  const old = (
    pieces: readonly (readonly [number, number])[],
    size: string,
    more = '\0',
  ): Readonly<Record<number, string>> => ({
    257: 'ustar  \0',
    386: pieces.map(([offset, length]) => octal(offset) + octal(length)).join(''),
    482: more,
    483: size,
  })
  /** A block of 21 further pieces. */
  const extension = (pieces: readonly (readonly [number, number])[], more: number): Buffer => {
    const block = Buffer.alloc(512)
    block.write(pieces.map(([offset, length]) => octal(offset) + octal(length)).join(''), 'latin1')
    block[504] = more
    return block
  }
  const header = (patch: Readonly<Record<number, string>>, data: string): readonly [Buffer, Buffer] => {
    const whole = entry({ name: 's', type: 'S', data, patch })
    return [whole.subarray(0, 512), whole.subarray(512)]
  }

  test('of GNU, with their map in the header', () => {
    const [head, data] = header(
      old(
        [
          [2, 2],
          [6, 1],
          [9, 0],
        ],
        octal(9),
      ),
      'abc',
    )
    const expected = `${hole(2)}ab${hole(2)}c${hole(2)}`
    for (const chunk of [1, 3, 511, 4096]) {
      expect(read(tar(head, data, good), chunk)).toMatchObject([
        { size: 9, data: null, text: expected },
        { text: 'good' },
      ])
    }
  })

  test('of GNU, with a map that goes on behind the header', () => {
    const pieces = Array.from({ length: 30 }, (_, i) => [i * 2, 1] as const)
    const [head, data] = header(old(pieces.slice(0, 4), octal(60), '\x01'), 'x'.repeat(30))
    const bytes = tar(head, extension(pieces.slice(4, 25), 1), extension(pieces.slice(25), 0), data, good)
    expect(read(bytes)).toMatchObject([{ size: 60, text: 'x\0'.repeat(30) }, { name: 'good' }])
    expect(reasonOf(Buffer.concat([head, extension(pieces.slice(4, 25), 1)]))).toBe(
      'the archive ends where a header is expected to go on',
    )
    const wrong = extension(pieces.slice(4, 6), 0)
    wrong.write('zzz', 0)
    expect(reasonOf(tar(head, wrong, data))).toBe('the map of a sparse file is malformed')
  })

  test.each([
    ['a piece that is no number', { ...old([[0, 1]], octal(9)), 398: 'zzz' }],
    ['a size that is no number', old([[0, 1]], 'zzz')],
  ])('of GNU with %s are refused', (_, patch) => {
    expect(reasonOf(tar(...header(patch, 'x')))).toBe('the map of a sparse file is malformed')
  })

  test.each([
    ['the first', pax({ 'GNU.sparse.map': '0,1,3,2', 'GNU.sparse.size': '6', 'GNU.sparse.name': 'real' }), 'abc'],
    ['the last', pax({ 'GNU.sparse.map': '0,1,3,2', 'GNU.sparse.realsize': '6', 'GNU.sparse.name': 'real' }), 'abc'],
    [
      'version 1.0',
      pax({ 'GNU.sparse.major': '1', 'GNU.sparse.realsize': '6', 'GNU.sparse.name': 'real' }),
      `${'2\n0\n1\n3\n2\n'.padEnd(512, '\0')}abc`,
    ],
  ])('of PAX, with %s form of the map', (_, records, data) => {
    expect(read(tar(records, { name: 'GNUSparseFile/x', data }, good))).toMatchObject([
      { name: 'real', size: 6, text: 'a\0\0bc\0' },
      { name: 'good' },
    ])
  })

  test('all of a hole', () => {
    const bytes = tar(pax({ 'GNU.sparse.map': '', 'GNU.sparse.size': '70000' }), { name: 's' })
    expect(read(bytes)[0]?.text).toBe(hole(70_000))
  })

  test.each([
    ['a map of odd length', { 'GNU.sparse.map': '0,1,2', 'GNU.sparse.size': '6' }],
    ['a map with words', { 'GNU.sparse.map': '0,x', 'GNU.sparse.size': '6' }],
    ['no size', { 'GNU.sparse.map': '0,1' }],
    ['no size in version 1.0', { 'GNU.sparse.major': '1' }],
    ['a size below zero', { 'GNU.sparse.map': '0,1', 'GNU.sparse.size': '-3' }],
    ['pieces that are not all of the data', { 'GNU.sparse.map': '0,2', 'GNU.sparse.size': '6' }],
  ])('with %s are refused', (_, records) => {
    const data = 'GNU.sparse.major' in records ? `${'1\n0\n1\n'.padEnd(512, '\0')}a` : 'a'
    expect(reasonOf(tar(pax(records), { name: 's', data }))).toMatch(/^the map of a sparse file /)
  })

  test('a map of version 1.0 goes over several blocks, and has to be one', () => {
    const lines = `200\n${Array.from({ length: 200 }, (_, i) => `${i * 10}\n1\n`).join('')}`
    const blocks = Buffer.from(lines.padEnd(Math.ceil(lines.length / 512) * 512, '\0'))
    const reader = new PieceReader()
    for (let at = 0; at < blocks.length; at += 512) expect(reader.block(blocks.subarray(at, at + 512))).toBe(true)
    expect(reader.pieces).toHaveLength(200)
    for (const text of ['x\n', '-1\n', '9999999\n1\n', '1'.repeat(512), `1\n${'9'.repeat(16)}\n1\n`]) {
      expect(new PieceReader().block(Buffer.from(text.padEnd(512, '\0')))).toBe(false)
    }
  })

  test('pieces are in order, inside the file, and all of the data', () => {
    expect(parsePieces('0,1,5,2')).toEqual([
      { offset: 0, length: 1 },
      { offset: 5, length: 2 },
    ])
    expect(problemOfPieces([{ offset: 0, length: 4 }], 4, 4)).toBeNull()
    expect(problemOfPieces([{ offset: 0, length: 4 }], 3, 4)).toContain('leaves the file')
    expect(
      problemOfPieces(
        [
          { offset: 2, length: 1 },
          { offset: 2, length: 1 },
        ],
        9,
        2,
      ),
    ).toContain('out of order')
    expect(problemOfPieces([{ offset: 0, length: 4 }], 4, 5)).toContain('does not fit')
  })
})

test('data that nobody wants can be passed over without being read', () => {
  const bytes = tar({ name: 'big', data: 'x'.repeat(3000) }, good)
  const seen: string[] = []
  const reader = new TarReader({
    entry: ({ name }) => {
      seen.push(name)
      return name === 'big'
        ? null
        : { data: (part) => seen.push(Buffer.from(part).toString()), end: () => seen.push('end') }
    },
  })
  reader.push(bytes.subarray(0, 512))
  const { unwanted } = reader
  expect(unwanted).toBe(3072)
  reader.skip()
  reader.push(bytes.subarray(512 + unwanted))
  reader.finish()
  expect(reader.unwanted).toBe(0)
  expect(seen).toEqual(['big', 'good', 'good', 'end'])
})

test('any bytes, in any chunks, are entries or an error with its place', () => {
  const archive = tar(
    pax({ path: 'long/name' }),
    good,
    pax({ 'GNU.sparse.map': '0,1,3,2', 'GNU.sparse.size': '6' }),
    { name: 's', data: 'abc' },
    entry({ name: 'L', type: 'L', data: 'l'.repeat(200) }),
    { name: 'f', type: '5' },
  )
  const outcome = (bytes: Uint8Array, chunk: number): unknown => {
    try {
      return read(bytes, chunk)
    } catch (error) {
      if (!(error instanceof TarError)) throw error
      return error.message
    }
  }
  const changes = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { maxLength: 4 })
  fc.assert(
    fc.property(changes, fc.integer({ min: 1, max: 1500 }), (list, chunk) => {
      const bytes = Buffer.from(archive)
      for (const [at, value] of list) {
        bytes[at] = value
        // Most changes keep the checksum true, so that they get past it.
        const start = at - (at % 512)
        const block = bytes.subarray(start, start + 512)
        if (at % 3 === 0 || block.toString('latin1', 257, 262) !== 'ustar') continue
        block.write('        ', 148, 'latin1')
        block.write(
          `${block
            .reduce((sum, byte) => sum + byte, 0)
            .toString(8)
            .padStart(6, '0')}\0 `,
          148,
          'latin1',
        )
      }
      expect(outcome(bytes, chunk)).toEqual(outcome(bytes, bytes.length))
    }),
    { numRuns: 400 },
  )
})

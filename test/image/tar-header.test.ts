/** Layers as tar archives: what is written is what every reader finds, our own, GNU tar and Python's. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeBytes, encodeBytes } from '../../src/domain/bytes.ts'
import { layerBytes } from '../../src/image/layer-bytes.ts'
import type { ImageEntry } from '../../src/image/model.ts'
import { sizeRecord, tarHeader } from '../../src/image/tar-header.ts'
import type { TarEntry } from '../../src/tree/archive/tar.ts'
import { TarReader } from '../../src/tree/archive/tar.ts'
import { layerOf } from '../support/image/layer.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'airtight-tar-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Found extends Pick<TarEntry, 'kind' | 'name' | 'target' | 'size' | 'mode' | 'uid' | 'gid' | 'modified'> {
  readonly data: string
}

/** What our reader finds. */
function read(archive: Uint8Array): readonly Found[] {
  const found: { entry: TarEntry; parts: Buffer[] }[] = []
  const reader = new TarReader({
    entry: (entry) => {
      const item = { entry, parts: [] as Buffer[] }
      found.push(item)
      return { data: (bytes) => item.parts.push(Buffer.from(bytes)), end: () => undefined }
    },
  })
  reader.push(archive)
  reader.finish()
  return found.map(({ entry: { kind, name, target, size, mode, uid, gid, modified }, parts }) => {
    const data = Buffer.concat(parts).toString('latin1')
    return { kind, name, target, size, mode, uid, gid, modified, data }
  })
}

function archiveOf(entries: readonly ImageEntry[]): Buffer {
  return Buffer.concat([...layerBytes(layerOf('any 1', entries))].map((chunk) => Buffer.from(chunk)))
}

const status = { mode: 0o644, uid: 0, gid: 0, modified: 1_600_000_000 }

function file(path: string, data: Uint8Array | string = path): ImageEntry {
  const bytes = Buffer.from(data as Uint8Array)
  return { kind: 'file', path, ...status, size: bytes.length, content: { kind: 'bytes', bytes } }
}

/** Names as a file system has them: any bytes but NUL and slash. */
const part = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) => decodeBytes(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))))
  .filter((name) => name !== '.' && name !== '..' && !name.startsWith('.wh.'))
const path = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('/'))
const id = fc.oneof(fc.nat(70_000), fc.constantFrom(0o7777777, 0o10000000, 2 ** 32 - 2))
const time = fc.oneof(fc.nat(2_000_000_000), fc.constantFrom(0o77777777777, 0o77777777777 + 1, -1))
const entryOf = fc
  .record({ path, mode: fc.nat(0o7777), uid: id, gid: id, modified: time })
  .chain((fields): fc.Arbitrary<ImageEntry> =>
    fc.oneof(
      fc.constant<ImageEntry>({ kind: 'folder', ...fields }),
      path.map((target): ImageEntry => ({ kind: 'link', target: `/${target}`, ...fields })),
      fc.uint8Array({ maxLength: 3000 }).map((bytes): ImageEntry => {
        return { kind: 'file', size: bytes.length, content: { kind: 'bytes', bytes }, ...fields }
      }),
    ),
  )

describe('our reader', () => {
  test('finds what was written, in the order of bytes, whatever order it came in', () => {
    fc.assert(
      fc.property(fc.uniqueArray(entryOf, { selector: (entry) => entry.path, maxLength: 12 }), (entries) => {
        const archive = archiveOf(entries)
        expect(archive.length % 512).toBe(0)
        const bytesOf = (entry: ImageEntry): Buffer => Buffer.from(encodeBytes(entry.path))
        const sorted = entries.toSorted((a, b) => Buffer.compare(bytesOf(a), bytesOf(b)))
        expect(read(archive)).toEqual(
          sorted.map((entry) => ({
            kind: entry.kind,
            name: entry.kind === 'folder' ? `${entry.path}/` : entry.path,
            target: entry.kind === 'link' ? entry.target : '',
            size: entry.kind === 'file' ? entry.size : 0,
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            modified: entry.modified,
            data:
              entry.kind === 'file' && entry.content.kind === 'bytes'
                ? Buffer.from(entry.content.bytes).toString('latin1')
                : '',
          })),
        )
        expect(archiveOf(entries.toReversed()).equals(archive)).toBe(true)
      }),
    )
  })

  test('reads a size that fills an extended header, however many digits it has', () => {
    for (const size of [0, 7, 999, 8 * 1024 ** 3, 123_456_789_012_345]) {
      const header = Buffer.concat([sizeRecord(size), tarHeader({ ...item, size: 0 })])
      expect(header.length).toBe(3 * 512)
      const sizes: number[] = []
      new TarReader({
        entry: (entry) => {
          sizes.push(entry.size)
          return null
        },
      }).push(header)
      expect(sizes).toEqual([size])
    }
  })

  test('reads a file of more than 8 GiB from its extended header', () => {
    const sizes: number[] = []
    const size = 9 * 1024 ** 3
    const reader = new TarReader({
      entry: (entry) => {
        sizes.push(entry.size)
        return null
      },
    })
    reader.push(tarHeader({ ...item, size }))
    expect(sizes).toEqual([size])
  })
})

const item = { type: 'file', name: 'blob', target: '', size: 0, mode: 0o644, uid: 0, gid: 0, modified: 0 } as const

const LONG = `${'deep/'.repeat(40)}${'n'.repeat(120)}`
const layer: readonly ImageEntry[] = [
  { kind: 'folder', path: 'usr', ...status, mode: 0o755 },
  { ...file('usr/su'), mode: 0o4755 },
  { kind: 'hard-link', path: 'usr/su2', to: 'usr/su', ...status, mode: 0o4755 },
  file(`${'folder/'.repeat(20)}name`),
  file(LONG),
  { kind: 'hard-link', path: `${LONG}2`, to: LONG, ...status },
  file('grüße.txt'),
  file('no\udcfftext'),
  { kind: 'link', path: 'link', target: 't'.repeat(150), ...status, mode: 0o777 },
  { ...file('empty', ''), uid: 3_000_000, gid: 3_000_001 },
  file('chunks', 'x'.repeat(3 * 1024 * 1024 + 17)),
]

describe('other readers', () => {
  const python = `
import sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    for entry in archive:
        data = archive.extractfile(entry).read() if entry.isreg() else b''
        print(entry.name.encode('utf-8', 'surrogateescape').hex(), entry.type.decode(), oct(entry.mode), entry.uid,
              entry.gid, entry.size, entry.mtime, entry.linkname.encode('utf-8', 'surrogateescape').hex(), len(data))
`

  test('Python finds names, links, owners and sizes', (context) => {
    const archive = join(folder, 'python.tar')
    writeFileSync(archive, archiveOf(layer))
    const run = spawnSync('python3', ['-c', python, archive], { encoding: 'utf8' })
    if (run.error !== undefined) return context.skip('python3 is not installed')
    expect(run.stderr).toBe('')
    const flags = { file: '0', 'hard-link': '1', link: '2', folder: '5' }
    const hex = (text: string): string => Buffer.from(encodeBytes(text)).toString('hex')
    const lines = layer.map((entry) => {
      const target = entry.kind === 'link' ? entry.target : entry.kind === 'hard-link' ? entry.to : ''
      const size = entry.kind === 'file' ? entry.size : 0
      const { path: name, mode, uid, gid, modified } = entry
      return `${hex(name)} ${flags[entry.kind]} 0o${mode.toString(8)} ${uid} ${gid} ${size} ${modified} ${hex(target)} ${size}`
    })
    expect(run.stdout.trim().split('\n').sort()).toEqual(lines.sort())
  })

  test('GNU tar unpacks the same bytes', (context) => {
    const archive = join(folder, 'gnu.tar')
    writeFileSync(archive, archiveOf(layer))
    const version = spawnSync('tar', ['--version'], { encoding: 'utf8' })
    if (!version.stdout.includes('GNU tar')) return context.skip('GNU tar is not installed')
    const names = spawnSync('tar', ['-tf', archive, '--quoting-style=literal'], { encoding: 'buffer' })
    const found = names.stdout.toString('latin1').trimEnd().split('\n').sort()
    const wanted = layer.map(({ kind, path: name }) => {
      return Buffer.from(encodeBytes(kind === 'folder' ? `${name}/` : name)).toString('latin1')
    })
    expect(found).toEqual(wanted.sort())
    const chunks = spawnSync('tar', ['-xOf', archive, 'chunks', LONG], { maxBuffer: 8 * 1024 * 1024 })
    expect(chunks.stdout.toString('latin1')).toBe('x'.repeat(3 * 1024 * 1024 + 17) + LONG)
    expect(chunks.stderr.toString()).toBe('')
  })
})

describe('what is no layer', () => {
  const wrong: readonly (readonly [string, readonly ImageEntry[], string])[] = [
    ['a path that leads out', [file('usr/../../etc/passwd')], 'its path is none of an image'],
    ['an absolute path', [file('/etc/passwd')], 'its path is none of an image'],
    ['the same path twice', [file('a'), file('a')], 'twice'],
    ['a name that means a removal', [file('usr/.wh.lib')], '.wh.'],
    [
      'a second name without its first',
      [{ kind: 'hard-link', path: 'a', to: 'b', ...status }, file('b')],
      'second name',
    ],
    ['a NUL', [file('a\0b')], 'NUL'],
  ]
  test.each(wrong)('%s is refused', (_, entries, message) => {
    expect(() => archiveOf(entries)).toThrow(message)
  })
})

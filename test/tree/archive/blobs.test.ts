/** The files of an image answer alike, whether they lie in a folder, in an archive or in a packed one. */
import { existsSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { MAX_JSON, folderBlobs, indexTar, tarBlobs } from '../../../src/tree/archive/blobs.ts'
import type { Blobs } from '../../../src/tree/archive/blobs.ts'
import type { Bytes } from '../../../src/tree/archive/stream.ts'
import { makeFolder } from '../../support/system/folder.ts'
import { tar } from '../../support/tree/tar-writer.ts'

// Larger than what is read at once, and not in the order of the names.
const FILES: Readonly<Record<string, Buffer>> = {
  'b/large': Buffer.alloc(700_000, 'large'),
  'index.json': Buffer.from('{}'),
  'a/small': Buffer.from('small'),
}
const archive = tar(
  ...Object.entries(FILES).map(([name, data]) => ({ name, data })),
  { name: 'a/link', type: '2', link: '../b/large' },
  { name: 'huge.json', data: Buffer.alloc(MAX_JSON + 1) },
)

async function inArchive(bytes: Uint8Array): Promise<Blobs> {
  const path = join(makeFolder({ x: bytes }), 'x')
  const index = await indexTar(path, 100)
  if (index === null) throw new Error('taken for a root file system')
  return tarBlobs(path, index)
}

function inFolder(): Blobs {
  const top = makeFolder({ ...FILES, 'huge.json': Buffer.alloc(MAX_JSON + 1), outside: { link: '/etc/passwd' } })
  symlinkSync('../b/large', join(top, 'a/link'))
  return folderBlobs(top)
}

async function whole(bytes: Bytes | undefined): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of bytes ?? []) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

describe.each([
  ['a folder', inFolder],
  ['an archive', () => inArchive(archive)],
  ['a packed archive', () => inArchive(gzipSync(archive))],
])('%s', (_, make) => {
  test('gives the bytes of one file, also through a link', async () => {
    const blobs = await make()
    for (const [name, bytes] of [...Object.entries(FILES), ['a/link', FILES['b/large']] as const]) {
      const opened = blobs.open(name)
      expect([name, opened?.size]).toEqual([name, bytes?.length])
      expect((await whole(opened?.bytes())).equals(bytes ?? Buffer.alloc(0))).toBe(true)
    }
    expect([blobs.open('gone'), blobs.open('outside'), blobs.open('a')]).toEqual([null, null, null])
  })

  test('gives small files as a whole, and none that is too large', async () => {
    const blobs = await make()
    expect(['index.json', 'a/small'].map((name) => String(blobs.read(name)))).toEqual(['{}', 'small'])
    expect([blobs.read('huge.json'), blobs.read('gone')]).toEqual([null, null])
  })

  test('gives each of several files once, in one pass', async () => {
    const blobs = await make()
    const seen = new Map<string, number>()
    await blobs.each(
      ['index.json', 'gone', 'b/large'].map((name) => ({ name })),
      async ({ name }, bytes) => {
        // Whoever has seen enough of a file may leave it.
        for await (const part of bytes) {
          seen.set(name, part[0] ?? -1)
          return
        }
      },
    )
    expect([...seen].sort()).toEqual([
      ['b/large', 108],
      ['index.json', 123],
    ])
  })
})

test('whoever leaves a file early leaves no file open', async () => {
  // What cannot be packed is not read ahead as a whole.
  const words = new Uint32Array(1024 * 1024)
  for (let i = 0, word = 1; i < words.length; i += 1) words[i] = word = (Math.imul(word, 1664525) + 1013904223) >>> 0
  const noise = { name: 'noise', data: Buffer.from(words.buffer) }
  const top = makeFolder({
    'x.tar': archive,
    'x.tgz': gzipSync(Buffer.concat([archive.subarray(0, -1024), tar(noise)])),
    'root.tgz': gzipSync(tar({ name: 'usr/x' }, noise)),
  })
  for (const name of ['x.tar', 'x.tgz', 'root.tgz']) {
    const path = join(top, name)
    const index = await indexTar(path, 100)
    if (index !== null) {
      const blobs = tarBlobs(path, index)
      for await (const part of blobs.open('b/large')?.bytes() ?? []) {
        expect(part.length).toBeGreaterThan(0)
        break
      }
      await blobs.each([{ name: 'b/large' }], async (_, bytes) => {
        for await (const part of bytes) if (part.length > 0) return
      })
      await expect(blobs.each([{ name: 'b/large' }], () => Promise.reject(new Error('enough')))).rejects.toThrow(
        'enough',
      )
    }
    // Streams are taken down one after the other, soon.
    await vi.waitFor(() => {
      expect(openFiles()).not.toContain(path)
    })
  }
})

/** What this process has open, where the system tells. */
function openFiles(): readonly string[] {
  if (!existsSync('/proc/self/fd')) return []
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)]
    } catch {
      return []
    }
  })
}

test('an archive with the folders of a system, or with very many files, is no image', async () => {
  const path = (bytes: Uint8Array): string => join(makeFolder({ x: bytes }), 'x')
  const many = tar(...Array.from({ length: 101 }, (_, i) => ({ name: `${i}.json`, data: '' })))
  for (const bytes of [tar({ name: 'usr/lib/x', data: 'x' }), many]) {
    expect(await indexTar(path(bytes), 100)).toBeNull()
    expect(await indexTar(path(gzipSync(bytes)), 100)).toBeNull()
  }
})

test('a packed archive whose end is missing since it was looked at ends early', async () => {
  const bytes = gzipSync(archive)
  const path = join(makeFolder({ x: bytes }), 'x')
  const index = await indexTar(path, 100)
  if (index === null) throw new Error('taken for a root file system')
  const shorter = join(makeFolder({ x: gzipSync(archive.subarray(0, 5000)) }), 'x')
  const large = tarBlobs(shorter, index).open('b/large')
  expect((await whole(large?.bytes())).length).toBe(5000 - 512)
})

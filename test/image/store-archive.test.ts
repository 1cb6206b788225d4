/** Archives of images: blobs of any length, the same one twice, and what is left where one is given up. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { archiveStore } from '../../src/image/store-archive.ts'
import type { BlobStore } from '../../src/image/store.ts'
import { TarReader } from '../../src/tree/archive/tar.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'airtight-store-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function add(store: BlobStore, text: string, most = text.length): Promise<string> {
  const digest = createHash('sha256').update(text).digest('hex')
  const blob = await store.begin(most)
  for (const part of text.match(/.{1,700}/gs) ?? []) await blob.write(Buffer.from(part))
  await blob.finish(digest)
  return digest
}

function members(path: string): readonly (readonly [string, string])[] {
  const found: [string, string][] = []
  const reader = new TarReader({
    entry: ({ name, kind }) => {
      if (kind !== 'file') return null
      const member: [string, string] = [name, '']
      found.push(member)
      return { data: (bytes) => (member[1] += Buffer.from(bytes).toString()), end: () => undefined }
    },
  })
  reader.push(readFileSync(path))
  reader.finish()
  return found
}

test('a blob that could be longer than a header can say has its size in an extended one', async () => {
  const path = join(folder, 'long')
  const store = await archiveStore(path)
  const long = await add(store, 'a'.repeat(2000), 9 * 1024 ** 3)
  const short = await add(store, 'b')
  await add(store, 'a'.repeat(2000), 9 * 1024 ** 3)
  const last = await add(store, 'c'.repeat(512))
  const size = await store.commit(new Map([['oci-layout', Buffer.from('{}')]]))
  expect(readFileSync(path).length).toBe(size)
  expect(members(path)).toEqual([
    [`blobs/sha256/${long}`, 'a'.repeat(2000)],
    [`blobs/sha256/${short}`, 'b'],
    [`blobs/sha256/${last}`, 'c'.repeat(512)],
    ['oci-layout', '{}'],
  ])
})

test('what is longer than the last blob and was given up is cut off', async () => {
  const path = join(folder, 'twice')
  const store = await archiveStore(path)
  const first = await add(store, 'x'.repeat(5000))
  await add(store, 'x'.repeat(5000))
  await store.commit(new Map())
  expect(members(path)).toEqual([[`blobs/sha256/${first}`, 'x'.repeat(5000)]])
})

test('an archive that is given up leaves the one that was there', async () => {
  const path = join(folder, 'kept')
  writeFileSync(path, 'before')
  const store = await archiveStore(path)
  await add(store, 'x')
  await store.discard()
  expect(readFileSync(path, 'utf8')).toBe('before')
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
})

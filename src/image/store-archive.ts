/**
 * An image as one tar archive that OCI's readers and docker's take alike: oci-layout, index.json and manifest.json
 * beside the same blobs. A blob's header is written when its digest, which is its name, is known.
 */
import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isFolder } from '../tree/status.ts'
import { failure } from './failure.ts'
import { syncFolder } from './sync.ts'
import { writeAt } from './store.ts'
import type { BlobStore, BlobWriter, Documents, Inspect } from './store.ts'
import { BLOCK, paddingOf, sizeRecord, tarHeader } from './tar-header.ts'
import type { TarItem } from './tar-header.ts'

/** Beyond it a size has no room in a header of its own. */
const MAX_PLAIN = 8 * 1024 ** 3 - 1
const FOLDERS = ['blobs', 'blobs/sha256']

/** @param path the archive's final name. @throws WriteFailure or an error of the machine where nothing can be there */
export async function archiveStore(path: string): Promise<BlobStore> {
  const target = resolve(path)
  if (isFolder(target)) {
    throw failure('malformed', path, 'is a folder; name the file that the archive shall be')
  }
  const part = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.part`)
  const store = new ArchiveStore(target, part, await open(part, 'wx', 0o666))
  await store.start()
  return store
}

class ArchiveStore implements BlobStore {
  readonly #target: string
  readonly #part: string
  readonly #file: FileHandle
  readonly #names = new Set<string>()
  #at = 0
  #done = false

  constructor(target: string, part: string, file: FileHandle) {
    this.#target = target
    this.#part = part
    this.#file = file
  }

  async start(): Promise<void> {
    for (const name of FOLDERS) await this.#append(tarHeader(member(name, 'folder', 0)))
  }

  has(digest: string): boolean {
    return this.#names.has(digest)
  }

  begin(most: number): Promise<BlobWriter> {
    const start = this.#at
    const long = most > MAX_PLAIN
    const data = start + (long ? 3 : 1) * BLOCK
    let size = 0
    return Promise.resolve({
      write: async (bytes) => {
        const at = data + size
        size += bytes.length
        await writeAt(this.#file, bytes, at)
      },
      finish: async (digest) => {
        // The same layer a second time: what follows is written over it.
        if (this.#names.has(digest)) return
        this.#names.add(digest)
        const header = tarHeader(member(`blobs/sha256/${digest}`, 'file', long ? 0 : size))
        await writeAt(this.#file, long ? Buffer.concat([sizeRecord(size), header]) : header, start)
        this.#at = data + size
        await this.#append(Buffer.alloc(paddingOf(size)))
      },
    })
  }

  async commit(documents: Documents, inspect?: Inspect): Promise<number> {
    for (const [name, bytes] of documents) {
      await this.#append(tarHeader(member(name, 'file', bytes.length)))
      await this.#append(bytes)
      await this.#append(Buffer.alloc(paddingOf(bytes.length)))
    }
    await this.#append(Buffer.alloc(2 * BLOCK))
    await this.#file.truncate(this.#at)
    await this.#file.sync()
    await this.#file.close()
    await inspect?.(this.#part)
    await rename(this.#part, this.#target)
    this.#done = true
    await syncFolder(dirname(this.#target))
    return this.#at
  }

  async discard(): Promise<void> {
    if (this.#done) return
    this.#done = true
    await this.#file.close().catch(() => undefined)
    await rm(this.#part, { force: true })
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await writeAt(this.#file, bytes, this.#at)
    this.#at += bytes.length
  }
}

function member(name: string, type: 'file' | 'folder', size: number): TarItem {
  return { type, name, target: '', size, mode: type === 'folder' ? 0o755 : 0o644, uid: 0, gid: 0, modified: 0 }
}

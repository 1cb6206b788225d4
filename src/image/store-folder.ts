/**
 * An image as an OCI layout in a folder (image-spec, image-layout.md). Blobs are written beside their place; an image
 * is there when index.json names it, which one rename does, so that a layout that is there already stays whole.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { statusAt } from '../tree/status.ts'
import { failure } from './failure.ts'
import { mergedIndex, unusedBlobs } from './layout-index.ts'
import { writeAt } from './store.ts'
import type { BlobStore, BlobWriter, Documents, Inspect } from './store.ts'
import { syncFolder } from './sync.ts'

const BLOBS = join('blobs', 'sha256')

/** @param path a folder that is an OCI layout, is empty or is not there. @throws WriteFailure for any other */
export async function folderStore(path: string): Promise<BlobStore> {
  const target = resolve(path)
  const old = isLayout(path, target)
  // In the layout itself where there is one: what lies beside it may be another disk.
  const name = `${randomBytes(4).toString('hex')}.part`
  const part = old ? join(target, `.${name}`) : join(dirname(target), `.${basename(target)}.${name}`)
  await mkdir(part)
  await mkdir(join(part, BLOBS), { recursive: true })
  return new FolderStore(target, part, old)
}

function isLayout(path: string, target: string): boolean {
  const stats = statusAt(target)
  if (stats === null) return false
  if ('message' in stats) throw failure(stats.kind, path, stats.message)
  if (!stats.isDirectory()) throw failure('malformed', path, 'is a file; name a folder for the OCI layout')
  const names = readdirSync(target)
  if (names.length === 0) return false
  if (names.includes('oci-layout') && names.includes('index.json')) return true
  throw failure('malformed', path, 'is a folder with other things in it, and no OCI layout; name a new or empty folder')
}

class FolderStore implements BlobStore {
  readonly #target: string
  readonly #part: string
  readonly #old: boolean
  readonly #sizes = new Map<string, number>()
  #open: FileHandle | null = null
  #begun = 0
  #done = false

  constructor(target: string, part: string, old: boolean) {
    this.#target = target
    this.#part = part
    this.#old = old
  }

  has(digest: string): boolean {
    return this.#sizes.has(digest)
  }

  async begin(): Promise<BlobWriter> {
    this.#begun += 1
    const name = join(this.#part, `blob${this.#begun}`)
    const file = await open(name, 'wx', 0o644)
    this.#open = file
    let size = 0
    return {
      write: async (bytes) => {
        const at = size
        size += bytes.length
        await writeAt(file, bytes, at)
      },
      finish: async (digest) => {
        await file.sync()
        await file.close()
        this.#open = null
        this.#sizes.set(digest, size)
        await rename(name, join(this.#part, BLOBS, digest))
      },
    }
  }

  async commit(documents: Documents, inspect?: Inspect): Promise<number> {
    const layout = documents.get('oci-layout') ?? new Uint8Array(0)
    const index = documents.get('index.json') ?? new Uint8Array(0)
    await writeWhole(join(this.#part, 'oci-layout'), layout)
    await writeWhole(join(this.#part, 'index.json'), index)
    await inspect?.(this.#part)
    if (this.#old) await this.#intoLayout(index)
    else {
      await syncFolder(join(this.#part, BLOBS))
      await rename(this.#part, this.#target)
      await syncFolder(dirname(this.#target))
    }
    this.#done = true
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, layout.length + index.length)
  }

  async discard(): Promise<void> {
    if (this.#done) return
    this.#done = true
    await this.#open?.close().catch(() => undefined)
    await rm(this.#part, { recursive: true, force: true })
  }

  /** Blobs first, for nothing names them yet; then the index; then what only the image named that it replaces. */
  async #intoLayout(index: Uint8Array): Promise<void> {
    const blobs = join(this.#target, BLOBS)
    await mkdir(blobs, { recursive: true })
    const before = readFileSync(join(this.#target, 'index.json'))
    const read = (digest: string): Uint8Array | null =>
      readBlob(join(blobs, digest)) ?? readBlob(join(this.#part, BLOBS, digest))
    const merged = mergedIndex(before, index, read)
    const unused = unusedBlobs(before, merged, read)
    await writeWhole(join(this.#part, 'index.json'), merged)
    for (const digest of this.#sizes.keys()) {
      await rename(join(this.#part, BLOBS, digest), join(blobs, digest))
    }
    await syncFolder(blobs)
    await rename(join(this.#part, 'index.json'), join(this.#target, 'index.json'))
    await syncFolder(this.#target)
    for (const digest of unused) await rm(join(blobs, digest), { force: true })
    await rm(this.#part, { recursive: true, force: true })
  }
}

const MAX_DOCUMENT = 16 * 1024 * 1024

function readBlob(path: string): Uint8Array | null {
  return existsSync(path) && statSync(path).size <= MAX_DOCUMENT ? readFileSync(path) : null
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes, { flush: true })
}

/** Where the blobs of an image go while it is written: beside its place, under no name that anybody reads. */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

/** What names a blob in a manifest (image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string
  /** `sha256:HEX`. */
  readonly digest: string
  readonly size: number
}

/** One blob while it is written: its digest, which is its name, is known at its end. */
export interface BlobWriter {
  write(bytes: Uint8Array): Promise<void>
  /** Gives the blob its name. @param digest hex */
  finish(digest: string): Promise<void>
}

/** The whole image in its JSON documents, by the names that they have beside the blobs. */
export type Documents = ReadonlyMap<'oci-layout' | 'index.json' | 'manifest.json', Uint8Array>

/** Looks at an image that is whole and not in its place yet. @throws to keep it from getting there */
export type Inspect = (path: string) => Promise<void>

/** A place that an image is written to. What it holds is seen by nobody until `commit`. */
export interface BlobStore {
  /** @param most what the blob can be long at most, in bytes */
  begin(most: number): Promise<BlobWriter>
  /** Whether a blob has been written already. @param digest hex */
  has(digest: string): boolean
  /**
   * Puts the image in its place, if whoever looks at it before has nothing against it.
   *
   * @param inspect gets the place where all of it lies until then
   * @returns its length in bytes
   */
  commit(documents: Documents, inspect?: Inspect): Promise<number>
  /** Takes away all that was written. Nothing happens after `commit`. */
  discard(): Promise<void>
}

/** Writes a small blob. */
export async function addBlob(store: BlobStore, mediaType: string, bytes: Uint8Array): Promise<Descriptor> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (!store.has(digest)) {
    const blob = await store.begin(bytes.length)
    await blob.write(bytes)
    await blob.finish(digest)
  }
  return { mediaType, digest: `sha256:${digest}`, size: bytes.length }
}

/** Writes all of `bytes` at a position of a file. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at)
    at += bytesWritten
  }
}

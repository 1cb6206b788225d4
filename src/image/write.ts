/** Writes an image: an OCI layout in a folder, or one archive that OCI's readers and docker's take. */
import { createHash } from 'node:crypto'
import type { Fault } from '../domain/fault.ts'
import { checkCompression, levelOf, packer } from './compress.ts'
import type { Compression } from './compress.ts'
import { CONFIG_TYPE, MANIFEST_TYPE, configDocument, dockerDocument, json, manifestDocument } from './documents.ts'
import { outerDocuments } from './documents.ts'
import type { DescribedLayer, WrittenLayer } from './documents.ts'
import { checkSignal, failure, faultOf } from './failure.ts'
import { layerBytes, mostBytes } from './layer-bytes.ts'
import type { BaseLayer, Image, NewLayer } from './model.ts'
import { addBlob } from './store.ts'
import type { BlobStore, Descriptor, Documents, Inspect } from './store.ts'
import { archiveStore } from './store-archive.ts'
import { folderStore } from './store-folder.ts'

export type { WrittenLayer } from './documents.ts'

/** More layers than this, and docker's and overlayfs's stores refuse the image. */
const MAX_LAYERS = 125

export interface ImageTarget {
  /** `oci-archive` and `docker-archive` are one format: the archive is both. */
  readonly kind: 'oci' | 'oci-archive' | 'docker-archive'
  readonly path: string
}

/** A document about the image that lies beside it, such as a list of materials: a manifest that refers to it. */
export interface Attachment {
  /** `application/vnd.cyclonedx+json`, `application/spdx+json`. */
  readonly artifactType: string
  readonly title: string
  readonly bytes: Uint8Array
}

export interface WriteOptions {
  /** Of the layers that are made; those of a base stay as they are. */
  readonly compression: Compression
  /** 1 to 9 for gzip, 1 to 19 for zstd; 1 and 3 where none is named. */
  readonly level?: number
  /** Told which layer is written, with its bytes so far. */
  readonly progress?: (label: string, bytes: number) => void
  readonly signal?: AbortSignal
  readonly attachments?: readonly Attachment[]
  /** Looks at the image before it gets its name; what it throws as a WriteFailure keeps it from getting there. */
  readonly inspect?: Inspect
}

export interface Written {
  readonly manifestDigest: string
  readonly configDigest: string
  /** Bottom first. */
  readonly layers: readonly WrittenLayer[]
  /** What was written, in bytes. */
  readonly bytes: number
}

/**
 * Writes an image. Nothing is under the final name before all of it is written; a layout that is there already gets the
 * image beside its others, in the place of one of the same tag. The same image gives the same digests: uncompressed
 * always, compressed with the same version of Node (or of zstd).
 *
 * @returns a fault about the first thing that went wrong, be it a file that has changed since the image was planned, a
 *   full disk or the signal: then everything is as it was
 */
export async function writeImage(image: Image, target: ImageTarget, options: WriteOptions): Promise<Written | Fault> {
  let store: BlobStore | null = null
  try {
    checkImage(image, target)
    checkCompression(options.compression)
    const level = levelOf(options.compression, options.level)
    checkSignal(options.signal, target.path)
    store = target.kind === 'oci' ? await folderStore(target.path) : await archiveStore(target.path)
    return await writeInto(store, image, target, { ...options, level })
  } catch (error) {
    await store?.discard()
    return faultOf(error, target.path)
  }
}

function checkImage(image: Image, target: ImageTarget): void {
  const count = image.layers.length + (image.base?.layers.length ?? 0)
  if (count > MAX_LAYERS) {
    throw failure('unsupported', target.path, `would have ${count} layers; engines take at most ${MAX_LAYERS}`)
  }
}

type Options = WriteOptions & { readonly level: number }

async function writeInto(store: BlobStore, image: Image, target: ImageTarget, options: Options): Promise<Written> {
  const layers: DescribedLayer[] = []
  const lines = image.base?.history ?? []
  for (const [at, layer] of (image.base?.layers ?? []).entries()) {
    layers.push(await baseLayer(store, layer, lines[at] ?? '', at + 1, target, options))
  }
  for (const layer of image.layers) layers.push(await newLayer(store, layer, target, options))
  const config = await addBlob(store, CONFIG_TYPE, configDocument(image, layers))
  const manifest = await addBlob(store, MANIFEST_TYPE, manifestDocument(image, config, layers))
  const others: object[] = []
  for (const item of options.attachments ?? []) others.push(await attach(store, item, manifest))
  checkSignal(options.signal, target.path)
  const documents = outerDocuments(image, manifest, others)
  const all: Documents =
    target.kind === 'oci'
      ? documents
      : new Map([...documents, ['manifest.json', dockerDocument(image, config, layers)]])
  const bytes = await store.commit(all, options.inspect)
  return { manifestDigest: manifest.digest, configDigest: config.digest, layers: layers.map(written), bytes }
}

function written({ class: kind, title, digest, diffId, size, unpacked }: DescribedLayer): WrittenLayer {
  return { class: kind, title, digest, diffId, size, unpacked }
}

const MEDIA_TYPES: Readonly<Record<Compression, string>> = {
  none: 'application/vnd.oci.image.layer.v1.tar',
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
}

async function newLayer(
  store: BlobStore,
  layer: NewLayer,
  target: ImageTarget,
  { compression, level, progress, signal }: Options,
): Promise<DescribedLayer> {
  const blob = await store.begin(mostBytes(layer))
  const packed = compression === 'none' ? null : createHash('sha256')
  const plain = createHash('sha256')
  let size = 0
  let unpacked = 0
  const pack = packer(compression, level, async (bytes) => {
    const done = blob.write(bytes)
    packed?.update(bytes)
    size += bytes.length
    await done
  })
  try {
    for (const chunk of layerBytes(layer)) {
      checkSignal(signal, target.path)
      const pushed = pack.push(chunk)
      plain.update(chunk)
      unpacked += chunk.length
      await pushed
      progress?.(layer.title, unpacked)
    }
    await pack.finish()
  } finally {
    pack.cancel()
  }
  const diffId = plain.digest('hex')
  const digest = packed?.digest('hex') ?? diffId
  await blob.finish(digest)
  return {
    class: layer.class,
    title: layer.title,
    packages: layer.packages,
    history: `airtight: ${layer.title}`,
    mediaType: MEDIA_TYPES[compression],
    digest: `sha256:${digest}`,
    diffId: `sha256:${diffId}`,
    size,
    unpacked,
  }
}

/** Passes a layer of the base on, byte for byte. @throws WriteFailure where it is not what its digest says */
async function baseLayer(
  store: BlobStore,
  layer: BaseLayer,
  history: string,
  number: number,
  target: ImageTarget,
  { progress, signal }: Options,
): Promise<DescribedLayer> {
  const title = `base layer ${number}`
  const hex = layer.digest.replace('sha256:', '')
  if (!store.has(hex)) {
    const blob = await store.begin(layer.size)
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of layer.bytes()) {
      checkSignal(signal, target.path)
      // One piece is hashed while another thread writes it.
      const done = blob.write(chunk)
      hash.update(chunk)
      await done
      size += chunk.length
      progress?.(title, size)
    }
    if (size !== layer.size || hash.digest('hex') !== hex) {
      throw failure('malformed', layer.digest, 'is not what its digest says: the base has changed or is damaged')
    }
    await blob.finish(hex)
  }
  return {
    class: 'base',
    title,
    packages: [],
    history,
    mediaType: layer.mediaType,
    digest: layer.digest,
    diffId: layer.diffId,
    size: layer.size,
    unpacked: layer.digest === layer.diffId ? layer.size : null,
  }
}

/** A manifest of a document that refers to the image. Its platform tells readers that it is no image itself. */
async function attach(store: BlobStore, item: Attachment, subject: Descriptor): Promise<object> {
  const { artifactType, title, bytes } = item
  const config = await addBlob(store, 'application/vnd.oci.empty.v1+json', Buffer.from('{}'))
  const layer = await addBlob(store, artifactType, bytes)
  const manifest = json({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType,
    config,
    layers: [{ ...layer, annotations: { 'org.opencontainers.image.title': title } }],
    subject,
  })
  const descriptor = await addBlob(store, MANIFEST_TYPE, manifest)
  return { ...descriptor, artifactType, platform: { architecture: 'unknown', os: 'unknown' } }
}

/** The JSON documents of an image (image-spec: config.md, manifest.md, image-index.md; docker's manifest.json). */
import { Buffer } from 'node:buffer'
import { REF_NAME } from './layout-index.ts'
import type { Image, LayerClass } from './model.ts'
import type { Descriptor, Documents } from './store.ts'

export const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json'
export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json'

/** One layer as it was written. */
export interface WrittenLayer {
  readonly class: LayerClass
  readonly title: string
  /** `sha256:HEX` of the blob. */
  readonly digest: string
  /** `sha256:HEX` of the tar in it. */
  readonly diffId: string
  /** Size of the blob in bytes. */
  readonly size: number
  /** Size of the tar in bytes; null for a packed layer of the base, which is not unpacked to be passed on. */
  readonly unpacked: number | null
}

export interface DescribedLayer extends WrittenLayer {
  readonly mediaType: string
  readonly packages: readonly string[]
  /** One line for the history; empty where a base has none. */
  readonly history: string
}

/** The configuration of an image. The same image gives the same bytes. */
export function configDocument(image: Image, layers: readonly DescribedLayer[]): Uint8Array {
  const { env, entrypoint, cmd, workingDir, user, labels } = image.config
  const variant = image.base?.variant ?? null
  return json({
    created: image.created,
    architecture: image.architecture,
    ...(variant === null ? {} : { variant }),
    os: 'linux',
    config: {
      ...(user === '' ? {} : { User: user }),
      Env: env,
      ...(entrypoint.length === 0 ? {} : { Entrypoint: entrypoint }),
      ...(cmd.length === 0 ? {} : { Cmd: cmd }),
      ...(workingDir === '' ? {} : { WorkingDir: workingDir }),
      Labels: inOrder(labels),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    // umoci 0.4 reads the time of every line without asking whether it is there.
    history: layers.map(({ history }) => ({
      created: image.created,
      ...(history === '' ? {} : { created_by: history }),
    })),
  })
}

/** The manifest: the configuration, then the layers, bottom first, each with what it holds. */
export function manifestDocument(image: Image, config: Descriptor, layers: readonly DescribedLayer[]): Uint8Array {
  return json({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config,
    layers: layers.map((layer) => ({
      mediaType: layer.mediaType,
      digest: layer.digest,
      size: layer.size,
      annotations: {
        'airtight.layer.class': layer.class,
        'airtight.layer.title': layer.title,
        ...(layer.packages.length === 0 ? {} : { 'airtight.layer.packages': layer.packages.join(' ') }),
        ...(layer.unpacked === null ? {} : { 'airtight.layer.unpacked': String(layer.unpacked) }),
      },
    })),
    annotations: inOrder(image.annotations),
  })
}

/** The documents that lie beside the blobs. */
export function outerDocuments(image: Image, manifest: Descriptor, others: readonly object[]): Documents {
  const { tag, full } = namesOf(image.reference)
  const variant = image.base?.variant ?? null
  const platform = { architecture: image.architecture, os: 'linux', ...(variant === null ? {} : { variant }) }
  const annotations = { 'io.containerd.image.name': full, [REF_NAME]: tag }
  return new Map([
    ['oci-layout', json({ imageLayoutVersion: '1.0.0' })],
    [
      'index.json',
      json({
        schemaVersion: 2,
        mediaType: INDEX_TYPE,
        manifests: [{ ...manifest, annotations, platform }, ...others],
      }),
    ],
  ])
}

/** What `docker load` and podman read beside an OCI index. */
export function dockerDocument(image: Image, config: Descriptor, layers: readonly DescribedLayer[]): Uint8Array {
  return json([
    {
      Config: blobPath(config.digest),
      RepoTags: [namesOf(image.reference).plain],
      Layers: layers.map(({ digest }) => blobPath(digest)),
    },
  ])
}

/** A name as people write it, with a tag, and as containerd wants it, with a registry and a path. */
function namesOf(reference: string): { readonly plain: string; readonly full: string; readonly tag: string } {
  const colon = reference.lastIndexOf(':')
  const tagged = colon > reference.lastIndexOf('/')
  const name = tagged ? reference.slice(0, colon) : reference
  const tag = tagged ? reference.slice(colon + 1) : 'latest'
  const first = name.split('/')[0] ?? ''
  const hosted = name.includes('/') && (/[.:]/.test(first) || first === 'localhost')
  const path = hosted ? name : name.includes('/') ? `docker.io/${name}` : `docker.io/library/${name}`
  return { plain: `${name}:${tag}`, full: `${path}:${tag}`, tag }
}

export function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

function blobPath(digest: string): string {
  return `blobs/sha256/${digest.replace('sha256:', '')}`
}

function inOrder(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

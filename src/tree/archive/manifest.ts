/** Which layers make an image: OCI's index and manifest (image-spec), or the manifest.json of `docker save`. */
import { Buffer } from 'node:buffer'
import type { Blobs } from './blobs.ts'

const MAX_DEPTH = 4
const MAX_LAYERS = 1000
const NO_IMAGE = 'there is no image in it'
const DIGEST = /^sha256:([0-9a-f]{64})$/

/** One layer: the name of its file, and the digests it must have; null where nothing names them. */
export interface LayerFile {
  readonly name: string
  /** sha256 of the file as it lies there. */
  readonly digest: string | null
  /** sha256 of the tar archive in it. */
  readonly diffId: string | null
  /** What an OCI manifest says it is; null in a docker archive. */
  readonly mediaType: string | null
}

export interface ImagePlan {
  readonly layers: readonly LayerFile[]
  /** `Env` of the configuration, as `NAME=value`. */
  readonly environment: readonly string[]
  /** `linux/amd64`. */
  readonly platform: string | null
  /** The whole configuration. */
  readonly config: Readonly<Record<string, unknown>>
}

export interface ImageChoice {
  /** A tag or reference, null where there must be one image only. */
  readonly reference: string | null
  /** `linux/amd64`, null for any where there is one only. */
  readonly platform: string | null
}

/** What an image lacks or has wrong, as a sentence. */
export class ImageError extends Error {}

/** The layers of an image in an OCI layout, bottom first. */
export function ociPlan(blobs: Blobs, choice: ImageChoice, digestOf: (bytes: Uint8Array) => string): ImagePlan {
  const index = record(json(blobs, 'index.json'), 'index.json')
  const named = list(index['manifests']).map((item) => record(item, 'index.json'))
  const descriptor = chooseNamed(named, choice.reference)
  const read = (name: string): unknown => {
    const path = blobPath(name)
    const bytes = blobs.read(path)
    if (bytes === null) throw new ImageError(`${path} is absent or too large`)
    if (digestOf(bytes) !== hexOf(name)) throw new ImageError(`${path} is not what its digest says`)
    return parse(bytes, path)
  }
  const manifest = manifestOf(descriptor, choice.platform, read, 0)
  const layers = list(manifest['layers']).map((item) => record(item, 'manifest'))
  if (layers.length > MAX_LAYERS) throw new ImageError(`${layers.length} layers; at most ${MAX_LAYERS} are read`)
  const config = record(read(text(record(manifest['config'], 'manifest')['digest'])), 'the configuration')
  const diffIds = diffIdsOf(config)
  return {
    layers: layers.map((layer, i) => {
      const digest = text(layer['digest'])
      const { mediaType } = layer
      return {
        name: blobPath(digest),
        digest: hexOf(digest),
        diffId: diffIds[i] ?? null,
        mediaType: typeof mediaType === 'string' ? mediaType : null,
      }
    }),
    ...settingsOf(config),
  }
}

/** The layers of an image that `docker save` or skopeo wrote, bottom first. */
export function dockerPlan(blobs: Blobs, choice: ImageChoice): ImagePlan {
  const images = list(json(blobs, 'manifest.json')).map((item) => record(item, 'manifest.json'))
  const tags = (image: Readonly<Record<string, unknown>>): readonly string[] => list(image['RepoTags']).map(String)
  const { reference } = choice
  const fits = images.filter((image) => reference === null || tags(image).some((tag) => isNamed(tag, reference)))
  const [image, second] = fits
  const all = names(images.flatMap(tags))
  if (second !== undefined) throw new ImageError(`there are several images: name one; there are: ${all}`)
  if (image === undefined) {
    throw new ImageError(reference === null ? NO_IMAGE : `no image is named '${reference}'; there are: ${all}`)
  }
  const layers = list(image['Layers']).map(String)
  if (layers.length > MAX_LAYERS) throw new ImageError(`${layers.length} layers; at most ${MAX_LAYERS} are read`)
  const config = record(json(blobs, text(image['Config'])), 'the configuration')
  const diffIds = diffIdsOf(config)
  return {
    layers: layers.map((name, i) => ({ name, digest: null, diffId: diffIds[i] ?? null, mediaType: null })),
    ...settingsOf(config),
  }
}

type Json = Readonly<Record<string, unknown>>

/** The manifest that a descriptor leads to, through indices by platform. */
function manifestOf(descriptor: Json, platform: string | null, read: (digest: string) => unknown, depth: number): Json {
  if (depth > MAX_DEPTH) throw new ImageError(`indices within indices, more than ${MAX_DEPTH} deep`)
  const document = record(read(text(descriptor['digest'])), 'manifest')
  if (!Array.isArray(document['manifests'])) return document
  // Attestations lie beside images as manifests of no platform.
  const images = list(document['manifests'])
    .map((item) => record(item, 'index'))
    .filter((item) => platformOf(item) !== 'unknown/unknown')
  const wanted = platform ?? 'linux/amd64'
  const fits = images.filter((item) => platformOf(item) === wanted)
  const chosen = fits[0] ?? (images.length === 1 && platform === null ? images[0] : undefined)
  if (chosen === undefined) {
    const known = images.map((item) => platformOf(item) ?? 'no platform')
    throw new ImageError(`no image for ${wanted}; there are: ${names(known)}`)
  }
  return manifestOf(chosen, platform, read, depth + 1)
}

function chooseNamed(descriptors: readonly Json[], reference: string | null): Json {
  const named = (item: Json): string | null => {
    const annotations = item['annotations']
    const name = isRecord(annotations) ? annotations['org.opencontainers.image.ref.name'] : null
    return typeof name === 'string' ? name : null
  }
  const images = descriptors.filter((item) => platformOf(item) !== 'unknown/unknown' && !('artifactType' in item))
  const fits =
    reference === null
      ? images
      : images.filter((item) => {
          const name = named(item)
          return (name !== null && isNamed(name, reference)) || item['digest'] === reference
        })
  const [first, second] = fits
  if (first !== undefined && second === undefined) return first
  // One name for several platforms, without an index of its own.
  const native = fits.find((item) => platformOf(item) === 'linux/amd64')
  if (native !== undefined && new Set(fits.map(named)).size === 1) return native
  const all = names(images.map((item) => named(item) ?? 'an image without a name'))
  if (first !== undefined) throw new ImageError(`there are several images: name one; there are: ${all}`)
  throw new ImageError(reference === null ? NO_IMAGE : `no image is named '${reference}'; there are: ${all}`)
}

/** Whether a full name such as `docker.io/studio/base:1` is meant by a shorter one: `studio/base:1`, `1`. */
function isNamed(full: string, reference: string): boolean {
  return full === reference || full.endsWith(`/${reference}`) || full.endsWith(`:${reference}`)
}

function platformOf(descriptor: Json): string | null {
  const platform = descriptor['platform']
  if (!isRecord(platform)) return null
  return `${String(platform['os'])}/${String(platform['architecture'])}`
}

function diffIdsOf(config: Json): readonly (string | null)[] {
  const rootfs = config['rootfs']
  return isRecord(rootfs) ? list(rootfs['diff_ids']).map((id) => DIGEST.exec(String(id))?.[1] ?? null) : []
}

function settingsOf(config: Json): Pick<ImagePlan, 'environment' | 'platform' | 'config'> {
  const inner = isRecord(config['config']) ? config['config'] : {}
  const { os, architecture } = config
  return {
    environment: list(inner['Env']).map(String).slice(0, 1000),
    platform: typeof os === 'string' && typeof architecture === 'string' ? `${os}/${architecture}` : null,
    config,
  }
}

function blobPath(digest: string): string {
  return `blobs/sha256/${hexOf(digest)}`
}

function hexOf(digest: string): string {
  const hex = DIGEST.exec(digest)?.[1]
  if (hex === undefined) throw new ImageError(`'${digest.slice(0, 100)}' is no sha256 digest`)
  return hex
}

function json(blobs: Blobs, name: string): unknown {
  const bytes = blobs.read(name)
  if (bytes === null) throw new ImageError(`${name.slice(0, 200)} is absent or too large`)
  return parse(bytes, name)
}

function parse(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
  } catch {
    throw new ImageError(`${name.slice(0, 200)} is no JSON`)
  }
}

function record(value: unknown, where: string): Json {
  if (!isRecord(value)) throw new ImageError(`${where.slice(0, 200)} is not what an image has there`)
  return value
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new ImageError('a name or a digest is missing')
  return value
}

function names(all: readonly string[]): string {
  const shown = [...new Set(all)].slice(0, 8)
  return shown.length === 0 ? 'none' : shown.join(', ').slice(0, 500)
}

/** Reads the image that another one begins with: its layers as they lie there, and how it is run. */
import { createHash } from 'node:crypto'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { isLayout, placeOf, prefixOf } from '../system/source-kind.ts'
import type { ArchiveFormat } from '../system/source-kind.ts'
import { folderBlobs, indexTar, tarBlobs } from '../tree/archive/blobs.ts'
import type { Blobs, TarIndex } from '../tree/archive/blobs.ts'
import { ImageError, dockerPlan, ociPlan } from '../tree/archive/manifest.ts'
import type { ImageChoice, ImagePlan, LayerFile } from '../tree/archive/manifest.ts'
import { compressionOf, unpacked } from '../tree/archive/stream.ts'
import type { Bytes, Compression } from '../tree/archive/stream.ts'
import { readFault } from '../tree/archive/open.ts'
import { TarError } from '../tree/archive/tar.ts'
import { statusAt } from '../tree/status.ts'
import type { BaseImage, BaseLayer, RunConfig } from './model.ts'

/** Files of an image's own; an archive with more is a root file system. */
const MAX_MEMBERS = 20_000
const LAYER = 'application/vnd.oci.image.layer.v1.tar'
/** What docker calls the same layers. */
const DOCKER_LAYER = 'application/vnd.docker.image.rootfs.diff.tar'

export interface BaseOptions {
  /** Which image of an index is meant, such as `linux/arm64`; null for any where there is one only. */
  readonly platform?: string | null
  readonly progress?: (label: string, bytes: number) => void
}

/**
 * Reads `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`, `docker-archive:FILE[:NAME]`, a layout's folder or an archive's file.
 * A packed layer of a docker archive is gone through once, for nothing names the digest of its bytes.
 *
 * @returns a fault for what is no image: a root file system is no base with layers
 */
export async function readBase(spec: string, options: BaseOptions = {}): Promise<BaseImage | Fault> {
  const prefixed = prefixOf(spec)
  const { path, reference } = placeOf(prefixed?.rest ?? spec, prefixed !== null)
  const status = statusAt(path)
  if (status === null) return faultAt('missing', spec, null, 'does not exist; name an OCI layout or an archive')
  if ('message' in status) return status
  if (status.isDirectory() && !isLayout(path)) {
    return faultAt('malformed', spec, null, 'is no OCI layout: it has no index.json')
  }
  if (!status.isDirectory() && prefixed?.kind === 'oci') {
    return faultAt('malformed', spec, null, `is no folder; for an archive say oci-archive:${path}`)
  }
  try {
    const choice = { reference, platform: options.platform ?? null }
    const found = status.isDirectory() ? ofFolder(path, choice) : await ofArchive(path, choice)
    if (found === null) {
      return faultAt('unsupported', spec, null, 'holds no image but files; unpack it and name the folder')
    }
    return await baseOf(spec, found, options)
  } catch (error) {
    return readFault(spec, error)
  }
}

/**
 * How an engine has to be told of an archive of an image: by docker's manifest where it has one. A compressed archive is
 * looked at no further than its beginning, for whoever starts it unpacks it.
 *
 * @param named what the user calls it, null where only a file was named
 * @returns a fault for a file that is no image
 */
export async function archiveFormat(
  spec: string,
  path: string,
  named: ArchiveFormat | null,
): Promise<ArchiveFormat | Fault> {
  let index: TarIndex | null
  try {
    index = await indexTar(path, MAX_MEMBERS, 'beginning')
  } catch (error) {
    // A file that is no archive at all: where it goes wrong helps nobody.
    if (!(error instanceof TarError)) return readFault(spec, error)
    index = null
  }
  if (index?.compressed === true) return named ?? 'docker-archive'
  if (index?.members.has('manifest.json') === true) return 'docker-archive'
  if (index?.members.has('index.json') === true) return 'oci-archive'
  return faultAt('malformed', spec, null, 'is no image; name an OCI layout, an archive, a SIF file or an unpacked root')
}

interface Found {
  readonly blobs: Blobs
  readonly plan: ImagePlan
}

function ofFolder(path: string, choice: ImageChoice): Found {
  const blobs = folderBlobs(path)
  return { blobs, plan: ociPlan(blobs, choice, sha256) }
}

async function ofArchive(path: string, choice: ImageChoice): Promise<Found | null> {
  const index = await indexTar(path, MAX_MEMBERS)
  if (index === null) return null
  const blobs = tarBlobs(path, index)
  // What both kinds of reader take says more as OCI: digests of the blobs, annotations.
  const oci = blobs.canonical('oci-layout') !== null && blobs.canonical('index.json') !== null
  if (oci && !(choice.reference ?? '').includes(':')) return { blobs, plan: ociPlan(blobs, choice, sha256) }
  return blobs.canonical('manifest.json') === null ? null : { blobs, plan: dockerPlan(blobs, choice) }
}

async function baseOf(spec: string, { blobs, plan }: Found, options: BaseOptions): Promise<BaseImage> {
  const layers: BaseLayer[] = []
  for (const file of plan.layers) layers.push(await layerOf(spec, blobs, file, options))
  const { config } = plan
  const { architecture, variant } = config
  return {
    layers,
    architecture: typeof architecture === 'string' ? architecture : 'amd64',
    variant: typeof variant === 'string' && variant !== '' ? variant : null,
    config: runConfigOf(config['config']),
    history: historyOf(config['history']),
  }
}

async function layerOf(spec: string, blobs: Blobs, file: LayerFile, options: BaseOptions): Promise<BaseLayer> {
  const name = file.name.slice(0, 200)
  const found = blobs.open(file.name)
  if (found === null) throw new ImageError(`the layer ${name} is absent`)
  if (file.diffId === null) throw new ImageError(`the configuration has no diff_id for the layer ${name}`)
  const { size, bytes } = found
  const kind = await kindOf(bytes())
  const mediaType = mediaTypeOf(file.mediaType, kind)
  const known = file.digest ?? (kind === 'none' ? file.diffId : null)
  const digest = known ?? (await packedDigest(`${spec}: ${name}`, bytes(), file.diffId, options))
  return { mediaType, digest: `sha256:${digest}`, diffId: `sha256:${file.diffId}`, size, bytes }
}

/** The digest of a packed layer, checked to be what the configuration means. */
async function packedDigest(label: string, bytes: Bytes, diffId: string, { progress }: BaseOptions): Promise<string> {
  const outer = createHash('sha256')
  const inner = createHash('sha256')
  let count = 0
  for await (const chunk of unpacked(bytes, (raw) => outer.update(raw))) {
    inner.update(chunk)
    count += chunk.length
    progress?.(label, count)
  }
  if (inner.digest('hex') !== diffId) throw new ImageError(`${label} is not what the configuration says (diff_id)`)
  return outer.digest('hex')
}

async function kindOf(bytes: Bytes): Promise<Compression> {
  for await (const chunk of bytes) return compressionOf(chunk)
  return 'none'
}

/** How OCI names what docker names otherwise; a docker archive says nothing, and the bytes are asked. */
function mediaTypeOf(named: string | null, kind: Compression): string {
  if (named !== null && !named.startsWith(DOCKER_LAYER)) return named
  return kind === 'none' ? LAYER : `${LAYER}+${kind}`
}

function runConfigOf(value: unknown): RunConfig {
  const config = recordOf(value)
  const text = (key: string): string => {
    const found = config[key]
    return typeof found === 'string' ? found : ''
  }
  return {
    env: textsOf(config['Env']),
    entrypoint: textsOf(config['Entrypoint']),
    cmd: textsOf(config['Cmd']),
    workingDir: text('WorkingDir'),
    user: text('User'),
    labels: Object.fromEntries(
      Object.entries(recordOf(config['Labels'])).flatMap(([key, label]) =>
        typeof label === 'string' ? [[key, label] as const] : [],
      ),
    ),
  }
}

/** One line for each step that made a layer. */
function historyOf(value: unknown): readonly string[] {
  return listOf(value)
    .map(recordOf)
    .filter((step) => step['empty_layer'] !== true)
    .map(({ created_by: line }) => (typeof line === 'string' ? line : ''))
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string')
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

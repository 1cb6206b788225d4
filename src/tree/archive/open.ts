/** Opens images and archives as kept trees: streamed once, verified, never unpacked to disk. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from '../../domain/fault.ts'
import { faultAt, systemCode, whyUnread } from '../../domain/fault.ts'
import type { Blobs } from './blobs.ts'
import { folderBlobs, indexTar, tarBlobs } from './blobs.ts'
import type { KeptFolder, Keeper } from './kept.ts'
import { newFolder } from './kept.ts'
import type { Layer } from './layer.ts'
import { LayerBuilder } from './layer.ts'
import type { ImageChoice, ImagePlan, LayerFile } from './manifest.ts'
import { ImageError, dockerPlan, ociPlan } from './manifest.ts'
import { layOverTree } from './merge.ts'
import type { Bytes } from './stream.ts'
import { StreamError, fileBytes, unpacked } from './stream.ts'
import { TarError, TarReader } from './tar.ts'

/** How often an archive is gone through for large files whose tables lie in an order that nobody expects. */
const MAX_PASSES = 4
/** Files of an image's own; an archive with more is a root file system. */
const MAX_MEMBERS = 20_000

export interface ArchiveOptions {
  readonly keeper: Keeper
  readonly choice: ImageChoice
  /** Told what is read, with the bytes so far. */
  readonly progress?: (label: string, bytes: number) => void
}

/** What an archive holds. */
export interface Archive {
  readonly root: KeptFolder
  readonly environment: readonly string[]
  readonly platform: string | null
  readonly faults: readonly Fault[]
}

/** The image of an OCI layout in a folder. */
export async function openOciFolder(folder: string, options: ArchiveOptions): Promise<Archive | Fault> {
  if (!existsSync(join(folder, 'index.json'))) {
    return faultAt('malformed', folder, null, 'is no OCI layout: it has no index.json')
  }
  return guarded(folder, () => {
    const blobs = folderBlobs(folder)
    return assemble(folder, blobs, ociPlan(blobs, options.choice, sha256), options)
  })
}

/** What a tar archive holds: an image of docker or OCI, or a root file system. */
export async function openTar(file: string, options: ArchiveOptions): Promise<Archive | Fault> {
  return guarded(file, async () => {
    const index = await indexTar(file, MAX_MEMBERS)
    const blobs = index === null ? null : tarBlobs(file, index)
    if (blobs === null) return rootArchive(file, options)
    if (blobs.canonical('manifest.json') !== null) {
      return assemble(file, blobs, dockerPlan(blobs, options.choice), options)
    }
    if (blobs.canonical('oci-layout') !== null && blobs.canonical('index.json') !== null) {
      return assemble(file, blobs, ociPlan(blobs, options.choice, sha256), options)
    }
    return rootArchive(file, options)
  })
}

/** A root file system in one archive, as `docker export` or the capture script writes it. */
async function rootArchive(file: string, options: ArchiveOptions): Promise<Archive> {
  const layer = await readLayer(file, () => fileBytes(file), null, options, false)
  const root = newFolder()
  const faults = [...layer.faults, ...unreached(file, layer), ...layOverTree(root, layer, file)]
  return { root, environment: [], platform: null, faults }
}

async function assemble(label: string, blobs: Blobs, plan: ImagePlan, options: ArchiveOptions): Promise<Archive> {
  const parts = new Map<string, Part>()
  const order = plan.layers.map((file): Part => {
    const name = blobs.canonical(file.name)
    if (name === null) throw new ImageError(`the layer ${file.name.slice(0, 200)} is absent`)
    const part = parts.get(name) ?? { name, file, layer: null }
    parts.set(name, part)
    return part
  })
  const faults: Fault[] = []
  for (let pass = 0, todo = [...parts.values()]; todo.length > 0 && pass < MAX_PASSES; pass += 1) {
    await blobs.each(todo, async (part, bytes) => {
      part.layer = await passOver(`${label}: ${part.name}`, bytes, part.file, options, true, part.layer?.missed)
    })
    todo = todo.filter(({ layer }) => layer !== null && layer.missed.size > 0)
  }
  const root = newFolder()
  for (const [at, part] of order.entries()) {
    // A layer that is there twice is laid twice: what it put the first time may be gone since.
    const { name, layer } = part
    if (layer === null) throw new ImageError(`the layer ${name.slice(0, 200)} cannot be read`)
    const own = order.indexOf(part) === at ? [...layer.faults, ...unreached(`${label}: ${name}`, layer)] : []
    faults.push(...own, ...layOverTree(root, layer, `${label}: ${name}`))
  }
  return { root, environment: plan.environment, platform: plan.platform, faults }
}

/** What no pass has found is no empty table: it is told. */
function unreached(label: string, { missed }: Layer): readonly Fault[] {
  if (missed.size === 0) return []
  const files = missed.size === 1 ? '1 ELF file has' : `${missed.size} ELF files have`
  const message = `${files} tables in an order that ${MAX_PASSES} passes do not reach; unpack it and name the folder`
  return [faultAt('unsupported', label, null, message)]
}

/** One layer's file in the image, by its canonical name, and what was made of it. */
interface Part {
  readonly name: string
  readonly file: LayerFile
  layer: Layer | null
}

async function readLayer(
  label: string,
  open: () => Bytes,
  file: LayerFile | null,
  options: ArchiveOptions,
  whiteouts: boolean,
): Promise<Layer> {
  let layer = await passOver(label, open(), file, options, whiteouts)
  for (let pass = 1; pass < MAX_PASSES && layer.missed.size > 0; pass += 1) {
    layer = await passOver(label, open(), file, options, whiteouts, layer.missed)
  }
  return layer
}

/** One pass over a layer; both digests are checked at the end of the first, once where the archive is not compressed. */
async function passOver(
  label: string,
  bytes: Bytes,
  file: LayerFile | null,
  options: ArchiveOptions,
  whiteouts: boolean,
  known: Layer['missed'] = new Map(),
): Promise<Layer> {
  const isFirst = known.size === 0
  const outer = !isFirst || file?.digest == null ? null : createHash('sha256')
  const inner = !isFirst || file?.diffId == null || file.diffId === file.digest ? null : createHash('sha256')
  const { keeper } = options
  const builder = new LayerBuilder({ label, keeper, whiteouts, known })
  const reader = new TarReader(builder)
  let count = 0
  for await (const chunk of unpacked(bytes, (raw) => outer?.update(raw))) {
    inner?.update(chunk)
    reader.push(chunk)
    count += chunk.length
    options.progress?.(label, count)
  }
  reader.finish()
  if (outer !== null && outer.digest('hex') !== file?.digest)
    throw new ImageError(`${label} is not what its digest says`)
  if (inner !== null && inner.digest('hex') !== file?.diffId) {
    throw new ImageError(`${label} is not what the configuration says (diff_id)`)
  }
  return builder.finish()
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What cannot be read ends in one fault. */
async function guarded(file: string, read: () => Promise<Archive>): Promise<Archive | Fault> {
  try {
    return await read()
  } catch (error) {
    return readFault(file, error)
  }
}

/** What cannot be read as one line; what is no fault of the file is thrown again. */
export function readFault(file: string, error: unknown): Fault {
  if (error instanceof TarError) return faultAt('malformed', file, error.offset, error.message)
  if (error instanceof StreamError || error instanceof ImageError) {
    return faultAt('malformed', file, null, error.message)
  }
  if (systemCode(error) === null) throw error
  return faultAt('unreadable', file, null, whyUnread(error))
}

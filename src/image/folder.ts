/** Writes an image as a plain root folder: the layers of its base unpacked, the new ones laid over them. */
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { ImageError } from '../tree/archive/manifest.ts'
import { StreamError, unpacked } from '../tree/archive/stream.ts'
import type { Bytes } from '../tree/archive/stream.ts'
import { TarError, TarReader } from '../tree/archive/tar.ts'
import { readFault } from '../tree/archive/open.ts'
import { statusAt } from '../tree/status.ts'
import { checkSignal, failure, faultOf } from './failure.ts'
import { layOver } from './lay.ts'
import { layerBytes } from './layer-bytes.ts'
import type { BaseLayer, Image, NewLayer } from './model.ts'
import type { Inspect } from './store.ts'
import { syncFolder } from './sync.ts'
import { LayerUnpacker, finishFolders } from './unpack.ts'
import { unpackedFolder } from './unpacked-tree.ts'

export interface FolderOptions {
  /** Whether files get the owners that the image names, which only root may give. By default where we are root. */
  readonly owners?: boolean
  /** Told which layer is unpacked, with its bytes so far. */
  readonly progress?: (label: string, bytes: number) => void
  readonly signal?: AbortSignal
  /** As in writing an image: it gets the folder before that has its name. */
  readonly inspect?: Inspect
}

export interface WrittenFolder {
  /** Files, links and second names of files that were put; some may lie under those of a later layer. */
  readonly files: number
  /** Bytes of files that were put. */
  readonly bytes: number
  /** Entries of the base that were left out, such as names that lead out of it. Devices and pipes are passed over. */
  readonly faults: readonly Fault[]
}

/**
 * Unpacks an image into a folder that is not there or is empty. Everything goes into a folder beside it first, where
 * nobody else writes; no link of the image is followed, and each digest of the base is checked.
 *
 * @returns a fault about what ended the work: then nothing is there
 */
export async function writeFolder(
  image: Image,
  path: string,
  options: FolderOptions = {},
): Promise<WrittenFolder | Fault> {
  const target = resolve(path)
  const part = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.part`)
  try {
    checkTarget(path, target)
    await mkdir(part, { mode: 0o700 })
    const written = await unpackAll(image, part, path, options)
    await options.inspect?.(join(part, 'root'))
    await rename(join(part, 'root'), target)
    await rm(part, { recursive: true, force: true })
    await syncFolder(dirname(target))
    return written
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => undefined)
    return faultOf(error, path)
  }
}

function checkTarget(path: string, target: string): void {
  const stats = statusAt(target)
  if (stats === null) return
  if ('message' in stats) throw failure(stats.kind, path, stats.message)
  if (!stats.isDirectory()) throw failure('malformed', path, 'is a file; name a new folder')
  if (readdirSync(target).length > 0) throw failure('malformed', path, 'is a folder with things in it; name a new one')
}

/** One layer as a stream of its tar, and its checks behind the end. */
interface Source {
  readonly title: string
  readonly bytes: Bytes
  readonly check: () => void
}

async function unpackAll(image: Image, part: string, path: string, options: FolderOptions): Promise<WrittenFolder> {
  const owners = options.owners ?? process.getuid?.() === 0
  const root = unpackedFolder(null, '')
  const below = { top: join(part, 'root'), root }
  await mkdir(below.top)
  const faults: Fault[] = []
  let files = 0
  let bytes = 0
  for (const source of sourcesOf(image)) {
    const top = join(part, 'layer')
    const spare = join(part, 'spare')
    await mkdir(top)
    await mkdir(spare)
    const layer = new LayerUnpacker({ label: source.title, top, owners })
    await unpackInto(layer, source, path, options)
    faults.push(...layer.faults, ...layOver(below, top, layer, spare))
    files += layer.files
    bytes += layer.bytes
    await rm(top, { recursive: true, force: true })
    await rm(spare, { recursive: true, force: true })
  }
  finishFolders(below.top, root, owners)
  return { files, bytes, faults }
}

async function unpackInto(layer: LayerUnpacker, source: Source, path: string, options: FolderOptions): Promise<void> {
  const reader = new TarReader(layer)
  let count = 0
  try {
    for await (const chunk of source.bytes) {
      checkSignal(options.signal, path)
      reader.push(chunk)
      count += chunk.length
      options.progress?.(source.title, count)
    }
    reader.finish()
    source.check()
  } catch (error) {
    if (error instanceof TarError || error instanceof StreamError || error instanceof ImageError) {
      const { kind, message } = readFault(source.title, error)
      throw failure(kind, source.title, message)
    }
    throw error
  } finally {
    layer.close()
  }
}

function sourcesOf(image: Image): readonly Source[] {
  const base = (image.base?.layers ?? []).map(baseSource)
  return [...base, ...image.layers.map(newSource)]
}

function baseSource(layer: BaseLayer): Source {
  const outer = createHash('sha256')
  const inner = createHash('sha256')
  async function* bytes(): Bytes {
    for await (const chunk of unpacked(layer.bytes(), (raw) => outer.update(raw))) {
      inner.update(chunk)
      yield chunk
    }
  }
  return {
    title: layer.digest,
    bytes: bytes(),
    check: () => {
      if (`sha256:${outer.digest('hex')}` !== layer.digest) throw new ImageError('is not what its digest says')
      if (`sha256:${inner.digest('hex')}` !== layer.diffId) {
        throw new ImageError('is not what the configuration says (diff_id)')
      }
    },
  }
}

function newSource(layer: NewLayer): Source {
  async function* bytes(): Bytes {
    for (const chunk of layerBytes(layer)) {
      yield chunk
      // A long layer of small files must leave room for a signal.
      await new Promise(setImmediate)
    }
  }
  return { title: layer.title, bytes: bytes(), check: () => undefined }
}

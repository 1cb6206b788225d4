/** Images unpacked once into the caller's cache, under the digest of what is in them: for engines that start only folders. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { errorCode, faultAt } from '../domain/fault.ts'
import { readBase } from '../image/base.ts'
import { writeFolder } from '../image/folder.ts'
import type { BaseImage, RunConfig } from '../image/model.ts'

export interface UnpackedImage {
  /** The root folder. It is shared: nothing may be written to it. */
  readonly root: string
  readonly config: RunConfig
}

/** Told what is unpacked, with the bytes so far. */
export type UnpackProgress = (label: string, bytes: number) => void

/** The folder of the caller's cache (XDG Base Directory). */
export function cacheFolder(): string {
  const named = process.env['XDG_CACHE_HOME'] ?? ''
  return join(named.startsWith('/') ? named : join(process.env['HOME'] ?? homedir(), '.cache'), 'airtight')
}

/** Unpacks `oci:DIR[:TAG]`, `docker-archive:FILE` and their like, unless that was done before. */
export async function unpackedImage(spec: string, progress: UnpackProgress | null): Promise<UnpackedImage | Fault> {
  const told = progress === null ? {} : { progress }
  const base = await readBase(spec, told)
  if ('message' in base) return base
  const root = join(cacheFolder(), 'roots', keyOf(base))
  const done = { root, config: base.config }
  if (existsSync(root)) return done
  try {
    mkdirSync(join(cacheFolder(), 'roots'), { recursive: true, mode: 0o700 })
  } catch (error) {
    const code = errorCode(error)
    return faultAt('unreadable', cacheFolder(), null, `cannot be made (${code}); name another with XDG_CACHE_HOME`)
  }
  const { architecture, config } = base
  const image = {
    base,
    layers: [],
    architecture,
    config,
    created: '1970-01-01T00:00:00Z',
    annotations: {},
    reference: spec,
  }
  const written = await writeFolder(image, root, told)
  // Another run may have been first: what it wrote is the same.
  return 'message' in written && !existsSync(root) ? written : done
}

/** The layers decide what is in the root; how it is run is read anew each time. */
function keyOf({ layers }: BaseImage): string {
  return createHash('sha256')
    .update(layers.map((layer) => layer.diffId).join('\n'))
    .digest('hex')
    .slice(0, 32)
}

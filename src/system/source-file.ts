/** Sources that are no folder: images, archives and captures, each as a kept tree. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { Archive, ArchiveOptions } from '../tree/archive/open.ts'
import { openOciFolder, openTar } from '../tree/archive/open.ts'
import type { KeptFolder } from '../tree/archive/kept.ts'
import { statusAt } from '../tree/status.ts'
import { isCapture, openCapture } from './capture/read.ts'
import { systemKeeper } from './keep.ts'
import type { PackageDatabase } from './package-database.ts'
import { placeOf, prefixOf } from './source-kind.ts'

/** A source as a kept tree. */
export interface KeptSource {
  readonly label: string
  readonly root: KeptFolder
  /** Who owns files, where the source says so itself (a capture). */
  readonly owners: PackageDatabase | null
  readonly environment: readonly string[]
  readonly platform: string | null
  readonly notes: readonly string[]
  readonly faults: readonly Fault[]
  readonly isCapture: boolean
}

export type SourceProgress = (label: string, bytes: number) => void

/**
 * Opens `oci:DIR[:TAG]`, `docker-archive:FILE[:TAG]`, `oci-archive:FILE[:TAG]`, a capture, a tar archive of an image or
 * of a root file system, compressed with gzip or zstd or not at all.
 *
 * @param platform which image of an index is meant, such as `linux/arm64`
 */
export async function openFileSource(
  spec: string,
  platform: string | null,
  progress: SourceProgress | null,
): Promise<KeptSource | Fault> {
  const prefixed = prefixOf(spec)
  const kind = prefixed?.kind ?? null
  const { path, reference } = placeOf(prefixed?.rest ?? spec, kind !== null)
  const status = statusAt(path)
  if (status === null) return faultAt('missing', spec, null, 'does not exist; name a folder, an image or a capture')
  if ('message' in status) return { ...status, file: spec }
  const options: ArchiveOptions = {
    keeper: systemKeeper,
    choice: { reference, platform },
    ...(progress === null ? {} : { progress }),
  }
  if (status.isDirectory()) {
    if (kind !== null && kind !== 'oci') return faultAt('malformed', spec, null, 'is a folder; name a file')
    return asSource(spec, await openOciFolder(path, options))
  }
  if (kind === 'oci') return faultAt('malformed', spec, null, `is no folder; for an archive say oci-archive:${path}`)
  const head = headOf(path)
  if (kind === null && isCapture(head)) return captured(path)
  const archive = await openTar(path, options)
  // A file of any other kind, named by mistake: where its first block goes wrong helps nobody.
  const atOnce = 'message' in archive && (archive.offset === 0 || head.length < HEAD)
  if (kind === null && atOnce && !mayBeArchive(head)) {
    return faultAt(
      'malformed',
      spec,
      null,
      'is no capture and no tar archive; name a root folder, oci:DIR or a capture',
    )
  }
  return asSource(spec, archive)
}

function asSource(spec: string, archive: Archive | Fault): KeptSource | Fault {
  if ('message' in archive) return archive
  const { root, environment, platform, faults } = archive
  if (root.children.size === 0) {
    return faultAt('malformed', spec, null, 'holds no files; name an image or the archive of a root file system')
  }
  return {
    label: spec,
    root,
    owners: null,
    environment,
    platform,
    notes: environmentNotes(environment),
    faults,
    isCapture: false,
  }
}

function captured(path: string): KeptSource | Fault {
  const capture = openCapture(path)
  if ('message' in capture) return capture
  const { root, owners, environment, platform, notes, faults } = capture
  return {
    label: path,
    root,
    owners,
    environment,
    platform,
    notes: [...environmentNotes(environment), ...notes],
    faults,
    isCapture: true,
  }
}

/** What an image sets for the loader: it may count (see inherited.ts), so that it is said. */
function environmentNotes(environment: readonly string[]): readonly string[] {
  return environment
    .filter((line) => /^LD_(?:LIBRARY_PATH|PRELOAD)=./.test(line))
    .map((line) => `the image sets ${line}: it counts for what does not set the variable itself`)
}

/** The first block of a tar archive. */
const HEAD = 512

/** What begins like a compressed file (RFC 1952, RFC 8878) or bears the mark of a tar header (POSIX `ustar`, GNU too). */
function mayBeArchive(head: Uint8Array): boolean {
  const begins = Buffer.from(head.subarray(0, 4)).toString('hex')
  const mark = Buffer.from(head.subarray(257, 262)).toString('latin1')
  return begins.startsWith('1f8b') || begins === '28b52ffd' || mark === 'ustar'
}

function headOf(path: string): Uint8Array {
  try {
    const descriptor = openSync(path, 'r')
    try {
      const head = Buffer.alloc(HEAD)
      return head.subarray(0, readSync(descriptor, head, 0, HEAD, 0))
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return new Uint8Array(0)
  }
}

/** Index files of a distribution, told apart by their content: what `base index` reads. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBytes } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt, systemCode, whyUnread } from '../domain/fault.ts'
import type { OfferedPackage } from '../domain/package-index.ts'
import { StreamError, fileBytes, unpacked } from '../tree/archive/stream.ts'
import { TarError, TarReader } from '../tree/archive/tar.ts'
import { readApkIndex } from './index-apk.ts'
import { DebianContentsReader, readDebianPackages, withContents } from './index-debian.ts'
import type { DebianContents } from './index-debian.ts'
import { MAX_TEXT, newestOfEach } from './index-entries.ts'
import type { IndexEntries } from './index-entries.ts'
import { readRpmPrimary } from './index-rpm.ts'
import type { IndexData } from './package-index.ts'

type Manager = IndexData['manager']

/** What one file holds. */
export type IndexPart =
  | { readonly kind: 'packages'; readonly manager: Manager; readonly entries: IndexEntries }
  | { readonly kind: 'contents'; readonly contents: DebianContents }

/** Names under which repositories keep their indexes, and apt its copies of them, looked for in a folder and its `repodata`. */
const INDEX_NAME =
  /^(?:(?:.*-)?primary\.xml(?:\.gz|\.zst)?|(?:.*_)?Packages(?:\.gz|\.lz4)?|(?:.*_)?Contents-[^.]+(?:\.gz|\.lz4)?|APKINDEX(?:\.tar\.gz)?)$/

/**
 * Reads index files, or folders that hold some, into one index.
 *
 * @param label what the index calls itself
 * @returns a fault where nothing can be made of them; else the index, and faults of parts that were left out
 */
export async function readIndexSources(
  sources: readonly string[],
  label: string,
): Promise<{ readonly data: IndexData; readonly faults: readonly Fault[] } | Fault> {
  const packages: OfferedPackage[] = []
  const faults: Fault[] = []
  const contents: DebianContents[] = []
  let manager: Manager | null = null
  for (const source of sources) {
    const files = indexFiles(source)
    if (!Array.isArray(files)) return files
    for (const file of files) {
      const part = await readPart(file)
      if ('message' in part) return part
      if (part.kind === 'contents') {
        contents.push(part.contents)
        continue
      }
      if (manager !== null && manager !== part.manager) {
        return faultAt(
          'unsupported',
          file,
          null,
          `is for ${part.manager}, those before it for ${manager}: one index has one`,
        )
      }
      manager = part.manager
      for (const item of part.entries.packages) packages.push(item)
      faults.push(...part.entries.faults)
    }
  }
  const [first] = faults
  if (packages.length === 0 && first !== undefined) return first
  if (manager === null || (manager === 'dpkg') !== contents.length > 0) return unpaired(manager, sources)
  let all: readonly OfferedPackage[] = newestOfEach(packages)
  if (manager === 'dpkg') all = withContents(all, merged(contents))
  return { data: { manager, label, packages: all }, faults }
}

function unpaired(manager: Manager | null, sources: readonly string[]): Fault {
  const message =
    manager === 'dpkg'
      ? 'Packages tells no files: name Contents-ARCH of the same repository as well'
      : 'Contents tells no versions: name Packages of the same repository, and nothing of another system'
  return faultAt('unsupported', sources.join(' '), null, message)
}

function merged(all: readonly DebianContents[]): DebianContents {
  const libraries = new Map<string, DebianContents['libraries'] extends ReadonlyMap<string, infer T> ? T : never>()
  const programs = new Map<string, readonly string[]>()
  for (const one of all) {
    for (const [name, items] of one.libraries) libraries.set(name, [...(libraries.get(name) ?? []), ...items])
    for (const [name, items] of one.programs) programs.set(name, [...(programs.get(name) ?? []), ...items])
  }
  return { libraries, programs }
}

function indexFiles(source: string): string[] | Fault {
  try {
    if (!statSync(source).isDirectory()) return [source]
    const found = [source, join(source, 'repodata')].flatMap((folder) =>
      (readdirSync(source).includes('repodata') || folder === source ? readdirSync(folder) : [])
        .filter((name) => INDEX_NAME.test(name))
        .sort()
        .map((name) => join(folder, name)),
    )
    if (found.length > 0) return found
    return faultAt(
      'missing',
      source,
      null,
      'no index in this folder: repodata/*primary.xml.gz, Packages, APKINDEX.tar.gz',
    )
  } catch (error) {
    return unreadable(source, error)
  }
}

function unreadable(file: string, error: unknown): Fault {
  if (error instanceof StreamError) return faultAt('malformed', file, null, error.message)
  const code = systemCode(error)
  return faultAt(code === 'ENOENT' ? 'missing' : 'unreadable', file, null, whyUnread(error))
}

/** So many bytes tell what a file is. */
const HEAD = 4096

/** What a file holds, as it is or unpacked: a list of files of any length, another index up to what one can have. */
async function readPart(file: string): Promise<IndexPart | Fault> {
  const held: Uint8Array[] = []
  let size = 0
  let list: DebianContentsReader | null = null
  try {
    for await (const chunk of unpacked(fileBytes(file))) {
      const isTold = size >= HEAD
      size += chunk.length
      // The buffers of a stream are used again.
      if (list === null) held.push(Uint8Array.from(chunk))
      if (!isTold && size >= HEAD && kindOf(Buffer.concat(held)) === 'contents') list = new DebianContentsReader()
      if (list === null && size > MAX_TEXT) {
        return faultAt('unsupported', file, null, `has more than ${MAX_TEXT} bytes unpacked`)
      }
      const problem = list === null ? null : pushed(list, held.length > 0 ? held.splice(0) : [chunk])
      if (problem !== null) return faultAt('unsupported', file, null, problem)
    }
    return list === null ? indexPart(Buffer.concat(held), file) : { kind: 'contents', contents: list.finish() }
  } catch (error) {
    return unreadable(file, error)
  }
}

/** Gives parts to a list; what is wrong with it, null where nothing is. */
function pushed(list: DebianContentsReader, parts: readonly Uint8Array[]): string | null {
  for (const part of parts) {
    const problem = list.push(part)
    if (problem !== null) return problem
  }
  return null
}

/** What an unpacked index file holds, by its content. */
export function indexPart(bytes: Uint8Array, file: string): IndexPart | Fault {
  switch (kindOf(bytes)) {
    case 'apk-archive': {
      const inner = apkIndexOf(bytes, file)
      if ('message' in inner) return inner
      return { kind: 'packages', manager: 'apk', entries: readApkIndex(textOf(inner), file) }
    }
    case 'xz':
      return faultAt('unsupported', file, null, 'is compressed by xz, which is not read: unxz it, or take the .gz')
    case 'lz4': {
      const how = 'unpack it by lz4 -d, the lists of apt by /usr/lib/apt/apt-helper cat-file'
      return faultAt('unsupported', file, null, `is compressed by lz4, which is not read: ${how}`)
    }
    case 'rpm':
      return { kind: 'packages', manager: 'rpm', entries: readRpmPrimary(textOf(bytes), file) }
    case 'dpkg':
      return { kind: 'packages', manager: 'dpkg', entries: readDebianPackages(textOf(bytes), file) }
    case 'apk':
      return { kind: 'packages', manager: 'apk', entries: readApkIndex(textOf(bytes), file) }
    case 'contents': {
      const list = new DebianContentsReader()
      const problem = pushed(list, [bytes])
      if (problem !== null) return faultAt('unsupported', file, null, problem)
      return { kind: 'contents', contents: list.finish() }
    }
    case null:
      return faultAt('malformed', file, null, 'is no index: expected primary.xml, Packages, Contents-ARCH or APKINDEX')
  }
}

/** What the beginning of a file says that it is; null where that is none of them. */
function kindOf(bytes: Uint8Array): 'apk-archive' | 'xz' | 'lz4' | 'contents' | Manager | null {
  if (decodeBytes(bytes.subarray(257, 262)) === 'ustar') return 'apk-archive'
  if (bytes[0] === 0xfd && decodeBytes(bytes.subarray(1, 5)) === '7zXZ') return 'xz'
  if (bytes[0] === 0x04 && bytes[1] === 0x22 && bytes[2] === 0x4d && bytes[3] === 0x18) return 'lz4'
  const head = textOf(bytes.subarray(0, HEAD)).trimStart()
  if (head.startsWith('<')) return 'rpm'
  if (/^[A-Z][A-Za-z-]+: /.test(head)) return 'dpkg'
  if (/^[A-Za-z]:/.test(head)) return 'apk'
  return /^[^\n]*[^\s][ \t]+[^\s/]+\/[^\n]+$/m.test(head) ? 'contents' : null
}

/** UTF-8, in which all of these indexes are written; what is none becomes U+FFFD. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** The file APKINDEX of an index archive, in which it follows the signature. */
function apkIndexOf(bytes: Uint8Array, file: string): Uint8Array | Fault {
  const chunks: Uint8Array[] = []
  const reader = new TarReader({
    entry: ({ kind, name }) => {
      if (kind !== 'file' || name !== 'APKINDEX') return null
      return { data: (data) => chunks.push(Uint8Array.from(data)), end: () => undefined }
    },
  })
  try {
    reader.push(bytes)
    reader.finish()
  } catch (error) {
    if (!(error instanceof TarError)) throw error
    return faultAt('malformed', file, error.offset, error.message)
  }
  return chunks.length > 0 ? Buffer.concat(chunks) : faultAt('malformed', file, null, 'no APKINDEX in this archive')
}

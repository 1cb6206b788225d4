/** What a loader's own file tells of it: which C library, its version, system folders, and where it reads its settings. */
import type { ElfReading } from '../domain/object.ts'
import type { ByteSource } from '../domain/source.ts'
import type { LibcVersion } from './subfolders.ts'

/** Most bytes of a loader file that are looked at; real ones have 0.2 to 1 MB. */
const MAX_BYTES = 16 * 1024 * 1024
const CHUNK = 1024 * 1024
const OVERLAP = 512
const PF_W = 2

export interface LoaderFacts {
  readonly libc: 'glibc' | 'musl'
  readonly version: LibcVersion | null
  /** With trailing slash, in order; empty where the file does not tell. */
  readonly systemFolders: readonly string[]
  /** Value of `$LIB`, null where the file does not tell. */
  readonly lib: string | null
  /** musl's name of the machine, as in `ld-musl-x86_64.path`. */
  readonly muslMachine: string | null
  /** Path of `ld.so.cache` and of the preload file as compiled in. */
  readonly cache: string
  readonly preload: string
}

/** An absolute folder name with its trailing slash, as a NUL-terminated string. */
const FOLDER = /\/(?:[\x21-\x2e\x30-\x7e]+\/)+\0/y
/** Longest path that is looked for behind its ending. */
const MAX_PATH = 1024
const LOADER_VERSION = /ld\.so \([^\0\n]{0,200}? release version (\d{1,3})\.(\d{1,3})/
const LIBC_VERSION = /GNU C Library [^\0\n]{0,200}? release version (\d{1,3})\.(\d{1,3})/
const MUSL_MACHINE = /\/etc\/ld-musl-([\w-]{1,40})\.path\0/
const MUSL_VERSION = /\0(\d{1,3})\.(\d{1,3})\.\d{1,3}\0/

/**
 * The facts of a loader file, from its read-only segments alone.
 *
 * @param name path of the file without links: `ld-2.17.so` tells its version, `ld-musl-x86_64.so.1` its library
 */
export function readLoaderFile(source: ByteSource, reading: ElfReading, name: string): LoaderFacts {
  const text = readOnlyText(source, reading)
  const lines = text.join('\n')
  if (isMusl(reading, name, lines)) {
    return {
      libc: 'musl',
      version: versionOf(MUSL_VERSION.exec(lines)),
      systemFolders: [],
      lib: null,
      muslMachine: MUSL_MACHINE.exec(lines)?.[1] ?? null,
      cache: '',
      preload: '',
    }
  }
  const systemFolders = findFolders(lines)
  return {
    libc: 'glibc',
    version: versionOf(LOADER_VERSION.exec(lines)) ?? versionOf(/\/ld-(\d{1,3})\.(\d{1,3})\.so$/.exec(name)),
    systemFolders,
    lib: findLib(systemFolders, lines),
    muslMachine: null,
    cache: pathEnding(lines, '/ld.so.cache') ?? '/etc/ld.so.cache',
    preload: pathEnding(lines, '.so.preload') ?? '/etc/ld.so.preload',
  }
}

/** The version that a C library names in its banner, null where it has none. */
export function readLibcVersion(source: ByteSource, reading: ElfReading): LibcVersion | null {
  for (const text of readOnlyText(source, reading)) {
    const version = versionOf(LIBC_VERSION.exec(text))
    if (version !== null) return version
  }
  return null
}

function isMusl(reading: ElfReading, name: string, text: string): boolean {
  if (/\/ld-musl-[^/]*$/.test(name)) return true
  if (reading.object?.soname?.startsWith('libc.musl-') === true) return true
  return text.includes('musl libc (')
}

/** The first run of folder names, each with its slash and NUL: `system_dirs` of elf/dl-load.c. */
function findFolders(text: string): readonly string[] {
  for (let at = text.indexOf('/\0'); at >= 0;) {
    const folders: string[] = []
    FOLDER.lastIndex = startOf(text, at)
    let end = at + 1
    for (let match = FOLDER.exec(text); match !== null; match = FOLDER.exec(text)) {
      folders.push(match[0].slice(0, -1))
      end = FOLDER.lastIndex
    }
    if (folders.some((folder) => folder.includes('/lib'))) return folders
    at = text.indexOf('/\0', end)
  }
  return []
}

/** The absolute path that a NUL-terminated string with this ending holds, null where there is none. */
function pathEnding(text: string, ending: string): string | null {
  for (let at = text.indexOf(`${ending}\0`); at >= 0; at = text.indexOf(`${ending}\0`, at + 1)) {
    const path = text.slice(startOf(text, at), at + ending.length)
    if (path.startsWith('/')) return path
  }
  return null
}

/** Where the printable text that holds an offset begins. */
function startOf(text: string, at: number): number {
  let start = at
  while (start > 0 && at - start < MAX_PATH && isPrintable(text.charCodeAt(start - 1))) start -= 1
  return start
}

function isPrintable(code: number): boolean {
  return code > 0x20 && code < 0x7f
}

/** DL_DST_LIB: Debian compiles in `lib/x86_64-linux-gnu`, everyone else the last part of the first folder (elf/Makefile). */
function findLib(folders: readonly string[], text: string): string | null {
  const parts = folders[0]?.split('/').filter((part) => part !== '') ?? []
  const last = parts.at(-1)
  if (last === undefined) return null
  const multiarch = parts.slice(-2).join('/')
  return text.includes(`\0${multiarch}\0`) ? multiarch : last
}

function versionOf(match: RegExpExecArray | null): LibcVersion | null {
  return match === null ? null : [Number(match[1]), Number(match[2])]
}

/** The file's read-only segments as Latin-1 text, in chunks that overlap, {@link MAX_BYTES} at most. */
function readOnlyText(source: ByteSource, reading: ElfReading): readonly string[] {
  const out: string[] = []
  let left = MAX_BYTES
  for (const load of reading.object?.loads ?? []) {
    if ((load.flags & PF_W) !== 0) continue
    const end = Math.min(source.size, load.offset + Math.min(load.fileSize, left))
    for (let at = load.offset; at < end; at += CHUNK) {
      const bytes = source.read(at, Math.min(CHUNK + OVERLAP, end - at))
      out.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
      left -= Math.min(CHUNK, bytes.byteLength)
      if (bytes.byteLength === 0) break
    }
  }
  return out
}

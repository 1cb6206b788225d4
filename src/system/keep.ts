/** What is kept of a system when its tree does not stay at hand: exactly what the readers of Airtight ask for. */
import type { ByteSource } from '../domain/source.ts'
import { readElf } from '../elf/read.ts'
import { touchSymbols } from '../elf/symbols.ts'
import type { Keeper, Span, Spans } from '../tree/archive/kept.ts'

/** Texts that tell of the loader, the distribution and the owners of files. */
const TEXTS: readonly RegExp[] = [
  /^etc\/ld\.so\.(?:cache|conf|preload)$/,
  /^etc\/ld-musl-[^/]+\.path$/,
  /^(?:etc|(?:var\/)?run)\/cdi\/[^/]+\.(?:json|ya?ml)$/,
  /(?:^|\/)ld\.so\.(?:cache|preload|conf)$/,
  /^(?:etc|usr\/lib)\/os-release$/,
  /^etc\/lsb-release$/,
  /^var\/lib\/dpkg\/(?:status|diversions|status\.d\/[^/]+|info\/[^/]+\.list)$/,
  /^(?:usr\/)?lib\/apk\/db\/installed$/,
  /^(?:usr\/lib\/sysimage|var\/lib|usr\/share)\/rpm\/(?:rpmdb\.sqlite(?:-wal)?|Packages(?:\.db)?|Index\.db)$/,
  /^\.airtight\/[^/]+$/,
]
/** `ld.so.conf` may include any of them: while a tree streams by nobody knows which. */
const CONF = /^etc\/(?:.*\.conf|ld\.so\.conf\.d\/[^/]+)$/
const MAX_CONF = 64 * 1024

/** Loaders: their read-only data tells version and folders, and is searched as a whole. */
const LOADER = /(?:^|\/)(?:ld-(?:linux|musl)[^/]*\.so\.\d+|ld-\d+\.\d+\.so|ld\.so\.1|ld64\.so\.\d+|libc\.musl[^/]*)$/
const MAX_LOADER = 8 * 1024 * 1024
/** The C library, whose banner tells the version where the loader does not (before 2.35). */
const LIBC = /(?:^|\/)libc(?:\.so\.\d+|-\d+\.\d+\.so)$/
const BANNER = Buffer.from('GNU C Library ')
const BANNER_LENGTH = 512
const CHUNK = 1024 * 1024

/** Whether a path is that of a text which matters only where `ld.so.conf` includes it. */
export function isSetting(path: string): boolean {
  return CONF.test(path) && !TEXTS.some((pattern) => pattern.test(path))
}

/** The keeper for everything that resolution, symbols and owners need. */
export const systemKeeper: Keeper = {
  whole: (path, size) =>
    TEXTS.some((pattern) => pattern.test(path)) ||
    (size <= MAX_CONF && CONF.test(path)) ||
    (size <= MAX_LOADER && LOADER.test(path)),
  spans: (source, path) => {
    const spans = spansOf(source, path)
    if (!LIBC.test(path)) return spans
    const banner = findBanner(source)
    return banner === null ? spans : { ...spans, core: joined([...spans.core, banner]), zeros: true }
  },
}

function spansOf(source: ByteSource, path: string): Spans {
  const watched = new WatchedSource(source)
  readElf(watched, path)
  const core = joined(watched.taken())
  touchSymbols(watched, path)
  return { core, symbols: without(joined(watched.taken()), core), zeros: false }
}

/** Where the C library names itself; the first such text, as the reader takes it. */
function findBanner(source: ByteSource): Span | null {
  for (let at = 0; at < source.size; at += CHUNK) {
    const bytes = source.read(at, Math.min(CHUNK + BANNER_LENGTH, source.size - at))
    if (bytes.length === 0) return null
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(BANNER)
    if (found >= 0) return { offset: at + found, length: Math.min(BANNER_LENGTH, source.size - at - found) }
  }
  return null
}

/** A source that remembers what was read from it. */
class WatchedSource implements ByteSource {
  readonly size: number
  readonly #source: ByteSource
  #spans: Span[] = []

  constructor(source: ByteSource) {
    this.size = source.size
    this.#source = source
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = this.#source.read(offset, length)
    if (bytes.length > 0) this.#spans.push({ offset, length: bytes.length })
    return bytes
  }

  taken(): readonly Span[] {
    const taken = this.#spans
    this.#spans = []
    return taken
  }
}

/** Spans by offset, those that touch or overlap as one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const out: { offset: number; length: number }[] = []
  for (const { offset, length } of [...spans].sort((a, b) => a.offset - b.offset)) {
    const last = out.at(-1)
    if (last !== undefined && offset <= last.offset + last.length) {
      last.length = Math.max(last.length, offset + length - last.offset)
    } else out.push({ offset, length })
  }
  return out
}

/** What of `spans` lies outside of `others`; both sorted and joined. */
function without(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  const out: Span[] = []
  for (const { offset, length } of spans) {
    let from = offset
    const to = offset + length
    for (const other of others) {
      const end = other.offset + other.length
      if (end <= from || other.offset >= to) continue
      if (other.offset > from) out.push({ offset: from, length: other.offset - from })
      from = Math.max(from, end)
    }
    if (from < to) out.push({ offset: from, length: to - from })
  }
  return out
}

/** `ld.so.cache` as one loader on one processor reads it (glibc elf/dl-cache.c `_dl_load_cache_lookup`). */
import { decodeBytes, encodeBytes } from '../domain/bytes.ts'
import type { ElfHeader } from '../domain/object.ts'
import { ELFDATA2MSB, EM_386, EM_X86_64 } from '../domain/object.ts'
import type { CacheHit, Cpu, LoaderCache } from '../domain/system.ts'
import { cacheAlignment, cacheIds, hasSignedChars } from './abi.ts'
import type { CacheEntry, CacheLayout } from './cache-layout.ts'
import { entryAt, hwcapNames, keyAt, readLayout, stringAt } from './cache-layout.ts'
import { isaBits } from './cpu.ts'
import { compareNames } from './libcmp.ts'
import type { LibcVersion } from './subfolders.ts'
import { activeLevels, atLeast, loaderPlatform } from './subfolders.ts'

/** Bit 62 alone in the upper half, ISA level bits aside, marks a glibc-hwcaps entry. */
const EXTENSION = 0x40000000
const ISA_MASK = 0x3ff
const TLS_BIT = 1n << 63n
/** Hardware capabilities of x86 and the first bit of its platforms i586, i686, haswell, xeon_phi (sysdeps/x86/dl-hwcap.h). */
const CAPABILITIES: Readonly<Record<string, bigint>> = { sse2: 1n, x86_64: 2n, avx512_1: 4n }
const PLATFORMS = ['i586', 'i686', 'haswell', 'xeon_phi'] as const
const FIRST_PLATFORM = 48n
const PLATFORM_MASK = 0xfn << FIRST_PLATFORM

/** The loader that reads a cache: its file's ELF header, its version, and the processor it runs on. */
export interface CacheClient {
  readonly header: ElfHeader
  readonly version: LibcVersion | null
  readonly cpu: Cpu
}

interface Search {
  readonly layout: CacheLayout
  readonly client: CacheClient
  readonly signed: boolean
  readonly ids: ReturnType<typeof cacheIds>
  /** Legacy bits that do not rule an entry out; null where any bit does (2.37). */
  readonly allowed: bigint | null
  readonly platform: bigint | null
  /** The kernel as the cache writes it; infinite where the loader does not look at it (2.36) or nobody named one. */
  readonly kernel: number
  /** Preference of each glibc-hwcaps name of the cache, 1 is best, 0 is not usable; null before 2.33. */
  readonly priorities: () => readonly number[]
}

/**
 * A view of the bytes of `ld.so.cache`; null where that loader ignores the file. Nothing is decoded but the entries a
 * lookup compares, by the same binary search as the loader's, so that an unsorted cache misleads both alike.
 */
export function openCache(bytes: Uint8Array, client: CacheClient): LoaderCache | null {
  const { header, version } = client
  const layout = readLayout(bytes, {
    bigEndian: header.data === ELFDATA2MSB,
    alignment: cacheAlignment(header.machine),
  })
  if (layout === null) return null
  let priorities: readonly number[] | null = null
  const search: Search = {
    layout,
    client,
    signed: hasSignedChars(header.machine),
    ids: cacheIds(header),
    allowed: atLeast(version, 2, 37) ? null : legacyBits(client),
    platform: platformBit(client),
    kernel: kernelBytes(client),
    priorities: () => (priorities ??= hwcapPriorities(layout, client)),
  }
  const memo = new Map<string, CacheHit | null>()
  return {
    lookup: (soname) => {
      let hit = memo.get(soname)
      if (hit === undefined) {
        hit = lookup(search, encodeBytes(soname))
        memo.set(soname, hit)
      }
      return hit
    },
  }
}

function lookup(search: Search, name: Uint8Array): CacheHit | null {
  const { layout } = search
  const compare = (index: number): number | null => {
    const key = keyAt(layout, index)
    return key >= layout.limit ? null : compareNames(name, layout.bytes, layout.strings + key, search.signed)
  }
  let left = 0
  let right = layout.count - 1
  while (left <= right) {
    const middle = Math.floor((left + right) / 2)
    const order = compare(middle)
    if (order === null) return null
    if (order === 0) {
      let first = middle
      while (first > 0 && compare(first - 1) === 0) first -= 1
      const last = (index: number): boolean => index > right || (index > middle && compare(index) !== 0)
      return choose(search, first, last)
    }
    if (order < 0) left = middle + 1
    else right = middle - 1
  }
  return null
}

/** Walks the entries of one name and keeps what the loader would keep. */
function choose(search: Search, first: number, ended: (index: number) => boolean): CacheHit | null {
  const { layout, ids, client } = search
  const modern = atLeast(client.version, 2, 33)
  const extended = layout.header !== null
  let best: CacheHit | null = null
  let priority = 0
  for (let index = first; !ended(index); index += 1) {
    const entry = entryAt(layout, index)
    if (!ids.accepted.includes(entry.flags) || entry.value >= layout.limit) continue
    if (modern && extended && isNamed(entry)) {
      const rank = rankOf(search, entry)
      if (rank === 0 || (best !== null && rank >= priority)) continue
      priority = rank
      best = { path: pathOf(layout, entry), level: levelOf(layout, entry) }
      continue
    }
    if (modern && extended && best !== null) break
    // Up to 2.32 a later entry replaced the first only with the loader's own id.
    if (!modern && best !== null && entry.flags !== ids.exact) continue
    if (!legacyUsable(search, entry)) continue
    best = { path: pathOf(layout, entry), level: null }
    if (entry.flags === ids.exact) break
  }
  return best
}

function isNamed(entry: CacheEntry): boolean {
  return (Number(entry.hwcap >> 32n) & ~ISA_MASK) === EXTENSION
}

/** Preference of a glibc-hwcaps entry, 0 where the processor cannot use it. */
function rankOf(search: Search, entry: CacheEntry): number {
  const { header, cpu } = search.client
  if (header.machine === EM_X86_64 || header.machine === EM_386) {
    const needed = 1 << (Number(entry.hwcap >> 32n) & 31)
    if ((needed & isaBits(cpu.level)) !== needed) return 0
  }
  return search.priorities()[Number(entry.hwcap & 0xffffffffn)] ?? 0
}

function legacyUsable({ allowed, platform, kernel }: Search, { hwcap, osversion }: CacheEntry): boolean {
  if (kernel < osversion) return false
  if (hwcap === 0n) return true
  if (allowed === null || (hwcap & ~allowed) !== 0n) return false
  const asked = hwcap & PLATFORM_MASK
  return asked === 0n || asked === platform
}

function legacyBits({ header, cpu, version }: CacheClient): bigint {
  if (header.machine !== EM_X86_64 && header.machine !== EM_386) return TLS_BIT
  if (!atLeast(version, 2, 26)) return TLS_BIT
  const names = header.machine === EM_386 ? ['sse2'] : ['x86_64', ...cpu.legacy]
  return names.reduce((bits, name) => bits | (CAPABILITIES[name] ?? 0n), TLS_BIT | PLATFORM_MASK)
}

function kernelBytes({ cpu, version }: CacheClient): number {
  if (cpu.kernel === null || atLeast(version, 2, 36)) return Infinity
  const [major, minor, patch] = cpu.kernel
  return major * 65536 + Math.min(minor, 255) * 256 + Math.min(patch, 255)
}

function platformBit({ header, cpu, version }: CacheClient): bigint | null {
  const index = PLATFORMS.findIndex((name) => name === loaderPlatform(version, cpu, header.machine))
  return index < 0 ? null : 1n << (FIRST_PLATFORM + BigInt(index))
}

/** The merge of `glibc_hwcaps_priorities_init`: both lists are walked in the order of strcmp, so a disordered one loses names. */
function hwcapPriorities(layout: CacheLayout, { cpu, header }: CacheClient): readonly number[] {
  const active = activeLevels(cpu, header.machine).map((name, i) => ({ name: Buffer.from(name), priority: i + 1 }))
  active.sort((a, b) => Buffer.compare(a.name, b.name))
  const out: number[] = []
  let next = 0
  for (const offset of hwcapNames(layout)) {
    // The loader runs astray on an offset beyond the file; no later name counts here.
    if (offset >= layout.bytes.length) break
    const name = stringAt(layout.bytes, offset)
    while (Buffer.compare(active[next]?.name ?? name, name) < 0) next += 1
    const match = active[next]
    const same = match !== undefined && Buffer.compare(match.name, name) === 0
    out.push(same ? match.priority : 0)
    if (same) next += 1
  }
  return out
}

function pathOf(layout: CacheLayout, entry: CacheEntry): string {
  return decodeBytes(stringAt(layout.bytes, layout.strings + entry.value))
}

function levelOf(layout: CacheLayout, entry: CacheEntry): string | null {
  const offset = hwcapNames(layout)[Number(entry.hwcap & 0xffffffffn)]
  return offset === undefined ? null : decodeBytes(stringAt(layout.bytes, offset))
}

/** One row of a cache, for reports: every entry of the layout in its order, whatever loader it is for. */
export interface CacheRow {
  readonly soname: string
  readonly path: string
  readonly flags: number
  readonly hwcap: bigint
}

/** Every entry whose strings lie inside the file, in the order of the cache; `limit` entries at most. */
export function cacheRows(bytes: Uint8Array, bigEndian: boolean, limit = 100_000): readonly CacheRow[] {
  const layout = readLayout(bytes, { bigEndian, alignment: 8 })
  if (layout === null) return []
  const rows: CacheRow[] = []
  for (let i = 0; i < Math.min(layout.count, limit); i += 1) {
    const entry = entryAt(layout, i)
    const key = keyAt(layout, i)
    if (key >= layout.limit || entry.value >= layout.limit) continue
    rows.push({
      soname: decodeBytes(stringAt(layout.bytes, layout.strings + key)),
      path: pathOf(layout, entry),
      flags: entry.flags,
      hwcap: entry.hwcap,
    })
  }
  return rows
}

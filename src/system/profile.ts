/** Built-in bases as systems: virtual objects for what every image has, and facts for the rest. */
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { ELFCLASS64, EM_X86_64 } from '../domain/object.ts'
import type { ByteSource } from '../domain/source.ts'
import type { Cpu, OsRelease, SonameFact, System } from '../domain/system.ts'
import { virtualObject } from '../elf/virtual.ts'
import { volumeTree } from '../tree/folder.ts'
import type { MemoryEntry } from '../tree/memory.ts'
import { memoryVolume } from '../tree/memory.ts'
import { openSystem } from './open.ts'
import { histories, profiles } from './profile-data.ts'
import type { HistoryEntry, Profile } from './profile-types.ts'

/** The loader's name on x86-64: the only machine that profiles know. */
const LOADER = 'ld-linux-x86-64.so.2'
const FOLDERS = ['/lib64/', '/usr/lib64/']

/**
 * The parts of the C library that the manylinux policies take for granted, each with all nodes of the family: which
 * library defines which node is not recorded, and no linker asks libm for a node of libc.
 */
const GLIBC = ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'librt.so.1', 'libpthread.so.0', 'libresolv.so.2']
const GLIBC_MORE = ['libutil.so.1', 'libanl.so.1']
/** libmvec came with glibc 2.22 (its NEWS). */
const LIBMVEC = 'libmvec.so.1'
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  'libgcc_s.so.1': ['GCC'],
  'libstdc++.so.6': ['GLIBCXX', 'CXXABI'],
}

/** A built-in base by its name, null where there is none. */
export function findProfile(name: string): Profile | null {
  return profiles.find((profile) => profile.name === name) ?? null
}

/** A built-in base as a system; a fault for one that names no C library. */
export function openProfile(profile: Profile, cpu: Cpu): System | Fault {
  const { glibc, name } = profile
  if (glibc === null) {
    return faultAt('unsupported', name, null, 'names no glibc: it can be shown (airtight base show), not resolved in')
  }
  const tree = volumeTree(name, { volume: memoryVolume(entriesOf(profile, glibc.version)), inner: '' })
  const inner = openSystem(tree, { label: name, cpu })
  const find = historyLookup(profile)
  return {
    label: name,
    tree,
    declaration: null,
    os: osOf(profile),
    loader: (interpreter, machine, elfClass) => inner.loader(interpreter, machine, elfClass),
    owner: () => null,
    packageFiles: () => [],
    packages: () => [],
    absence: (soname) => {
      const fact = find(soname)
      return fact?.gone === true && fact.grade === 'sourced' ? 'lacks' : 'unknown'
    },
    versionAbsence: (soname, version) => versionAbsence(profile, soname, version),
    tells: find,
    ...(profile.libraryPath.length === 0
      ? {}
      : { environment: new Map([['LD_LIBRARY_PATH', profile.libraryPath.join(':')]]) }),
    get faults(): readonly Fault[] {
      return inner.faults
    },
    get notes(): readonly string[] {
      return [
        `${name} is known by facts, not by an image: what no source says is unknown (airtight base show ${name})`,
        ...inner.notes,
      ]
    },
  }
}

function osOf({ os, title }: Profile): OsRelease | null {
  return os === null ? null : { ...os, name: title }
}

/** Sonames that every image of a base has, with the version nodes that each defines. */
export function coreLibraries(profile: Profile): ReadonlyMap<string, readonly string[]> {
  const nodes = (families: readonly string[]): readonly string[] =>
    families.flatMap((family) => (profile.versions[family] ?? []).map((version) => `${family}_${version}`))
  const core = new Map<string, readonly string[]>()
  const mvec = profile.versions['GLIBC']?.includes('2.22') === true ? [LIBMVEC] : []
  for (const soname of [LOADER, ...GLIBC, ...GLIBC_MORE, ...mvec]) core.set(soname, nodes(['GLIBC']))
  for (const [soname, families] of Object.entries(FAMILIES)) core.set(soname, nodes(families))
  return core
}

function entriesOf(profile: Profile, glibc: string): ReadonlyMap<string, MemoryEntry> {
  const entries = new Map<string, MemoryEntry>([
    ['lib64', { kind: 'link', target: 'usr/lib64' }],
    ['lib', { kind: 'link', target: 'usr/lib' }],
    ['usr/lib', { kind: 'folder' }],
  ])
  for (const [soname, versions] of coreLibraries(profile)) {
    const facts = { soname, machine: EM_X86_64, elfClass: ELFCLASS64, versions: versions.length > 0 ? versions : null }
    entries.set(`usr/lib64/${soname}`, {
      kind: 'file',
      mode: 0o755,
      content: bytesOf(soname === LOADER ? loaderText(glibc) : ''),
      reading: virtualObject(facts),
    })
  }
  return entries
}

/** What a loader's own file tells of itself (see loader-file.ts): its folders and its release. */
function loaderText(glibc: string): string {
  return `${FOLDERS.map((folder) => `${folder}\0`).join('')}\nld.so (GNU libc) release version ${glibc}.\0`
}

/** A page that begins with a text: as much as the virtual object says that the file has. */
function bytesOf(text: string): ByteSource {
  const bytes = new Uint8Array(4096)
  bytes.set(Buffer.from(text, 'latin1').subarray(0, bytes.length))
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}

/** Facts by soname: exact names before globs. */
function historyLookup(profile: Profile): (soname: string) => SonameFact | null {
  const entries = profile.history === null ? [] : (histories[profile.history] ?? [])
  const exact = new Map<string, HistoryEntry>()
  const globs: { readonly test: RegExp; readonly entry: HistoryEntry }[] = []
  for (const entry of entries) {
    for (const name of entry.names) {
      if (name.includes('*')) globs.push({ test: starPattern(name), entry })
      else exact.set(name, entry)
    }
  }
  return (soname) => {
    const entry = exact.get(soname) ?? globs.find(({ test }) => test.test(soname))?.entry
    return entry === undefined ? null : factOf(entry, soname)
  }
}

function factOf(entry: HistoryEntry, soname: string): SonameFact {
  const { gone, version, repository, neverCarry, note, grade, source, now } = entry
  const end = soname.indexOf('.so')
  const renamed = now?.startsWith('.so') === true ? `${soname.slice(0, end < 0 ? soname.length : end)}${now}` : now
  return { soname, gone, package: entry.package, version, repository, now: renamed, neverCarry, note, grade, source }
}

function starPattern(glob: string): RegExp {
  return new RegExp(`^${glob.replace(/[$()+.[\\\]^{|}?]/g, '\\$&').replace(/\*+/g, '.*')}$`, 's')
}

/** A node is lacking only where a source says that its family ends below it. */
function versionAbsence(profile: Profile, soname: string, version: string): 'lacks' | 'unknown' {
  const match = /^([A-Z]+)_(\d[\d.]*)$/.exec(version)
  const family = match?.[1] ?? ''
  if (!coreLibraries(profile).has(soname) || profile.complete[family] === undefined) return 'unknown'
  const top = (profile.versions[family] ?? []).filter((name) => /^\d/.test(name)).at(-1)
  return top !== undefined && isNewer(match?.[2] ?? '', top) ? 'lacks' : 'unknown'
}

function isNewer(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]]
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}

/** Every fact about sonames that holds for a base, globs as they are written. */
export function knownSonames(profile: Profile): readonly SonameFact[] {
  const entries = profile.history === null ? [] : (histories[profile.history] ?? [])
  return entries
    .flatMap((entry) => entry.names.map((name) => factOf(entry, name)))
    .sort((a, b) => (a.soname < b.soname ? -1 : a.soname > b.soname ? 1 : 0))
}

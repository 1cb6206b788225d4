/** Whether one file answers a reference: the tests that glibc and musl make on each entry of a name. */
import type { References, SymbolEntry, SymbolFile } from '../domain/symbols.ts'
import { REFERENCE_PLT } from '../domain/symbols.ts'

const SHN_ABS = 0xfff1
const STT_TLS = 6
/** NOTYPE, OBJECT, FUNC, COMMON, TLS. */
const PLAIN_TYPES = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 5) | (1 << STT_TLS)
const GLIBC_TYPES = PLAIN_TYPES | (1 << 10)
/** GLOBAL, WEAK, GNU_UNIQUE. */
const BINDINGS = (1 << 1) | (1 << 2) | (1 << 10)
const HIDDEN_VERSION = 0x8000

/** The version of a reference. */
export interface DemandedVersion {
  /** Empty for none. */
  readonly name: string
  /** Only an exact match serves, not the one version of a file that defines no others. */
  readonly strict: boolean
}

/** Asks files for one reference at a time. */
export interface Matcher {
  /** Takes a reference of `from`; `isDefinedBy` then answers for it. `version`, when given, stands for its own. */
  take(from: SymbolFile, references: References, index: number, version?: DemandedVersion): void
  isDefinedBy(file: SymbolFile): boolean
  /** STB_ of the definition that `isDefinedBy` found last. */
  readonly binding: number
}

export function matcherFor(libc: 'glibc' | 'musl'): Matcher {
  return libc === 'musl' ? new MuslMatcher() : new GlibcMatcher()
}

/** The name of the reference that is asked for: read when the first file may hold it, for most files do not. */
class AskedName {
  #references: References | null = null
  #index = 0
  #bytes: Uint8Array | null = null

  take(references: References, index: number): void {
    this.#references = references
    this.#index = index
    this.#bytes = null
  }

  get bytes(): Uint8Array {
    this.#bytes ??= this.#references?.name(this.#index) ?? NO_NAME
    return this.#bytes
  }
}

const NO_NAME = new Uint8Array(0)

/** elf/dl-lookup.c `check_match` and `do_lookup_x`. */
class GlibcMatcher implements Matcher {
  #hash = 0
  readonly #name = new AskedName()
  #version = ''
  /** Only an exact match of the version serves. */
  #strict = false
  #plt = false
  #file: SymbolFile | null = null
  /** Entries of another version that might serve where there is only one of them. */
  #others = 0
  #found = false
  #info = 0
  #other = 0
  readonly #offer = (entry: SymbolEntry): boolean => this.#judge(entry)

  take(from: SymbolFile, references: References, index: number, demanded?: DemandedVersion): void {
    const version = references.versions[index] ?? 0
    this.#hash = references.hashes[index] ?? 0
    this.#name.take(references, index)
    this.#version = demanded?.name ?? (from.versioned ? from.versionName(version) : '')
    this.#strict = demanded?.strict ?? from.versionHidden(version)
    this.#plt = ((references.kinds[index] ?? 0) & REFERENCE_PLT) !== 0
  }

  get binding(): number {
    return this.#info >> 4
  }

  isDefinedBy(file: SymbolFile): boolean {
    if (!file.mayHold(this.#hash)) return false
    this.#file = file
    this.#others = 0
    this.#found = false
    file.visit(this.#hash, this.#name.bytes, this.#offer)
    // Exactly one entry of another version serves where it leaves no choice.
    if (!this.#isFound() && this.#others !== 1) return false
    const visibility = this.#other & 3
    return visibility !== 1 && visibility !== 2 && ((1 << (this.#info >> 4)) & BINDINGS) !== 0
  }

  #isFound(): boolean {
    return this.#found
  }

  #judge(entry: SymbolEntry): boolean {
    const type = entry.info & 15
    if (!entry.hasValue && entry.section !== SHN_ABS && type !== STT_TLS) return false
    if (this.#plt && entry.section === 0) return false
    if (((1 << type) & GLIBC_TYPES) === 0) return false
    if (entry.versym >= 0 && !this.#suits(entry)) return false
    this.#found = true
    this.#keep(entry)
    return true
  }

  /** Whether the version serves; one that might serve if it is the only one is kept. */
  #suits(entry: SymbolEntry): boolean {
    const index = entry.versym & 0x7fff
    const isDefault = (entry.versym & HIDDEN_VERSION) === 0
    if (this.#version === '') {
      // 0 is local, 1 the file's base version, 2 the oldest version of a file that defines some.
      if (index < 3) return true
      if (isDefault) this.#keepOther(entry)
      return false
    }
    const name = this.#file?.versionName(index) ?? ''
    if (name === this.#version) return true
    if (!this.#strict && name === '' && isDefault) this.#keepOther(entry)
    return false
  }

  #keepOther(entry: SymbolEntry): void {
    this.#others += 1
    if (this.#others === 1) this.#keep(entry)
  }

  #keep(entry: SymbolEntry): void {
    this.#info = entry.info
    this.#other = entry.other
  }
}

/** ldso/dynlink.c `find_sym2`: the first entry that is not hidden by its version; versions are not compared. */
class MuslMatcher implements Matcher {
  #hash = 0
  readonly #name = new AskedName()
  #plt = false
  #found = false
  binding = 0
  readonly #offer = (entry: SymbolEntry): boolean => this.#judge(entry)

  take(_from: SymbolFile, references: References, index: number): void {
    this.#hash = references.hashes[index] ?? 0
    this.#name.take(references, index)
    this.#plt = ((references.kinds[index] ?? 0) & REFERENCE_PLT) !== 0
  }

  isDefinedBy(file: SymbolFile): boolean {
    if (!file.mayHold(this.#hash)) return false
    this.#found = false
    this.binding = 0
    file.visit(this.#hash, this.#name.bytes, this.#offer)
    return this.#found
  }

  #judge(entry: SymbolEntry): boolean {
    if (entry.versym >= 0 && (entry.versym & HIDDEN_VERSION) !== 0) return false
    const type = entry.info & 15
    const isThread = type === STT_TLS
    if (entry.section === 0 && (this.#plt || isThread)) return true
    this.#found =
      (entry.hasValue || isThread) && ((1 << type) & PLAIN_TYPES) !== 0 && ((1 << (entry.info >> 4)) & BINDINGS) !== 0
    this.binding = entry.info >> 4
    // The hash tables give one entry for a name; musl looks at no second one of the same file.
    return true
  }
}

/** Symbols as a loader binds them: what one file asks for, and how another one is asked. */

/** The reference comes from a relocation that binds functions or thread storage (ELF_RTYPE_CLASS_PLT). */
export const REFERENCE_PLT = 1
/** From a relocation of data. */
export const REFERENCE_DATA = 2
/** From a copy relocation: the program's own definition does not count. */
export const REFERENCE_COPY = 4
/** STB_WEAK: nobody complains where it is not defined. */
export const REFERENCE_WEAK = 8

/** Symbols that the relocations of one file refer to and that its own tables do not answer. Lists of equal length. */
export interface References {
  readonly count: number
  /** DT_GNU_HASH of the name. */
  readonly hashes: Uint32Array
  /** Index of the demanded version, as for {@link SymbolFile.versionName}. */
  readonly versions: Uint16Array
  /** `REFERENCE_` bits. */
  readonly kinds: Uint8Array
  /** The bytes of a name. */
  name(index: number): Uint8Array
  /** The name as a byte string. */
  text(index: number): string
}

/** One entry of a symbol table. The object is reused: it is valid within the call it is given to. */
export interface SymbolEntry {
  /** STB_ in the high half, STT_ in the low one. */
  info: number
  /** STV_ in the low two bits. */
  other: number
  /** st_shndx; 0 is undefined. */
  section: number
  /** st_value is not 0. */
  hasValue: boolean
  /** Its entry in DT_VERSYM; -1 where the file has none. */
  versym: number
}

/** The dynamic symbols of one file, asked for by name. Nothing of the table is kept but what was asked for lately. */
export interface SymbolFile {
  /** Small number, equal for one file only, in all worlds that share their readings. */
  readonly id: number
  /**
   * False where the symbols cannot be read, as far as they were asked for: then nothing may be said about what is not
   * found in it.
   */
  readonly readable: boolean
  /** What it asks of others; read when first asked for. */
  readonly references: References
  /** What it both defines and refers to with STB_GLOBAL, so that another object's definition may come before its own. */
  readonly ownReferences: References
  /** DF_BIND_NOW, DT_BIND_NOW or DF_1_NOW: every function is bound at the start. */
  readonly bindsNow: boolean
  /** DF_SYMBOLIC or DT_SYMBOLIC: it is searched before all others for its own references. */
  readonly symbolic: boolean
  /** Whether DT_VERSYM counts: some version is defined or demanded. */
  readonly versioned: boolean
  /** The version of an index of DT_VERSYM, demanded or defined; empty for none and for the file's base version. */
  versionName(index: number): string
  /** The file that the version of an index is demanded of; null for a version that this file defines, and for none. */
  versionFile(index: number): string | null
  /** Number of indices that have a version. */
  readonly versionCount: number
  /** A demanded version that only an exact match serves (bit 15 of vna_other). */
  versionHidden(index: number): boolean
  /** False where the file's filter shows that no entry has the hash (DT_GNU_HASH of a name); true says nothing. */
  mayHold(hash: number): boolean
  /**
   * Walks over the entries of a name in the order of the hash table: DT_GNU_HASH where there is one, else DT_HASH
   * (glibc elf/dl-lookup.c `do_lookup_x`). `offer` returns true to end the walk.
   */
  visit(hash: number, name: Uint8Array, offer: (entry: SymbolEntry) => boolean): void
}

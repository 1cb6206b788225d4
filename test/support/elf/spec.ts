/** The declaration of an ELF file for tests: what {@link buildElf} turns into bytes. */
import type { Need } from '../../../src/domain/object.ts'

/** A version demanded of another file, weak or not. */
export interface DemandedVersion {
  readonly name: string
  readonly weak?: boolean
}

/** One record of DT_VERNEED. */
export interface VersionNeedSpec {
  /** `vn_file`: the DT_NEEDED name whose versions are demanded. */
  readonly file: string
  readonly versions: readonly (string | DemandedVersion)[]
}

/** One record of DT_VERDEF. */
export interface VersionDefinitionSpec {
  readonly name: string
  /** VER_FLG_BASE. A base record named after the soname is put first unless the list holds one. */
  readonly base?: boolean
  readonly weak?: boolean
  readonly parents?: readonly string[]
}

/** One dynamic symbol. */
export interface SymbolSpec {
  readonly name: string
  /** Default true. */
  readonly defined?: boolean
  /** A name out of `versionDefinitions`; for an undefined symbol out of `versionNeeds`. */
  readonly version?: string
  /** For an undefined symbol: the file of `versionNeeds`, when the version's name alone is ambiguous. */
  readonly file?: string
  /** `name@version` instead of `name@@version`. */
  readonly hidden?: boolean
  /** STB_*; default STB_GLOBAL (1). */
  readonly binding?: number
  /** STT_*; default STT_FUNC (2). */
  readonly type?: number
  /** STV_*; default 0. */
  readonly visibility?: number
  /** A defined symbol that a relocation refers to, as every undefined one is. */
  readonly referred?: boolean
  /** Type of that relocation; default GLOB_DAT. */
  readonly relocation?: number
}

/** Fields of the ELF header that a test may set to any value. */
export type HeaderField =
  | 'class'
  | 'data'
  | 'identVersion'
  | 'osabi'
  | 'abiVersion'
  | 'padding'
  | 'type'
  | 'machine'
  | 'version'
  | 'entry'
  | 'phoff'
  | 'shoff'
  | 'flags'
  | 'ehsize'
  | 'phentsize'
  | 'phnum'
  | 'shentsize'
  | 'shnum'
  | 'shstrndx'

/** One program header to add or to change; numbers as they stand in the file. */
export interface SegmentSpec {
  readonly type: number
  readonly flags?: number
  readonly offset?: number
  readonly address?: number
  readonly fileSize?: number
  readonly memorySize?: number
  readonly align?: number
}

/**
 * One ELF file. Everything is optional: `{}` is a loadable x86-64 shared library without name or needs. Strings are byte
 * strings (see src/domain/bytes.ts), so names that are not UTF-8 can be written.
 */
export interface ElfSpec {
  /** Default 64. */
  readonly class?: 32 | 64
  /** Byte order, default little. */
  readonly order?: 'little' | 'big'
  /** `dyn` (default) or `exec`, or any number for `e_type`. */
  readonly type?: 'dyn' | 'exec' | number
  /** `e_machine`; default EM_X86_64 for 64 bit, EM_386 for 32 bit. */
  readonly machine?: number
  /** `e_flags`. */
  readonly machineFlags?: number

  /** PT_INTERP: makes a program. With type `dyn` add `flags1: DF_1_PIE` for a real PIE. */
  readonly interpreter?: string
  /** False: no PT_DYNAMIC at all (a static program, a packed file). */
  readonly dynamic?: boolean
  readonly soname?: string
  /** In the order of the dynamic section; a plain string is DT_NEEDED. */
  readonly needs?: readonly (string | Need)[]
  readonly rpath?: string
  readonly runpath?: string
  /** DT_FLAGS. */
  readonly flags?: number
  /** DT_FLAGS_1. */
  readonly flags1?: number
  readonly audit?: string
  readonly depaudit?: string
  /** DT_RELR with one relocation. The loader then wants GLIBC_ABI_DT_RELR among the versions demanded of libc. */
  readonly relr?: boolean

  readonly versionNeeds?: readonly VersionNeedSpec[]
  readonly versionDefinitions?: readonly (string | VersionDefinitionSpec)[]
  readonly symbols?: readonly SymbolSpec[]
  /** Hash tables, default both. */
  readonly hash?: readonly ('gnu' | 'sysv')[]
  /**
   * A data relocation (GLOB_DAT) for each undefined symbol, so that the loader looks it up. Default true; x86-64 and i386
   * only, nothing on other machines.
   */
  readonly relocations?: boolean

  /** NT_GNU_ABI_TAG: `os` 0 is Linux. */
  readonly abiTag?: { readonly os?: number; readonly kernel: readonly [number, number, number] }
  /** NT_GNU_BUILD_ID in hex. */
  readonly buildId?: string
  /** NT_GNU_PROPERTY_TYPE_0: four-byte properties by type, e.g. `{0xc0008002: 0b11}` (x86 ISA needed). */
  readonly properties?: Readonly<Record<number, number>>
  /** One ELF dlopen note per element: text is written as it is, anything else as JSON. */
  readonly dlopen?: readonly unknown[]
  /** PT_GNU_STACK with or without PF_X; null: no such segment. Default false. */
  readonly executableStack?: boolean | null

  /** Section headers for the tables, for readers that need them. Default false. */
  readonly sections?: boolean
  /** Read-only data of its own, as a loader file holds its strings. */
  readonly data?: Uint8Array
  /** Alignment of the PT_LOADs, default 4096. */
  readonly pageSize?: number
  /** Bytes of filler between the read-only tables and the writable ones. */
  readonly filler?: number

  // What follows makes files that are wrong or odd.

  /** Any field of the ELF header, written last. */
  readonly header?: Readonly<Partial<Record<HeaderField, number>>>
  /** Program headers added after the usual ones. */
  readonly segments?: readonly SegmentSpec[]
  /** Entries of the dynamic section that replace the values of tags that are there. */
  readonly dynamicValues?: Readonly<Record<number, number>>
  /** Entries put before DT_NULL, as they are. */
  readonly dynamicExtra?: readonly (readonly [tag: number, value: number])[]
  /** Tags left out of the dynamic section. */
  readonly dynamicOmit?: readonly number[]
  /** False: no PT_LOAD at all. */
  readonly loadable?: boolean
  /** DT_STRTAB points outside every segment. */
  readonly stringsOutside?: boolean
  /** e_phnum is PN_XNUM and the number stands in sh_info of section header 0. */
  readonly extendedPhnum?: boolean
  /**
   * A split debug file: program headers of the original, bytes gone. `empty`: PT_LOAD and PT_DYNAMIC have no file part
   * (objcopy); `unstored`: PT_LOAD has none, PT_DYNAMIC leads to other bytes; `unrelated`: both keep their sizes and lead to
   * other bytes (elfutils); `beyond`: to bytes after the end.
   */
  readonly debug?: 'empty' | 'unstored' | 'unrelated' | 'beyond'
  /** The file ends here; negative counts from its end. */
  readonly truncate?: number
}

/** The facts of one ELF file. Names, paths and notes are byte strings (see bytes.ts). */
import type { Fault } from './fault.ts'

/** `e_ident` and the fields of the ELF header that a loader looks at, unchecked, as they stand in the file. */
export interface ElfHeader {
  /** EI_CLASS: 1 = 32 bit, 2 = 64 bit. */
  readonly class: number
  /** EI_DATA: 1 = little endian, 2 = big endian. */
  readonly data: number
  readonly identVersion: number
  readonly osabi: number
  readonly abiVersion: number
  /** A byte of the ident's padding is not zero. */
  readonly padded: boolean
  readonly type: number
  readonly machine: number
  readonly version: number
  readonly flags: number
  readonly phentsize: number
  /** Number of program headers, PN_XNUM resolved. */
  readonly phnum: number
}

export type ObjectKind = 'program' | 'static' | 'static-pie' | 'library' | 'debug' | 'relocatable' | 'core' | 'other'

/** One PT_LOAD, sizes and addresses in bytes. */
export interface LoadSegment {
  readonly offset: number
  readonly address: number
  readonly fileSize: number
  readonly memorySize: number
  readonly align: number
  readonly flags: number
}

/** One DT_NEEDED, DT_FILTER or DT_AUXILIARY. */
export interface Need {
  readonly kind: 'needed' | 'filter' | 'auxiliary'
  readonly name: string
}

/** One vernaux entry: `version` demanded of the object named `file`. */
export interface VersionNeed {
  readonly file: string
  readonly version: string
  readonly weak: boolean
}

export interface VersionDefinition {
  readonly name: string
  /** VER_FLG_BASE: names the file itself, not a version. */
  readonly base: boolean
  readonly weak: boolean
  readonly parents: readonly string[]
}

/** `.note.gnu.property` in short. */
export interface GnuProperties {
  /** GNU_PROPERTY_X86_ISA_1_NEEDED: bit 0 baseline, bit 1 v2, bit 2 v3, bit 3 v4. 0 when absent. */
  readonly isaNeeded: number
  readonly isaUsed: number
  /** GNU_PROPERTY_X86_FEATURE_1_AND or the AArch64 one; 0 when absent. */
  readonly features: number
}

/** NT_GNU_ABI_TAG: 0 = Linux, and the minimum kernel. */
export interface AbiTag {
  readonly os: number
  readonly kernel: readonly [number, number, number]
}

/** One element of an ELF dlopen note (systemd.io/ELF_DLOPEN_METADATA). */
export interface DlopenNote {
  readonly feature: string | null
  readonly description: string | null
  readonly priority: 'required' | 'recommended' | 'suggested'
  /** Alternatives, best first. */
  readonly sonames: readonly string[]
}

export interface ElfObject {
  readonly header: ElfHeader
  readonly kind: ObjectKind
  readonly interpreter: string | null
  /** There is a PT_DYNAMIC whose bytes are a dynamic section. */
  readonly dynamic: boolean
  readonly soname: string | null
  /** DT_NEEDED, DT_FILTER and DT_AUXILIARY, in the order of the dynamic section. */
  readonly needs: readonly Need[]
  /** DT_RPATH as written, even where DT_RUNPATH makes the loader drop it. */
  readonly rpath: string | null
  readonly runpath: string | null
  /** DT_FLAGS. */
  readonly flags: number
  /** DT_FLAGS_1. */
  readonly flags1: number
  readonly audit: string | null
  readonly depaudit: string | null
  readonly versionNeeds: readonly VersionNeed[]
  /** Empty where `hasVersionDefinitions` is false. */
  readonly versionDefinitions: readonly VersionDefinition[]
  readonly hasVersionDefinitions: boolean
  /** DT_RELR is present. */
  readonly relr: boolean
  readonly loads: readonly LoadSegment[]
  readonly abiTag: AbiTag | null
  readonly properties: GnuProperties
  /** NT_GNU_BUILD_ID in hex. */
  readonly buildId: string | null
  readonly dlopen: readonly DlopenNote[]
  /** PT_GNU_STACK: executable or not; null when the segment is absent. */
  readonly executableStack: boolean | null
  /** There is a PT_TLS; absent without. */
  readonly tls?: true
}

/** The outcome of reading one file as ELF. */
export interface ElfReading {
  /** Null for a file that is not ELF or is shorter than a header; `size` tells which. */
  readonly header: ElfHeader | null
  /** Null where the program headers could not be read. */
  readonly object: ElfObject | null
  /** File size in bytes. */
  readonly size: number
  readonly faults: readonly Fault[]
  /** Made from facts, not from bytes: its needs and symbols are not known. */
  readonly virtual?: true
}

/** One dynamic symbol. */
export interface DynamicSymbol {
  readonly name: string
  /** Its version node, null for an unversioned or base symbol. */
  readonly version: string | null
  /** For an undefined symbol: the file its version is demanded of. */
  readonly versionFile: string | null
  /** Defined with `@` instead of `@@`: not the default version. */
  readonly hidden: boolean
  readonly defined: boolean
  /** STB_LOCAL 0, GLOBAL 1, WEAK 2, GNU_UNIQUE 10. */
  readonly binding: number
  /** STT_NOTYPE 0, OBJECT 1, FUNC 2, TLS 6, GNU_IFUNC 10. */
  readonly type: number
  /** STV_DEFAULT 0, INTERNAL 1, HIDDEN 2, PROTECTED 3. */
  readonly visibility: number
}

export interface SymbolTable {
  readonly symbols: readonly DynamicSymbol[]
  readonly faults: readonly Fault[]
  /** Nothing is known of the symbols: the object is virtual. */
  readonly unknown?: true
}

/** ELF constants by the names of elf.h. */
export const ELFCLASS32 = 1
export const ELFCLASS64 = 2
export const ELFDATA2LSB = 1
export const ELFDATA2MSB = 2
export const ET_EXEC = 2
export const ET_DYN = 3
export const EM_386 = 3
export const EM_MIPS = 8
export const EM_PPC64 = 21
export const EM_S390 = 22
export const EM_ARM = 40
export const EM_X86_64 = 62
export const EM_AARCH64 = 183
export const EM_RISCV = 243
export const DF_1_NOOPEN = 0x40
export const DF_1_NODEFLIB = 0x800
export const DF_1_PIE = 0x08000000

/** What a test says of an ELF file it wants to have. Everything is optional: `{}` is a shared library that needs nothing. */
import type { ElfHeader } from '../../../src/domain/object.ts'

export interface SymbolDeclaration {
  readonly name: string
  readonly defined?: boolean
  /** Version node; for an undefined symbol `from` names the file it is demanded of. */
  readonly version?: string
  readonly from?: string
  /** Defined with `@` instead of `@@`. */
  readonly hidden?: boolean
  readonly weak?: boolean
  /** STT_*: 1 object, 2 function (default). */
  readonly type?: number
}

export type NeedDeclaration = string | { readonly filter: string } | { readonly auxiliary: string }

export interface ElfDeclaration {
  /** 64 (default) or 32 bit. */
  readonly bits?: 32 | 64
  /** `little` (default) or `big`. */
  readonly order?: 'little' | 'big'
  /** e_machine; EM_X86_64 by default, EM_386 for 32 bit. */
  readonly machine?: number
  /** ET_DYN (3) by default; 2 is a program at a fixed address. */
  readonly type?: number
  readonly interpreter?: string
  readonly soname?: string
  /** DT_NEEDED, DT_FILTER and DT_AUXILIARY in the order of the dynamic section. */
  readonly needs?: readonly NeedDeclaration[]
  readonly rpath?: string
  readonly runpath?: string
  readonly flags?: number
  readonly flags1?: number
  readonly audit?: string
  readonly depaudit?: string
  /** Further tags, put before DT_NULL. */
  readonly tags?: readonly (readonly [tag: number, value: number])[]
  readonly versionNeeds?: readonly {
    readonly file: string
    readonly versions: readonly (string | { readonly name: string; readonly weak: boolean })[]
  }[]
  /** Version nodes; a base definition with the soname is put before them. */
  readonly versionDefinitions?: readonly (string | { readonly name: string; readonly parents: readonly string[] })[]
  readonly symbols?: readonly SymbolDeclaration[]
  /** Which hash tables there are; `both` by default. */
  readonly hash?: 'gnu' | 'sysv' | 'both'
  readonly abiTag?: { readonly os?: number; readonly kernel: readonly [number, number, number] }
  readonly properties?: { readonly isaNeeded?: number; readonly isaUsed?: number; readonly features?: number }
  /** Hex. */
  readonly buildId?: string
  /** Put as JSON into an ELF dlopen note; a string is put as it is. */
  readonly dlopen?: unknown
  /** PT_GNU_STACK: absent when undefined. */
  readonly executableStack?: boolean
  /** Bytes of read-only data, as a loader file holds its strings. */
  readonly data?: Uint8Array
  /** No PT_DYNAMIC, as in a packed or static program. */
  readonly dynamic?: boolean
  /** The shape of `objcopy --only-keep-debug`: segments without file content, PT_DYNAMIC pointing at other bytes. */
  readonly debugShape?: boolean
  /** DT_STRTAB lies outside every segment. */
  readonly strayStrings?: boolean
  /** Write the number of program headers as PN_XNUM. */
  readonly manyHeaders?: boolean
  /** No PT_LOAD at all. */
  readonly unloadable?: boolean
  /** Alignment written into PT_LOAD; 4096 by default. */
  readonly align?: number
  /** Fields of the header as they shall stand in the file, whatever is right. */
  readonly header?: Partial<Omit<ElfHeader, 'padded'>> & { readonly padding?: number }
}

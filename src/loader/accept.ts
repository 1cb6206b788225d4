/** Whether the loader accepts a candidate file (elf/dl-load.c `open_verify`, `_dl_map_object_from_fd`). */
import { DF_1_PIE, ELFCLASS32, ELFCLASS64, ELFDATA2LSB, EM_PPC64, EM_RISCV, ET_DYN, ET_EXEC } from '../domain/object.ts'
import type { ElfHeader, ElfReading, LoadSegment } from '../domain/object.ts'
import type { LoaderSetup } from '../domain/system.ts'
import type { Verdict } from '../domain/closure.ts'

/** The outcome of opening a candidate: taken, passed over, or the end of the search. */
export interface Acceptance {
  readonly verdict: Extract<
    Verdict,
    'won' | 'wrong-class' | 'wrong-machine' | 'wrong-flags' | 'kernel-too-new' | 'fatal'
  >
  /** In the loader's words; null for what is taken. */
  readonly reason: string | null
}

const TAKEN: Acceptance = { verdict: 'won', reason: null }
const LIBC_ABI_MAX = 4
const HEADER_SIZE = { [ELFCLASS32]: 52, [ELFCLASS64]: 64 }
const ENTRY_SIZE = { [ELFCLASS32]: 32, [ELFCLASS64]: 56 }
const RISCV_FLOAT_ABI = 0x6
const PPC64_ABI = 0x3

/** The checks of `open_verify`, in its order. `loader` is the header of the loader's own file. */
export function accept(reading: ElfReading, loader: ElfHeader, setup: LoaderSetup): Acceptance {
  const wide = loader.class === ELFCLASS64 ? ELFCLASS64 : ELFCLASS32
  if (reading.size < HEADER_SIZE[wide]) return fatal('file too short')
  const header = reading.header
  if (header === null) return fatal('invalid ELF header')
  const ident = judgeIdent(header, loader)
  if (ident !== null) return ident
  if (header.version !== 1) return fatal('ELF file version does not match current one')
  if (header.machine !== loader.machine) return { verdict: 'wrong-machine', reason: 'incompatible ELF machine' }
  if (!flagsMatch(header, loader)) return { verdict: 'wrong-flags', reason: 'incompatible ELF machine' }
  if (header.type !== ET_DYN && header.type !== ET_EXEC) return fatal('only ET_DYN and ET_EXEC can be loaded')
  if (header.phentsize !== ENTRY_SIZE[wide]) return fatal("ELF file's phentsize not the expected size")
  if (reading.object === null) return fatal('cannot read file data')
  if (setup.checksKernel && demandsNewerKernel(reading, setup)) {
    return { verdict: 'kernel-too-new', reason: 'ABI note demands a newer kernel' }
  }
  return TAKEN
}

function judgeIdent(header: ElfHeader, loader: ElfHeader): Acceptance | null {
  if (header.class !== loader.class) return { verdict: 'wrong-class', reason: 'incompatible ELF class' }
  if (header.data !== loader.data) {
    return fatal(`ELF file data encoding not ${loader.data === ELFDATA2LSB ? 'little' : 'big'}-endian`)
  }
  if (header.identVersion !== 1) return fatal('ELF file version ident does not match current one')
  if (header.osabi !== 0 && header.osabi !== 3) return fatal('ELF file OS ABI invalid')
  const abiFits = header.abiVersion === 0 || (header.osabi === 3 && header.abiVersion < LIBC_ABI_MAX)
  if (!abiFits) return fatal('ELF file ABI version invalid')
  return header.padded ? fatal('nonzero padding in e_ident') : null
}

/** `elf_machine_matches_host` and its kin, where they look at more than e_machine. */
function flagsMatch(header: ElfHeader, loader: ElfHeader): boolean {
  if (header.machine === EM_RISCV) return (header.flags & RISCV_FLOAT_ABI) === (loader.flags & RISCV_FLOAT_ABI)
  if (header.machine !== EM_PPC64) return true
  const abi = header.flags & PPC64_ABI
  return abi === 0 || abi === (loader.flags & PPC64_ABI)
}

function demandsNewerKernel(reading: ElfReading, setup: LoaderSetup): boolean {
  const tag = reading.object?.abiTag
  if (tag === null || tag === undefined || setup.kernel === null) return false
  // A note for another system is as foreign as one for a newer kernel.
  if (tag.os !== 0) return true
  for (const [index, wanted] of tag.kernel.entries()) {
    const have = setup.kernel[index] ?? 0
    if (wanted !== have) return wanted > have
  }
  return false
}

/**
 * The error of mapping an accepted file as a dependency, in the loader's words; null when it maps.
 *
 * @param asProgram the file is the program itself, for which position and PIE do not matter
 */
export function mapError(reading: ElfReading, asProgram: boolean, setup: LoaderSetup): string | null {
  const object = reading.object
  if (object === null) return 'cannot read file data'
  if (object.loads.length === 0) return 'object file has no loadable segments'
  const misaligned = object.loads.find((load) => segmentError(load, setup) !== null)
  if (misaligned !== undefined) return segmentError(misaligned, setup)
  if (object.header.type !== ET_DYN && !asProgram) return 'cannot dynamically load executable'
  if (!object.dynamic && (object.header.type === ET_DYN || object.kind === 'debug')) {
    return 'object file has no dynamic section'
  }
  if ((object.flags1 & DF_1_PIE) !== 0 && !asProgram) {
    return 'cannot dynamically load position-independent executable'
  }
  return null
}

const PAGE = 4096

function segmentError(load: LoadSegment, setup: LoaderSetup): string | null {
  // Up to 2.34 the alignment itself had to be a multiple of the page size.
  if (isBefore(setup, 35) && load.align % PAGE !== 0) return 'ELF load command alignment not page-aligned'
  if ((load.address - load.offset) % PAGE !== 0) return 'ELF load command address/offset not page-aligned'
  return null
}

/** Whether the loader is glibc 2.x with x below `minor`; an unknown version counts as new. */
export function isBefore(setup: LoaderSetup, minor: number): boolean {
  return setup.version !== null && setup.version[0] === 2 && setup.version[1] < minor
}

function fatal(reason: string): Acceptance {
  return { verdict: 'fatal', reason }
}

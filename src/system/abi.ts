/** What differs between machines for the loader: standard loader names, cache ids, default folders, platform name. */
import type { ElfHeader } from '../domain/object.ts'
import {
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2MSB,
  EM_386,
  EM_AARCH64,
  EM_ARM,
  EM_MIPS,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
} from '../domain/object.ts'

/** Machines of elf.h that the domain does not name. */
const EM_SPARC = 2
const EM_PPC = 20
const EM_SPARCV9 = 43
const EM_LOONGARCH = 258

const EF_ARM_ABI_FLOAT_HARD = 0x400
const EF_MIPS_ABI2 = 0x20
const EF_MIPS_NAN2008 = 0x400
const EF_RISCV_FLOAT_ABI = 0x6
const EF_RISCV_FLOAT_ABI_DOUBLE = 0x4
const EF_LARCH_ABI_MODIFIER = 0x7
const EF_LARCH_ABI_DOUBLE = 0x3

/** The entries of `ld.so.cache` that one loader accepts. */
export interface CacheIds {
  /** Values of the flags field that it takes. */
  readonly accepted: readonly number[]
  /** The value after which it looks for no better entry. */
  readonly exact: number
}

const standard: Readonly<Record<string, readonly string[]>> = {
  [key(EM_X86_64, ELFCLASS64)]: ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1'],
  [key(EM_X86_64, ELFCLASS32)]: ['/libx32/ld-linux-x32.so.2', '/lib/ld-musl-x32.so.1'],
  [key(EM_386, ELFCLASS32)]: ['/lib/ld-linux.so.2', '/lib/ld-musl-i386.so.1'],
  [key(EM_AARCH64, ELFCLASS64)]: [
    '/lib/ld-linux-aarch64.so.1',
    '/lib/ld-linux-aarch64_be.so.1',
    '/lib/ld-musl-aarch64.so.1',
    '/lib/ld-musl-aarch64_be.so.1',
  ],
  [key(EM_ARM, ELFCLASS32)]: [
    '/lib/ld-linux-armhf.so.3',
    '/lib/ld-linux.so.3',
    '/lib/ld-musl-armhf.so.1',
    '/lib/ld-musl-arm.so.1',
  ],
  [key(EM_PPC64, ELFCLASS64)]: [
    '/lib64/ld64.so.2',
    '/lib64/ld64.so.1',
    '/lib/ld-musl-powerpc64le.so.1',
    '/lib/ld-musl-powerpc64.so.1',
  ],
  [key(EM_PPC, ELFCLASS32)]: ['/lib/ld.so.1', '/lib/ld-musl-powerpc.so.1'],
  [key(EM_S390, ELFCLASS64)]: ['/lib/ld64.so.1', '/lib/ld-musl-s390x.so.1'],
  [key(EM_S390, ELFCLASS32)]: ['/lib/ld.so.1'],
  [key(EM_RISCV, ELFCLASS64)]: [
    '/lib/ld-linux-riscv64-lp64d.so.1',
    '/lib/ld-linux-riscv64-lp64.so.1',
    '/lib/ld-musl-riscv64.so.1',
    '/lib/ld-musl-riscv64-sf.so.1',
  ],
  [key(EM_RISCV, ELFCLASS32)]: [
    '/lib/ld-linux-riscv32-ilp32d.so.1',
    '/lib/ld-linux-riscv32-ilp32.so.1',
    '/lib/ld-musl-riscv32.so.1',
  ],
  [key(EM_LOONGARCH, ELFCLASS64)]: [
    '/lib64/ld-linux-loongarch-lp64d.so.1',
    '/lib64/ld-linux-loongarch-lp64s.so.1',
    '/lib/ld-musl-loongarch64.so.1',
  ],
  [key(EM_MIPS, ELFCLASS64)]: [
    '/lib64/ld.so.1',
    '/lib64/ld-linux-mipsn8.so.1',
    '/lib/ld-musl-mips64el.so.1',
    '/lib/ld-musl-mips64.so.1',
  ],
  [key(EM_MIPS, ELFCLASS32)]: [
    '/lib/ld.so.1',
    '/lib/ld-linux-mipsn8.so.1',
    '/lib32/ld.so.1',
    '/lib32/ld-linux-mipsn8.so.1',
    '/lib/ld-musl-mipsel.so.1',
    '/lib/ld-musl-mips.so.1',
  ],
  [key(EM_SPARCV9, ELFCLASS64)]: ['/lib64/ld-linux.so.2'],
  [key(EM_SPARC, ELFCLASS32)]: ['/lib/ld-linux.so.2'],
}

/** Names of the standard loaders of a machine and class, glibc's first (glibc's shlib-versions files; musl's configure). */
export function standardLoaders(machine: number, elfClass: number): readonly string[] {
  return standard[key(machine, elfClass)] ?? []
}

/** The flags that mark a library of the loader's own kind (sysdeps/.../dl-cache.h, sysdeps/generic/ldconfig.h). */
export function cacheIds(header: ElfHeader): CacheIds {
  const { machine, flags } = header
  if (machine === EM_ARM) {
    const id = (flags & EF_ARM_ABI_FLOAT_HARD) !== 0 ? 0x903 : 0xb03
    return { accepted: [id, 0x3], exact: 0x3 }
  }
  const id = cacheId(header)
  return id === 0x3 ? { accepted: [0x1, 0x3], exact: 0x3 } : { accepted: [id], exact: id }
}

function cacheId({ machine, flags, class: elfClass }: ElfHeader): number {
  switch (machine) {
    case EM_X86_64:
      return elfClass === ELFCLASS64 ? 0x303 : 0x803
    case EM_AARCH64:
      return 0xa03
    case EM_PPC64:
      return 0x503
    case EM_S390:
      return elfClass === ELFCLASS64 ? 0x403 : 0x3
    case EM_SPARCV9:
      return 0x103
    case EM_RISCV:
      return (flags & EF_RISCV_FLOAT_ABI) === EF_RISCV_FLOAT_ABI_DOUBLE ? 0x1003 : 0xf03
    case EM_LOONGARCH:
      return (flags & EF_LARCH_ABI_MODIFIER) === EF_LARCH_ABI_DOUBLE ? 0x1203 : 0x1103
    case EM_MIPS:
      return mipsId(flags, elfClass)
    default:
      return 0x3
  }
}

function mipsId(flags: number, elfClass: number): number {
  const nan2008 = (flags & EF_MIPS_NAN2008) !== 0
  if (elfClass === ELFCLASS64) return nan2008 ? 0xe03 : 0x703
  if ((flags & EF_MIPS_ABI2) !== 0) return nan2008 ? 0xd03 : 0x603
  return nan2008 ? 0xc03 : 0x3
}

/** Where the new cache starts behind the old one: alignof (struct cache_file_new), which i386 makes 4. */
export function cacheAlignment(machine: number): number {
  return machine === EM_386 ? 4 : 8
}

/** Whether `char` is signed in the machine's C ABI; the cache is sorted by it. */
export function hasSignedChars(machine: number): boolean {
  return [EM_X86_64, EM_386, EM_MIPS, EM_SPARC, EM_SPARCV9, EM_LOONGARCH].includes(machine)
}

/** Debian's multiarch name of a machine, null where none is known. */
export function multiarchName(header: ElfHeader): string | null {
  const big = header.data === ELFDATA2MSB
  switch (header.machine) {
    case EM_X86_64:
      return header.class === ELFCLASS64 ? 'x86_64-linux-gnu' : 'x86_64-linux-gnux32'
    case EM_386:
      return 'i386-linux-gnu'
    case EM_AARCH64:
      return big ? 'aarch64_be-linux-gnu' : 'aarch64-linux-gnu'
    case EM_ARM:
      return (header.flags & EF_ARM_ABI_FLOAT_HARD) !== 0 ? 'arm-linux-gnueabihf' : 'arm-linux-gnueabi'
    case EM_PPC64:
      return big ? 'powerpc64-linux-gnu' : 'powerpc64le-linux-gnu'
    case EM_S390:
      return 's390x-linux-gnu'
    case EM_RISCV:
      return header.class === ELFCLASS64 ? 'riscv64-linux-gnu' : null
    case EM_LOONGARCH:
      return 'loongarch64-linux-gnu'
    case EM_MIPS:
      return header.class === ELFCLASS64 ? 'mips64el-linux-gnuabi64' : 'mipsel-linux-gnu'
    default:
      return null
  }
}

/** The folder name below a prefix that the GNU conventions give a machine's libraries. */
export function libraryFolder(header: ElfHeader): string {
  if (header.machine === EM_X86_64) return header.class === ELFCLASS64 ? 'lib64' : 'libx32'
  if (header.machine === EM_RISCV) return riscvFolder(header)
  return header.class === ELFCLASS64 ? 'lib64' : 'lib'
}

function riscvFolder(header: ElfHeader): string {
  const double = (header.flags & EF_RISCV_FLOAT_ABI) === EF_RISCV_FLOAT_ABI_DOUBLE
  if (header.class === ELFCLASS64) return double ? 'lib64/lp64d' : 'lib64/lp64'
  return double ? 'lib32/ilp32d' : 'lib32/ilp32'
}

function key(machine: number, elfClass: number): string {
  return `${machine}/${elfClass}`
}

/** Names of machines as people say them (e_machine of elf.h). */
import type { ElfHeader } from '../../domain/object.ts'

const names: Readonly<Record<number, string>> = {
  2: 'SPARC',
  3: 'i386',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 's390x',
  40: '32-bit ARM',
  50: 'Itanium',
  62: 'x86-64',
  183: 'AArch64',
  190: 'CUDA',
  224: 'AMD GPU',
  243: 'RISC-V',
  247: 'BPF',
  258: 'LoongArch',
}

/** A phrase for the machine of a file. */
export function machineName(header: ElfHeader | null): string {
  if (header === null) return 'an unknown machine'
  const name = names[header.machine] ?? `machine ${header.machine}`
  const order = header.data === 2 ? ', big endian' : ''
  return header.machine === 62 && header.class === 1 ? `x32${order}` : `${name}${order}`
}

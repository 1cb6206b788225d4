/** Files that a loader meets under the right name and that are not what it wants. */
import type { ElfSpec } from '../../../test/support/elf/spec.ts'
import type { Content } from './graph.ts'
import type { Random } from './random.ts'

const DF_1_PIE = 0x08000000

type Made = (random: Random, name: string) => Content

function elf(spec: ElfSpec): Content {
  return { kind: 'elf', spec }
}

/** Decoys that the loader passes over; the search goes on. */
const SKIPPED: readonly Made[] = [
  (_, soname) => elf({ class: 32, soname }),
  (_, soname) => elf({ machine: 183, soname }),
  (_, soname) => elf({ machine: 183, soname }),
  (_, soname) => elf({ class: 32, order: 'big', machine: 8, soname }),
  () => ({ kind: 'link', target: 'nothing-here' }),
  () => ({ kind: 'link', target: '/opt/absent/file' }),
]

/** Decoys behind a file: ENOTDIR. */
const BEHIND_FILE: readonly Made[] = [() => ({ kind: 'link', target: '/opt/file/x' })]

/** Decoys that end the list they are found in. */
const ENDING: readonly Made[] = [
  (_, name) => ({ kind: 'link', target: name }),
  () => ({ kind: 'link', target: '/opt/loop' }),
  () => ({ kind: 'link', target: 'x'.repeat(300) }),
]

/** Decoys that end everything. */
const FATAL: readonly Made[] = [
  () => ({ kind: 'text', text: 'INPUT ( libother.so.1 )\n' }),
  () => ({ kind: 'text', text: `/* ${'a long text '.repeat(9)} */` }),
  () => ({ kind: 'text', text: 'x'.repeat(200) }),
  () => ({ kind: 'text', text: `/* GNU ld script */\n${'GROUP ( liba.so )\n'.repeat(20)}` }),
  () => ({ kind: 'text', text: '' }),
  () => ({ kind: 'folder' }),
  () => ({ kind: 'folder' }),
  (_, soname) => elf({ soname, truncate: 40 }),
  (_, soname) => elf({ soname, truncate: 64 }),
  (_, soname) => elf({ soname, header: { data: 2 } }),
  (_, soname) => elf({ soname, header: { data: 2 } }),
  (_, soname) => elf({ soname, header: { identVersion: 0 } }),
  (_, soname) => elf({ soname, header: { version: 2 } }),
  (_, soname) => elf({ soname, header: { osabi: 9 } }),
  (_, soname) => elf({ soname, header: { abiVersion: 1 } }),
  (_, soname) => elf({ soname, header: { osabi: 3, abiVersion: 9 } }),
  (_, soname) => elf({ soname, header: { padding: 1 } }),
  (_, soname) => elf({ soname, type: 1 }),
  (_, soname) => elf({ soname, type: 1 }),
  (_, soname) => elf({ soname, type: 4 }),
  (_, soname) => elf({ soname, header: { phentsize: 64 } }),
  (_, soname) => elf({ soname, header: { phentsize: 64 } }),
  (_, soname) => elf({ soname, debug: 'empty' }),
  (_, soname) => elf({ soname, dynamic: false }),
  (_, soname) => elf({ soname, type: 'exec' }),
  (_, soname) => elf({ soname, type: 'exec' }),
  (_, soname) => elf({ soname, flags1: DF_1_PIE }),
  (_, soname) => elf({ soname, flags1: DF_1_PIE, interpreter: '/lib64/ld-linux-x86-64.so.2' }),
]

/** Odd files that the loader takes all the same. */
const TAKEN: readonly Made[] = [
  (_, soname) => elf({ soname, header: { osabi: 3 } }),
  (random, soname) => elf({ soname, header: { osabi: 3, abiVersion: random.int(1, 3) } }),
  (random, soname) => elf({ soname, machineFlags: random.int(1, 65535) }),
  (_, soname) => elf({ soname, header: { shoff: 99, shentsize: 7, shnum: 3, ehsize: 1 } }),
  (_, soname) => elf({ soname, flags1: 0x40 }),
  (_, soname) => elf({ soname, executableStack: true }),
  (_, soname) => elf({ soname, interpreter: '/lib64/ld-linux-x86-64.so.2' }),
  (_, soname) => elf({ soname, abiTag: { kernel: [3, 2, 0] } }),
  (_, soname) => elf({ soname, pageSize: 65536 }),
  (_, soname) => elf({ soname, hash: ['sysv'] }),
  (_, soname) => elf({ soname, executableStack: null }),
]

/** Files whose fate depends on the release. */
const BY_RELEASE: readonly Made[] = [
  (random, soname) =>
    elf({
      soname,
      abiTag: {
        kernel: random.pick([
          [99, 0, 0],
          [6, 99, 0],
          [7, 0, 1],
        ] as const),
      },
    }),
  (_, soname) => elf({ soname, abiTag: { os: 2, kernel: [2, 0, 0] } }),
]

/** Kinds of decoys, from harmless to deadly. */
export type DecoyKind = 'skipped' | 'behind-file' | 'ending' | 'fatal' | 'taken' | 'release'

const TABLES: Readonly<Record<DecoyKind, readonly Made[]>> = {
  skipped: SKIPPED,
  'behind-file': BEHIND_FILE,
  ending: ENDING,
  fatal: FATAL,
  taken: TAKEN,
  release: BY_RELEASE,
}

/** A decoy that stands under `name`. */
export function decoy(random: Random, kind: DecoyKind, name: string): Content {
  return random.pick(TABLES[kind])(random, name)
}

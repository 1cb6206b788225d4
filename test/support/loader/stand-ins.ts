/** Stand-ins for a glibc: the loader file and libc.so.6 with all that Airtight reads of them, and no code. */
import { buildElf } from '../elf/build.ts'
import type { ElfSpec } from '../elf/spec.ts'

export type GlibcVersion = readonly [major: number, minor: number]

const PAGE = 4096
const PT_LOAD = 1
const PT_TLS = 7
const FOLDERS = ['/lib/x86_64-linux-gnu/', '/usr/lib/x86_64-linux-gnu/', '/lib/', '/usr/lib/']

/** The name of the loader's file: up to 2.33 it tells the version. */
export function loaderName([major, minor]: GlibcVersion): string {
  return minor < 34 ? `ld-${major}.${minor}.so` : 'ld-linux-x86-64.so.2'
}

/** Debian's loader of a release, as far as its read-only strings go. */
export function loaderBytes([major, minor]: GlibcVersion, folders: readonly string[] = FOLDERS): Uint8Array {
  const banner = `ld.so (stand-in) stable release version ${major}.${minor}.`
  const strings = [
    '',
    'lib/x86_64-linux-gnu',
    '/etc/ld.so.cache',
    '/etc/ld.so.preload',
    ...(minor < 35 ? [] : [banner]),
    '',
    folders.join('\0'),
    '',
  ]
  return withStrings({ soname: 'ld-linux-x86-64.so.2', versionDefinitions: ['GLIBC_2.2.5'] }, strings)
}

/** libc.so.6 of a release. */
export function libcBytes([major, minor]: GlibcVersion): Uint8Array {
  const versionDefinitions = ['GLIBC_2.2.5', 'GLIBC_2.17', ...(minor < 34 ? [] : ['GLIBC_2.34'])]
  const spec = {
    soname: 'libc.so.6',
    needs: ['ld-linux-x86-64.so.2'],
    versionDefinitions,
    segments: [{ type: PT_TLS, memorySize: 16, align: 8 }],
  }
  return withStrings(spec, [`GNU C Library (stand-in) stable release version ${major}.${minor}.`])
}

/** An object with a read-only segment more that holds these strings. */
function withStrings(spec: ElfSpec, strings: readonly string[]): Uint8Array {
  const text = Buffer.from(strings.map((line) => `${line}\0`).join(''), 'latin1')
  const { length } = buildElf(spec)
  const offset = Math.ceil(length / PAGE) * PAGE
  const segment = {
    type: PT_LOAD,
    flags: 4,
    offset,
    address: offset + 16 * PAGE,
    fileSize: text.length,
    memorySize: text.length,
    align: PAGE,
  }
  const bytes = buildElf({ ...spec, segments: [...(spec.segments ?? []), segment] })
  return Buffer.concat([bytes, Buffer.alloc(offset - bytes.length), text])
}

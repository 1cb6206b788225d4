/** What the name and the first bytes of a payload's file tell before and after it is read as an object. */
import { decodeBytes } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { PackageText } from '../domain/audit.ts'
import type { ElfReading } from '../domain/object.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import { SHEBANG_LIMIT } from './shebang.ts'

/** Suffixes of source text, documents, pictures and data: no loader asks for such names, so they are only counted. */
const UNOPENED = new Set(
  (
    'py pyc pyi pyx pxd h hh hpp hxx inl c cc cpp cxx f90 f lua js ts css html htm xml xsd json yaml yml toml ini cfg ' +
    'conf txt md rst pdf ps tex csv tsv svg png jpg jpeg gif bmp ico tif tiff exr hdr dpx tga psd webp ttf otf woff ' +
    'woff2 qml ui ts qm mo po pot cmake pc la in am m4 glsl vert frag osl oso cl cu cuh ptx spv usd usda usdc abc obj ' +
    'fbx blend ocio icc icm lut cube spi1d spi3d csp clf ctf zip gz bz2 xz zst tar whl egg sqlite db log bat ps1'
  ).split(' '),
)

/** The suffix because of which a file is not opened, null when it is. */
export function isUnopened(name: string): string | null {
  const dot = name.lastIndexOf('.')
  if (dot <= 0) return null
  const suffix = name.slice(dot + 1).toLowerCase()
  return UNOPENED.has(suffix) ? `.${suffix}` : null
}

const TEXT_KINDS: ReadonlyMap<string, PackageText['kind']> = new Map([
  ['.py', 'python'],
  ['.pc', 'pkg-config'],
  ['.la', 'libtool'],
  ['.cmake', 'cmake'],
])

/** What a text file with this suffix is, null where no rule looks into such files. */
export function textKind(suffix: string): PackageText['kind'] | null {
  return TEXT_KINDS.get(suffix) ?? null
}

/** Names by which loaders and linkers ask for libraries: `x.so`, `x.so.1.2`. */
export function looksLikeLibrary(name: string): boolean {
  return /\.so(?:\.[A-Za-z0-9._-]+)?$/.test(name)
}

/** The first bytes of a file as text, empty when it cannot be read. */
export function readHead(tree: Tree, path: string): string {
  const file = tree.open(path)
  if (failed(file)) return ''
  try {
    return decodeBytes(file.read(0, SHEBANG_LIMIT))
  } finally {
    file.close()
  }
}

/** Why a file that promises to be an object is none; empty for objects, and for files that promise nothing. */
export function unreadReason(tree: Tree, path: string, name: string, reading: ElfReading): readonly Fault[] {
  if (reading.header !== null) return reading.faults
  const library = looksLikeLibrary(name)
  if (reading.size === 0) return library ? [faultAt('truncated', path, 0, 'the file is empty')] : []
  const head = readHead(tree, path)
  // The name promises nothing; four bytes do.
  if (head.startsWith('\x7fELF')) return reading.faults
  if (!library) return head === '' ? reading.faults : []
  if (head.startsWith('version https://git-lfs')) {
    return [faultAt('missing', path, 0, 'a Git LFS pointer stands in place of the library')]
  }
  // A linker script serves the linker alone; the loader never asks for its name.
  if (/^\s*(?:\/\*|OUTPUT_FORMAT|INPUT|GROUP)/.test(head)) return []
  return [faultAt('malformed', path, 0, 'not an ELF file although it is named like a library')]
}

/** The file format of a capture: a magic line, a head that tells where everything lies, and packed blocks. */

/** The first line of a capture; the number is that of the format. */
export const MAGIC = 'airtight/capture/v1\n'
/** What every capture begins with, whatever its version. */
export const FAMILY = 'airtight/capture/v'
/** Behind the magic: length of the packed head, and the first 16 bytes of its sha256. */
export const PREAMBLE: number = MAGIC.length + 4 + 16

/** A packed part of the file: offset behind the head, packed size, size unpacked. */
export type Place = readonly [offset: number, size: number, raw: number]

export interface CaptureHead {
  readonly schema: 'airtight/capture/v1'
  /** What a person calls the system it was taken from. */
  readonly label: string
  /** `NAME=value` of the image's configuration. */
  readonly environment: readonly string[]
  readonly platform: string | null
  readonly notes: readonly string[]
  readonly names: Place
  readonly files: Place
  readonly owners: Place
  /** Blocks that hold what resolution needs, and what only symbols need. */
  readonly core: readonly Place[]
  readonly symbols: readonly Place[]
}

/** An entry of a folder as JSON: its name, its kind, and what the kind needs. */
export type PackedNode =
  | readonly [name: string, kind: 0, mode: number, modified: number, children: readonly PackedNode[]]
  | readonly [name: string, kind: 1, mode: number, file: number]
  | readonly [name: string, kind: 2, mode: number, size: number, head: string]
  | readonly [name: string, kind: 3, target: string]
  | readonly [name: string, kind: 4]

/** Where stretches lie: the block, the position in it, and pairs of offset and length in the file. */
export type PackedStretches = readonly [block: number, at: number, pairs: readonly number[]]

/** A file whose bytes are kept: 0 whole, 1 ELF, 2 ELF whose holes read as zeros. */
export type PackedFile = readonly [
  kind: 0 | 1 | 2,
  size: number,
  modified: number,
  core: PackedStretches,
  symbols: PackedStretches,
]

/** An OS package and those of its files that are in the capture. */
export type PackedOwner = readonly [manager: string, name: string, version: string, files: readonly string[]]

/** Files, or stretches of one, are packed together up to this size. */
export const BLOCK_SIZE: number = 256 * 1024
/** Nothing of a capture unpacks to more. */
export const MAX_RAW: number = 512 * 1024 * 1024

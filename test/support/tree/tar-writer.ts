/** Writes tar archives byte by byte, right and wrong ones, and images made of them. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

export interface TarSpec {
  readonly name: string
  /** Typeflag; `0`, a file, by default. */
  readonly type?: string
  readonly data?: Uint8Array | string
  readonly link?: string
  readonly mode?: number
  /** What the header says of the size, when it is to lie. */
  readonly size?: number
  /** Bytes put over the finished header, before its checksum. */
  readonly patch?: Readonly<Record<number, string>>
  /** A wrong checksum. */
  readonly broken?: boolean
}

const BLOCK = 512

/** One entry: header and data. */
export function entry(spec: TarSpec): Buffer {
  const data = Buffer.from(spec.data ?? '')
  const block = Buffer.alloc(BLOCK)
  block.write(spec.name, 0, 100, 'latin1')
  octal(block, 100, 8, spec.mode ?? (spec.type === '5' ? 0o755 : 0o644))
  octal(block, 108, 8, 0)
  octal(block, 116, 8, 0)
  octal(block, 124, 12, spec.size ?? data.length)
  octal(block, 136, 12, 0)
  block.write(spec.type ?? '0', 156, 'latin1')
  block.write(spec.link ?? '', 157, 100, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  for (const [at, text] of Object.entries(spec.patch ?? {})) block.write(text, Number(at), 'latin1')
  block.write('        ', 148, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0) + (spec.broken === true ? 1 : 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return Buffer.concat([block, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)])
}

/** An archive of these entries, or of ready bytes, with the two blocks of zeros at its end. */
export function tar(...entries: readonly (TarSpec | Buffer)[]): Buffer {
  const parts = entries.map((item) => (Buffer.isBuffer(item) ? item : entry(item)))
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

/** A PAX header with these records. */
export function pax(records: Readonly<Record<string, string>>, type: 'x' | 'g' = 'x'): Buffer {
  const text = Object.entries(records).map(([key, value]) => paxRecord(key, value))
  return entry({ name: 'PaxHeaders/x', type, data: Buffer.concat(text) })
}

function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest
  while (String(length).length + rest !== length) length = String(length).length + rest
  return Buffer.from(`${length} ${key}=${value}\n`)
}

function octal(block: Buffer, at: number, length: number, value: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
}

export interface ImageSpec {
  /** Uncompressed layers, bottom first. */
  readonly layers: readonly Buffer[]
  /** How a layer is stored; gzip by default. */
  readonly store?: (layer: Buffer) => Buffer
  readonly environment?: readonly string[]
}

/** The files of an OCI layout by name; `index` may put its own in place of the index. */
export function ociLayout({
  layers,
  store = (layer) => gzipSync(layer),
  environment = [],
}: ImageSpec): Map<string, Buffer> {
  const files = new Map<string, Buffer>([['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')]])
  const add = (bytes: Buffer): { digest: string; size: number } => {
    const hex = sha256(bytes)
    files.set(`blobs/sha256/${hex}`, bytes)
    return { digest: `sha256:${hex}`, size: bytes.length }
  }
  const json = (value: unknown): { digest: string; size: number } => add(Buffer.from(JSON.stringify(value)))
  const config = json({
    os: 'linux',
    architecture: 'amd64',
    config: { Env: environment },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
  })
  const manifest = json({ schemaVersion: 2, config, layers: layers.map((layer) => add(store(layer))) })
  files.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [manifest] })))
  return files
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Writes a capture. The same system gives the same bytes: everything is in the order of names, and there is no time stamp. */
import { createHash } from 'node:crypto'
import { constants, deflateSync } from 'node:zlib'
import type { KeptFile, KeptFolder, KeptNode } from '../../tree/archive/kept.ts'
import type { Stretch } from '../../tree/content.ts'
import type { PackageDatabase } from '../package-database.ts'
import { BLOCK_SIZE, MAGIC } from './format.ts'
import type { CaptureHead, PackedFile, PackedNode, PackedOwner, PackedStretches, Place } from './format.ts'

export interface CaptureInput {
  readonly label: string
  readonly root: KeptFolder
  readonly owners: PackageDatabase
  readonly environment: readonly string[]
  readonly platform: string | null
  readonly notes: readonly string[]
}

/** Package databases: their answers are kept in a form of our own, so that no program is needed to read them again. */
const DATABASES =
  /^(?:var\/lib\/dpkg|(?:usr\/)?lib\/apk\/db|usr\/lib\/sysimage\/rpm|var\/lib\/rpm|usr\/share\/rpm)(?:\/|$)/

/** The bytes of a capture. */
export function writeCapture(input: CaptureInput): Uint8Array {
  const packer = new Packer()
  const names = packer.folder(input.root, '')
  packer.core.finish()
  packer.symbols.finish()
  const parts: Buffer[] = []
  let offset = 0
  const place = (packed: Buffer, raw: number): Place => {
    parts.push(packed)
    offset += packed.length
    return [offset - packed.length, packed.length, raw]
  }
  const json = (value: unknown): Place => {
    const raw = Buffer.from(JSON.stringify(value))
    return place(pack(raw), raw.length)
  }
  const head: CaptureHead = {
    schema: 'airtight/capture/v1',
    label: input.label,
    environment: input.environment,
    platform: input.platform,
    notes: input.notes,
    names: json(names),
    files: json(packer.files),
    owners: json(packedOwners(input.owners, packer.paths)),
    core: packer.core.blocks.map(({ packed, raw }) => place(packed, raw)),
    symbols: packer.symbols.blocks.map(({ packed, raw }) => place(packed, raw)),
  }
  return Buffer.concat([...preamble(pack(Buffer.from(JSON.stringify(head)))), ...parts])
}

function preamble(head: Buffer): readonly Buffer[] {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return [Buffer.from(MAGIC), length, createHash('sha256').update(head).digest().subarray(0, 16), head]
}

function pack(raw: Uint8Array): Buffer {
  return deflateSync(raw, { level: constants.Z_DEFAULT_COMPRESSION })
}

/** Packages with those of their files that the capture has. */
function packedOwners(owners: PackageDatabase, paths: ReadonlySet<string>): readonly PackedOwner[] {
  return owners
    .packages()
    .map(({ manager, name, version }): PackedOwner => [
      manager,
      name,
      version,
      owners.files(name).filter((path) => paths.has(path)),
    ])
}

/** Gathers bytes into blocks and packs each that is full. */
class Blocks {
  readonly blocks: { readonly packed: Buffer; readonly raw: number }[] = []
  #parts: Uint8Array[] = []
  #size = 0

  add(stretches: readonly Stretch[]): PackedStretches {
    if (stretches.length === 0) return [0, 0, []]
    const at = this.#size
    const pairs: number[] = []
    for (const { offset, bytes } of stretches) {
      pairs.push(offset, bytes.length)
      this.#parts.push(bytes)
      this.#size += bytes.length
    }
    const block = this.blocks.length
    if (this.#size >= BLOCK_SIZE) this.finish()
    return [block, at, pairs]
  }

  finish(): void {
    if (this.#size === 0) return
    const raw = Buffer.concat(this.#parts, this.#size)
    this.blocks.push({ packed: pack(raw), raw: raw.length })
    this.#parts = []
    this.#size = 0
  }
}

class Packer {
  readonly core = new Blocks()
  readonly symbols = new Blocks()
  readonly files: PackedFile[] = []
  /** Paths whose owner may be asked for: libraries, programs, links. */
  readonly paths = new Set<string>()
  readonly #known = new Map<KeptFile, number>()

  folder(folder: KeptFolder, path: string): readonly PackedNode[] {
    const out: PackedNode[] = []
    for (const [name, node] of [...folder.children].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const inner = path === '' ? name : `${path}/${name}`
      if (node.kind === 'folder') {
        if (!DATABASES.test(inner)) out.push([name, 0, node.mode, node.modified, this.folder(node, inner)])
      } else out.push(this.#entry(name, inner, node))
    }
    return out
  }

  #entry(name: string, path: string, node: Exclude<KeptNode, KeptFolder>): PackedNode {
    if (node.kind === 'other') return [name, 4]
    if (node.kind === 'link') {
      this.paths.add(`/${path}`)
      return [name, 3, node.target]
    }
    const { mode, size, parts } = node
    if (parts.kind === 'blank') {
      const { head } = parts
      if (head[0] === 0x23 || name.includes('.so') || (mode & 0o111) !== 0) this.paths.add(`/${path}`)
      return [name, 2, mode, size, Buffer.from(head).toString('latin1')]
    }
    this.paths.add(`/${path}`)
    let file = this.#known.get(node)
    if (file === undefined) {
      file = this.files.length
      this.files.push(this.#file(node))
      this.#known.set(node, file)
    }
    return [name, 1, mode, file]
  }

  #file({ size, modified, parts }: KeptFile): PackedFile {
    if (parts.kind === 'whole')
      return [0, size, modified, this.core.add([{ offset: 0, bytes: parts.bytes }]), [0, 0, []]]
    if (parts.kind !== 'elf') return [1, size, 0, [0, 0, []], [0, 0, []]]
    return [parts.zeros ? 2 : 1, size, 0, this.core.add(parts.core), this.symbols.add(parts.symbols)]
  }
}

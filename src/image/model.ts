/** What an image is made of, before any byte of it is written. Paths are byte strings relative to the root, without a leading slash. */
import type { ByteSource } from '../domain/source.ts'

/** Bytes of a file of the image, read when its layer is written. */
export type FileContent =
  | {
      /** A file of this machine, by its absolute path. It must still be what it was when the image was planned. */
      readonly kind: 'disk'
      readonly path: string
      /** Modification time in nanoseconds when it was planned; another one at writing ends the build. */
      readonly modifiedNs: bigint
    }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A file of a tree that is no folder of this machine: opened for its layer, closed behind it. */
  | { readonly kind: 'source'; open(): ByteSource & { close(): void } }

/** Whose an entry is, and what may be done with it. */
export interface Permissions {
  /** Permission bits, setuid, setgid and sticky among them. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

interface EntryStatus extends Permissions {
  readonly path: string
  /** Seconds since 1970, clamped already. */
  readonly modified: number
}

/** One entry of a layer. */
export type ImageEntry =
  | (EntryStatus & { readonly kind: 'folder' })
  | (EntryStatus & { readonly kind: 'link'; readonly target: string })
  /** A second name of a file that stands before it in the same layer. */
  | (EntryStatus & { readonly kind: 'hard-link'; readonly to: string })
  | (EntryStatus & { readonly kind: 'file'; readonly size: number; readonly content: FileContent })

/** Layers in the order in which they lie over each other. */
export type LayerClass = 'base' | 'os' | 'libraries' | 'application' | 'packages' | 'environment'

/** A layer that we write. Folders stand before what is in them; entries are sorted by the bytes of their paths. */
export interface NewLayer {
  readonly class: LayerClass
  /** For a person: `blender 3.4.1`. */
  readonly title: string
  /** `NAME-VERSION` of the packages in it, sorted. */
  readonly packages: readonly string[]
  readonly entries: readonly ImageEntry[]
}

/** A layer of the base image, passed through byte for byte. */
export interface BaseLayer {
  readonly mediaType: string
  /** `sha256:HEX` of the blob as it is stored. */
  readonly digest: string
  /** `sha256:HEX` of the tar in it. */
  readonly diffId: string
  /** Size of the blob in bytes. */
  readonly size: number
  bytes(): AsyncIterable<Uint8Array>
}

/** What the configuration of an image says about how it is run (image-spec, config.md). */
export interface RunConfig {
  readonly env: readonly string[]
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly workingDir: string
  readonly user: string
  readonly labels: Readonly<Record<string, string>>
}

/** An image that others begin with. */
export interface BaseImage {
  readonly layers: readonly BaseLayer[]
  /** `amd64`, `arm64` ... as Go names them. */
  readonly architecture: string
  readonly variant: string | null
  readonly config: RunConfig
  /** One line for each layer, empty where the base has no history. */
  readonly history: readonly string[]
}

/** A whole image. */
export interface Image {
  /** Null for one whose every layer we write, as over a base that is a folder. */
  readonly base: BaseImage | null
  readonly layers: readonly NewLayer[]
  readonly architecture: string
  readonly config: RunConfig
  /** RFC 3339, from SOURCE_DATE_EPOCH or the newest file: never the clock. */
  readonly created: string
  readonly annotations: Readonly<Record<string, string>>
  /** `NAME:TAG` for the index. */
  readonly reference: string
}

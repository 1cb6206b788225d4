/** What is to be started, apart from the engine that starts it: the target, the person, what of the machine is seen inside. */
import type { ArchiveFormat } from '../system/source-kind.ts'

/** The engines, in the order in which they are taken. */
export const ENGINES = ['podman', 'docker', 'apptainer', 'bwrap'] as const
export type Engine = (typeof ENGINES)[number]

/** What is started. Paths are absolute paths of this machine. */
export type Target =
  /** An OCI layout in a folder. */
  | { readonly kind: 'layout'; readonly path: string; readonly tag: string | null }
  /** An image in one file. */
  | { readonly kind: 'archive'; readonly path: string; readonly format: ArchiveFormat }
  /** An unpacked root. `entry` is the program of it that starts others, null for none. */
  | { readonly kind: 'folder'; readonly path: string; readonly entry: string | null }
  /** A SIF file of apptainer's. */
  | { readonly kind: 'sif'; readonly path: string }
  /** A name that the engine knows. */
  | { readonly kind: 'name'; readonly name: string }

/** Something of the machine that is seen inside. */
export interface LaunchMount {
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
  /** It is left out where the target is no file of the root: for single files of a system. */
  readonly overFile?: boolean
}

/** The person who starts it. */
export interface LaunchUser {
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
  readonly name: string
  readonly home: string
}

export interface Launch {
  readonly target: Target
  /** Program and arguments, never empty. */
  readonly command: readonly string[]
  readonly user: LaunchUser
  /** The working folder inside. */
  readonly folder: string
  /** stdin and stdout are a terminal. */
  readonly terminal: boolean
  readonly mounts: readonly LaunchMount[]
  /** In order; later ones win. */
  readonly env: readonly (readonly [name: string, value: string])[]
  /** A CDI device such as `nvidia.com/gpu=all`, null without. */
  readonly gpu: string | null
  /** Devices of the machine, such as /dev/dri. */
  readonly devices: readonly string[]
}

/** What the machine is like, as far as command lines depend on it. */
export interface EngineFacts {
  /** We are root: the engine has no need of a user namespace. */
  readonly root: boolean
}

/** The command line of an engine, or in one sentence why it cannot start this target. */
export type CommandLine = { readonly args: readonly [string, ...string[]] } | { readonly refused: string }

/** The program of a folder, its entry script first. */
export function inFolder(target: Target & { readonly kind: 'folder' }, command: readonly string[]): readonly string[] {
  return target.entry === null ? command : [target.entry, ...command]
}

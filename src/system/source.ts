/** Sources of a system as the command line names them: a folder, an image, an archive, a capture, or a declared base. */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine, whyUnread } from '../domain/fault.ts'
import type { BaseDeclaration, Cpu, System } from '../domain/system.ts'
import { openFolderTree, volumeTree } from '../tree/folder.ts'
import type { FolderMount } from '../tree/folder.ts'
import { rememberedVolume } from '../tree/remembered.ts'
import { statusAt } from '../tree/status.ts'
import { cpuOfLevel, nativeCpu } from './cpu.ts'
import { openSystem } from './open.ts'
import { isFileSource, isLayout, isPrefixed } from './source-kind.ts'

/** Folders of which a root file system has at least one. */
const ROOT_FOLDERS = ['bin', 'etc', 'lib', 'lib64', 'nix', 'opt', 'sbin', 'usr', 'var']

export interface SourceExtras {
  /** Which image of an index is meant, such as `linux/arm64`. */
  readonly platform?: string | null
  /** Folders laid over the tree, whatever it is. */
  readonly mounts?: readonly FolderMount[]
  readonly progress?: (label: string, bytes: number) => void
  /** Many worlds will be made of it, and it does not change meanwhile: what its tree says is asked for once. */
  readonly remember?: boolean
}

interface SourceOptions extends SourceExtras {
  readonly cpu: Cpu | null
  readonly rpmProgram: string | null
}

/**
 * Opens what `--base` or `--host` names: `/` or another folder that is a root file system, `oci:DIR[:TAG]`,
 * `docker-archive:FILE`, `oci-archive:FILE`, a capture, a tar archive, or a declared base (`*.yaml`, `*.yml`).
 *
 * @param cpu the processor; null takes the declared base's, for `/` this machine's, else the baseline
 * @param rpmProgram the rpm program that may be asked about an rpm database
 * @returns a fault in one line that says what to do; for a declared base the first fault of its file
 */
export async function openSource(
  spec: string,
  cpu: Cpu | null,
  rpmProgram: string | null = null,
  extras: SourceExtras = {},
): Promise<System | Fault> {
  const builtin = await openBuiltin(spec, cpu)
  if (builtin !== null) return builtin
  const options = { ...extras, cpu, rpmProgram }
  if (/\.ya?ml$/.test(spec)) return openDeclared(spec, options)
  return openTree(spec, spec, null, options)
}

/** Opens a source that is no declaration, under a label and perhaps with the declaration that names it. */
async function openTree(
  spec: string,
  label: string,
  declaration: BaseDeclaration | null,
  options: SourceOptions,
): Promise<System | Fault> {
  const status = isPrefixed(spec) ? null : statusAt(spec)
  if (status !== null && 'message' in status) return status
  if (status === null || !status.isDirectory() || isLayout(spec)) return openFile(spec, label, declaration, options)
  const fault = rootProblem(spec)
  if (fault !== null) return fault
  const tree = openFolderTree(spec, options.mounts ?? [], options.remember)
  return openSystem(tree, {
    label,
    cpu: options.cpu ?? cpuFor(spec, declaration),
    declaration,
    rpmProgram: options.rpmProgram,
  })
}

async function openFile(
  spec: string,
  label: string,
  declaration: BaseDeclaration | null,
  options: SourceOptions,
): Promise<System | Fault> {
  // Reading archives and captures brings much that a folder does not need.
  if (!isFileSource(spec)) return missing(spec)
  const [{ openFileSource }, { keptVolume }, { variablesOf }] = await Promise.all([
    import('./source-file.ts'),
    import('../tree/archive/kept.ts'),
    import('./inherited.ts'),
  ])
  const source = await openFileSource(spec, options.platform ?? null, options.progress ?? null)
  if ('message' in source) return source
  const kept = keptVolume(source.root)
  const top = volumeTree(label, { volume: options.remember === true ? rememberedVolume(kept) : kept, inner: '' })
  const mounts = (options.mounts ?? []).map(({ source: folder, at }) => ({
    source: openFolderTree(folder),
    folder: '/',
    at,
  }))
  return openSystem(mounts.length === 0 ? top : top.mount(mounts), {
    label,
    cpu: options.cpu ?? cpuFor(spec, declaration),
    declaration,
    rpmProgram: options.rpmProgram,
    found: source,
    environment: variablesOf(source.environment),
    ...(source.owners === null ? {} : { owners: source.owners }),
  })
}

function cpuFor(spec: string, declaration: BaseDeclaration | null): Cpu {
  if (declaration !== null) return cpuOfLevel(declaration.cpu)
  return resolve(spec) === '/' ? nativeCpu() : cpuOfLevel(1)
}

/** A built-in base by its name; a file or folder of that name comes first. */
async function openBuiltin(spec: string, cpu: Cpu | null): Promise<System | Fault | null> {
  if (!/^[a-z][\w-]*$/.test(spec) || statusAt(spec) !== null) return null
  // What is known of built-in bases is large: only those who name one need it.
  const { findProfile, openProfile } = await import('./profile.ts')
  const profile = findProfile(spec)
  return profile === null ? null : openProfile(profile, cpu ?? cpuOfLevel(1))
}

async function openDeclared(spec: string, options: SourceOptions): Promise<System | Fault> {
  // The reader of declarations brings YAML and its schema: most runs name a folder and need neither.
  const { readBaseFile } = await import('./base.ts')
  const base = readBaseFile(spec)
  if (!('declaration' in base)) return base[0] ?? faultAtLine('malformed', spec, null, 'is no declared base')
  const { declaration, root, capture } = base
  const source = root ?? capture
  if (source === null) {
    return faultAtLine(
      'unsupported',
      spec,
      null,
      'names no root and no capture; add capture: FILE (airtight base capture) or root: FOLDER',
    )
  }
  const system = await openTree(source, declaration.name, declaration, options)
  if (!('message' in system)) return system
  return faultAtLine(system.kind, spec, null, `${root === null ? 'capture' : 'root'}: ${source}: ${system.message}`)
}

/**
 * Why a folder is no root of a system, null where it may be one: one that holds nothing a system has would make every
 * library missing, which is an error in the question.
 */
export function rootProblem(folder: string): Fault | null {
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    return faultAtLine(
      'unreadable',
      folder,
      null,
      `${whyUnread(error)}; name a root folder, oci:DIR, docker-archive:FILE or a tar archive`,
    )
  }
  if (names.length === 0) return faultAtLine('malformed', folder, null, 'is an empty folder; name a root file system')
  if (names.some((name) => ROOT_FOLDERS.includes(name))) return null
  return faultAtLine(
    'malformed',
    folder,
    null,
    'is no root file system: it has none of usr, lib, lib64, etc, nix; name the folder that holds them',
  )
}

function missing(spec: string): Fault {
  const sources = 'name a root folder, oci:DIR, docker-archive:FILE, a capture or a declared base (*.yaml)'
  const text = /^[\w.-]+$/.test(spec)
    ? `is no folder, no file and no built-in base such as rocky-9; ${sources}`
    : `does not exist; ${sources}`
  return faultAtLine('missing', spec, null, text)
}

/** Sources of a system as the command line names them: a folder, or a declared base. */
import { readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import type { Cpu, System } from '../domain/system.ts'
import { openFolderTree } from '../tree/folder.ts'
import { cpuOfLevel, nativeCpu } from './cpu.ts'
import { openSystem } from './open.ts'

/** Folders of which a root file system has at least one. */
const ROOT_FOLDERS = ['bin', 'etc', 'lib', 'lib64', 'nix', 'opt', 'sbin', 'usr', 'var']

/**
 * Opens what `--base` or `--host` names: `/` or another folder that is a root file system, or a declared base
 * (`*.yaml`, `*.yml`).
 *
 * @param cpu the processor; null takes the declared base's, for `/` this machine's, else the baseline
 * @param rpmProgram the rpm program that may be asked about an rpm database
 * @returns a fault in one line that says what to do; for a declared base the first fault of its file
 */
export async function openSource(
  spec: string,
  cpu: Cpu | null,
  rpmProgram: string | null = null,
): Promise<System | Fault> {
  const prefix = /^(oci|docker-archive):/.exec(spec)?.[1]
  if (prefix !== undefined)
    return unsupported(spec, `${prefix}: sources cannot be read yet; unpack the image and name its folder`)
  if (/\.ya?ml$/.test(spec)) return openDeclared(spec, cpu, rpmProgram)
  const status = statSync(spec, { throwIfNoEntry: false })
  if (status === undefined) return missing(spec)
  if (!status.isDirectory()) {
    return unsupported(spec, 'is a file; name a root folder or a declared base (*.yaml): captures cannot be read yet')
  }
  const fault = checkRoot(spec)
  if (fault !== null) return fault
  const standard = resolve(spec) === '/' ? nativeCpu() : cpuOfLevel(1)
  return openSystem(openFolderTree(spec), { label: spec, cpu: cpu ?? standard, rpmProgram })
}

async function openDeclared(spec: string, cpu: Cpu | null, rpmProgram: string | null): Promise<System | Fault> {
  // The reader of declarations brings YAML and its schema: most runs name a folder and need neither.
  const { readBaseFile } = await import('./base.ts')
  const base = readBaseFile(spec)
  if (!('declaration' in base)) return base[0] ?? faultAtLine('malformed', spec, null, 'is no declared base')
  const { declaration, root } = base
  if (root === null) {
    const reason = base.capture === null ? 'names no root' : 'names a capture, which cannot be read yet'
    return unsupported(spec, `${reason}; add root: FOLDER, a folder that holds the unpacked base`)
  }
  const status = statSync(root, { throwIfNoEntry: false })
  if (status?.isDirectory() !== true) {
    return faultAtLine('missing', spec, null, `root: ${root} is no folder; name the folder of the unpacked base`)
  }
  const fault = checkRoot(root)
  if (fault !== null) return fault
  return openSystem(openFolderTree(root), {
    label: declaration.name,
    cpu: cpu ?? cpuOfLevel(declaration.cpu),
    declaration,
    rpmProgram,
  })
}

/** A folder that holds nothing a system has would make every library missing: that is an error in the question. */
function checkRoot(folder: string): Fault | null {
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error'
    return faultAtLine('unreadable', folder, null, `cannot read the folder: ${code}`)
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
  const text = /^[\w.-]+$/.test(spec)
    ? 'is no folder, and built-in bases cannot be named yet; name a root folder or a declared base (*.yaml)'
    : 'does not exist; name a root folder or a declared base (*.yaml)'
  return faultAtLine('missing', spec, null, text)
}

function unsupported(spec: string, text: string): Fault {
  return faultAtLine('unsupported', spec, null, text)
}

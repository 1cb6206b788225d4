/** Opens one source of grafts: a root folder, an image that is unpacked first, a declared base, or a package folder. */
import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { packageId } from '../domain/context.ts'
import { ELFCLASS64, EM_AARCH64, EM_X86_64 } from '../domain/object.ts'
import type { Supply } from '../repair/supply.ts'
import { baseSupply, packageSupply } from '../repair/supply.ts'
import { diskFiles } from '../rez/repository/files.ts'
import { readPackageFolder } from '../rez/repository/definition-file.ts'
import type { Definition } from '../rez/source/definition.ts'
import { textAttribute } from '../rez/source/definition.ts'
import { folderVariants } from '../rez/context/folder.ts'
import { cpuOfLevel } from '../system/cpu.ts'
import { openSystem } from '../system/open.ts'
import { isLayout, isPrefixed } from '../system/source-kind.ts'
import { rootProblem } from '../system/source.ts'
import { createWorld } from '../system/world.ts'
import { openFolderTree } from '../tree/folder.ts'
import { isFolder, statusAt } from '../tree/status.ts'
import { baseSource } from './image-base.ts'
import type { UnpackProgress } from './run-unpacked.ts'
import { walkPayload } from './walk.ts'

/** What one `NAME=SOURCE` says; without a name the source gives one. */
export interface NamedSource {
  readonly name: string | null
  readonly spec: string
}

/** One source as it was opened. */
export interface OpenedSource {
  readonly name: string
  readonly folder: string
  readonly supply: Supply
}

/** Folders of a variant between its root and the definition: real ones have up to six. */
const LEVELS = 10

/** The source, or one line that says why there are no files to copy. */
export async function openGraftSource(
  { name, spec }: NamedSource,
  progress: UnpackProgress | null,
): Promise<OpenedSource | Fault> {
  if (!isPrefixed(spec) && isFolder(spec) && !isLayout(spec)) {
    const found = await packageAbove(realpathSync(spec))
    if (found !== null) return packageSource(spec, found, name)
  }
  const fault = isPrefixed(spec) ? null : placeProblem(spec)
  if (fault !== null) return fault
  const base = baseSource(spec, '/')
  if ('message' in base) return base
  const root = base.kind === 'folder' ? base.path : await unpacked(base.spec, progress)
  if (typeof root !== 'string') return root
  const problem = rootProblem(root)
  if (problem !== null) return base.kind === 'folder' ? problem : { ...problem, file: spec }
  const called = name ?? base.name
  const system = openSystem(openFolderTree(root), { label: called, cpu: cpuOfLevel(1) })
  return { name: called, folder: root, supply: baseSupply(createWorld({ name: 'host', system }), called) }
}

function placeProblem(spec: string): Fault | null {
  if (spec === '/') return faultAt('unsupported', spec, null, 'is the running machine: say host, and --host /')
  if (statusAt(spec) !== null) return null
  const sources = 'name a root folder, oci:DIR[:TAG], docker-archive:FILE, a declared base or a package folder'
  return faultAt('missing', spec, null, `does not exist; ${sources}`)
}

async function unpacked(spec: string, progress: UnpackProgress | null): Promise<string | Fault> {
  const { unpackedImage } = await import('./run-unpacked.ts')
  const image = await unpackedImage(spec, progress)
  return 'message' in image ? image : image.root
}

interface FoundPackage {
  readonly folder: string
  readonly definition: Definition
}

/** The package that a folder is, or that it lies in, unless the folder is the root of a system. */
async function packageAbove(start: string): Promise<FoundPackage | null> {
  const levels = isSystem(start) ? 0 : LEVELS
  let folder = start
  for (let level = 0; level <= levels; level += 1) {
    const { definition } = await readPackageFolder(folder, diskFiles)
    if (definition !== null) return { folder, definition }
    if (folder === dirname(folder)) return null
    folder = dirname(folder)
  }
  return null
}

/** Old systems and small ones have no os-release, and yet a loader. */
function isSystem(folder: string): boolean {
  const system = openSystem(openFolderTree(folder), { cpu: cpuOfLevel(1) })
  const loader = system.loader(null, EM_X86_64, ELFCLASS64) ?? system.loader(null, EM_AARCH64, ELFCLASS64)
  return system.os !== null || loader !== null
}

async function packageSource(
  spec: string,
  { folder, definition }: FoundPackage,
  name: string | null,
): Promise<OpenedSource | Fault> {
  const root = realpathSync(spec)
  if (root === folder) {
    const variants = await folderVariants(folder, diskFiles)
    if ('faults' in variants) return variants.faults[0] ?? faultAt('malformed', spec, null, 'is no package')
    if (variants.length > 1) {
      return faultAt('malformed', spec, null, `has ${variants.length} variants; name the folder of one of them`)
    }
  }
  const item = {
    name: textAttribute(definition, 'name') ?? '',
    version: textAttribute(definition, 'version') ?? '',
    payload: ['/'],
    excluded: [],
  }
  if (item.name === '') return faultAt('malformed', definition.file, null, "has no name: name = 'package' was expected")
  const id = packageId(item)
  const called = name ?? id
  const tree = openFolderTree(root)
  const { entries } = walkPayload(tree, item, () => false)
  const paths = entries.map(({ path }) => path)
  return { name: called, folder: root, supply: packageSupply(called, id, tree, paths) }
}

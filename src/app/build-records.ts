/** What packages were built with: the build.rxt beside each payload, read when a rule asks. */
import type { BuildPackage, BuildRecord } from '../domain/audit.ts'
import { decodeBytes } from '../domain/bytes.ts'
import type { Package } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import type { Handle } from '../rez/context/rxt.ts'
import { readRxt, RXT_LIMIT } from '../rez/context/rxt.ts'
import { variantsOf } from '../rez/repository/requires.ts'
import { variantSubpath } from '../rez/repository/variant-root.ts'
import { flagAttribute } from '../rez/source/definition.ts'
import { parsePython } from '../rez/python/parse.ts'
import { readPackagePy } from '../rez/source/package-py.ts'

const DEFINITION_LIMIT = 1 << 20

export interface BuildRecords {
  of(item: Package): BuildRecord | null
  /** What could not be read so far. */
  faults(): readonly Fault[]
}

/** Records of packages on one machine, each read once. */
export function buildRecords(machine: Tree): BuildRecords {
  const known = new Map<string, BuildRecord | null>()
  const faults: Fault[] = []
  return {
    of: (item) => {
      if (item.root === '') return null
      const file = `${item.root}/build.rxt`
      let record = known.get(file)
      if (record === undefined) known.set(file, (record = read(machine, file, faults)))
      return record
    },
    faults: () => faults,
  }
}

function read(machine: Tree, file: string, faults: Fault[]): BuildRecord | null {
  const bytes = machine.content(file, RXT_LIMIT)
  if (failed(bytes)) {
    // Packages that Rez did not build have none.
    if (bytes.errno !== 'ENOENT' && bytes.errno !== 'ENOTDIR') {
      faults.push(faultAt('unreadable', file, null, `cannot be read: ${bytes.errno}`))
    }
    return null
  }
  const rxt = readRxt(decodeBytes(bytes, 0, bytes.length), file)
  if (!('handles' in rxt)) {
    faults.push(...rxt)
    return null
  }
  return { file, packages: rxt.handles.map((handle) => packageOf(machine, handle)) }
}

function packageOf(machine: Tree, handle: Handle): BuildPackage {
  const { name, version } = handle
  const root = rootOf(machine, handle)
  return { name, version, root: root !== null && !failed(machine.folder(root)) ? root : null }
}

/** Where the variant lies; null for what has no folder, and where its variants are not known. */
function rootOf(machine: Tree, handle: Handle): string | null {
  const { location, name, version, index, repositoryType, extension } = handle
  if (repositoryType !== 'filesystem' || extension !== null || !location.startsWith('/')) return null
  const base = version === '' ? `${location}/${name}` : `${location}/${name}/${version}`
  if (index === null) return base
  const bytes = machine.content(`${base}/package.py`, DEFINITION_LIMIT)
  if (failed(bytes)) return null
  const { definition } = readPackagePy(decodeBytes(bytes, 0, bytes.length), `${base}/package.py`, parsePython)
  if (definition === null) return null
  const variant = variantsOf(definition).variants.find((one) => one.index === index)
  if (variant === undefined) return null
  return `${base}/${variantSubpath(variant, flagAttribute(definition, 'hashed_variants') === true)}`
}

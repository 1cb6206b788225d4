/** Files that tell a container engine which devices a machine has: the Container Device Interface (CNCF CDI, SPEC.md). */
import { parse } from 'yaml'
import { z } from 'zod'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'

/** Where engines look for them by default (SPEC.md, "CDI JSON Specification", paths). */
const CDI_FOLDERS: readonly string[] = ['/etc/cdi', '/var/run/cdi']
const MAX_SIZE = 4 * 1024 * 1024

/** A file that an engine lays into the container. */
export interface CdiMount {
  readonly hostPath: string
  readonly containerPath: string
}

export interface CdiSpec {
  /** Path in the tree. */
  readonly file: string
  /** VENDOR/CLASS, such as `nvidia.com/gpu`. */
  readonly kind: string
  /** Fully qualified: `nvidia.com/gpu=all`. */
  readonly devices: readonly string[]
  /** Mounts of all devices, each pair once, in the order of the file. */
  readonly mounts: readonly CdiMount[]
}

const edits = z.looseObject({
  mounts: z.array(z.looseObject({ hostPath: z.string(), containerPath: z.string() })).nullish(),
})
/** What is read of a file; its other keys are for engines. */
const cdiFile = z.looseObject({
  cdiVersion: z.string(),
  kind: z.string(),
  devices: z.array(z.looseObject({ name: z.string(), containerEdits: edits.nullish() })).nullish(),
  containerEdits: edits.nullish(),
})

/**
 * Reads the device files of a system, in the order of folder and name. What is no such file is a fault: an engine refuses
 * it, too.
 */
export function readCdi(tree: Tree): { readonly specs: readonly CdiSpec[]; readonly faults: readonly Fault[] } {
  const specs: CdiSpec[] = []
  const faults: Fault[] = []
  const seen = new Set<string>()
  for (const folder of CDI_FOLDERS) {
    const found = tree.lookup(folder)
    if (failed(found) || found.kind !== 'folder' || seen.has(found.path)) continue
    seen.add(found.path)
    const children = tree.children(found.path)
    if (failed(children)) {
      faults.push(
        faultAt('unreadable', folder, null, `the folder of device files cannot be listed (${children.errno})`),
      )
      continue
    }
    for (const { name } of children.filter((child) => /\.(?:json|ya?ml)$/.test(child.name))) {
      const read = readSpec(tree, `${found.path}/${name}`)
      if ('message' in read) faults.push(read)
      else specs.push(read)
    }
  }
  return { specs, faults }
}

function readSpec(tree: Tree, file: string): CdiSpec | Fault {
  const bytes = tree.content(file, MAX_SIZE)
  if (failed(bytes)) return faultAt('unreadable', file, null, `the device file cannot be read (${bytes.errno})`)
  let data: unknown
  try {
    data = parse(Buffer.from(bytes).toString('utf8'), { maxAliasCount: 100, logLevel: 'error' })
  } catch {
    return faultAt('malformed', file, null, 'is no CDI file: it is neither JSON nor YAML; make it again')
  }
  const result = cdiFile.safeParse(data)
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
    )
    return faultAt('malformed', file, null, `is no CDI file: ${problems.slice(0, 1).join('')}; make it again`)
  }
  const { kind, containerEdits } = result.data
  const devices = result.data.devices ?? []
  const mounts = new Map<string, CdiMount>()
  for (const edit of [containerEdits, ...devices.map((device) => device.containerEdits)]) {
    for (const { hostPath, containerPath } of edit?.mounts ?? []) {
      mounts.set(`${hostPath}\n${containerPath}`, { hostPath, containerPath })
    }
  }
  return { file, kind, devices: devices.map(({ name }) => `${kind}=${name}`), mounts: [...mounts.values()] }
}

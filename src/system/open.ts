/** Opens a tree as a system: the port that everything above asks, reading nothing before it is asked. */
import type { Fault } from '../domain/fault.ts'
import type { BaseDeclaration, Cpu, LoaderSetup, OsRelease, System } from '../domain/system.ts'
import type { Tree } from '../domain/tree.ts'
import { readSetup } from './loader-setup.ts'
import { readOsRelease } from './os-release.ts'
import { openOwners } from './owners.ts'
import type { PackageDatabase } from './package-database.ts'

export interface SystemOptions {
  /** What a person calls the system; the tree's own label by default. */
  readonly label?: string
  readonly cpu: Cpu
  readonly declaration?: BaseDeclaration | null
  /** The rpm program to ask about an rpm database; null leaves its owners unknown. */
  readonly rpmProgram?: string | null
  /** Who owns files, where the tree's own databases are not to be asked: a capture keeps the answers. */
  readonly owners?: PackageDatabase
  /** Variables of an image's configuration. */
  readonly environment?: ReadonlyMap<string, string>
  /** What was found while the tree was made. */
  readonly found?: { readonly faults: readonly Fault[]; readonly notes: readonly string[] }
}

/** The system of a tree. Answers are memoised: the tree must not change while it is used. */
export function openSystem(tree: Tree, options: SystemOptions): System {
  const found: Fault[] = []
  const notes: string[] = []
  const loaders = new Map<string, LoaderSetup | null>()
  const opened = new Map<string, LoaderSetup | null>()
  const owners = options.owners ?? openOwners(tree, options.rpmProgram ?? null)
  let os: OsRelease | null | undefined
  return {
    label: options.label ?? tree.label,
    tree,
    declaration: options.declaration ?? null,
    get os(): OsRelease | null {
      return os === undefined ? (os = readOsRelease(tree)) : os
    },
    loader: (interpreter, machine, elfClass) => {
      // A named loader is the same for every machine that names it.
      const key = interpreter ?? `${machine}/${elfClass}`
      let setup = loaders.get(key)
      if (setup === undefined) {
        setup = readSetup({ tree, cpu: options.cpu, faults: found, notes, opened }, interpreter, machine, elfClass)
        loaders.set(key, setup)
      }
      return setup
    },
    owner: (path) => owners.owner(path),
    packageFiles: (name) => owners.files(name),
    packages: () => owners.packages(),
    absence: () => 'lacks',
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    get faults(): readonly Fault[] {
      return [...(options.found?.faults ?? []), ...found, ...owners.faults]
    },
    get notes(): readonly string[] {
      return [...(options.found?.notes ?? []), ...notes, ...owners.notes]
    },
  }
}

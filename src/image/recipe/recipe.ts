/** What an engine is told to do so that it makes the image of a composed tree: files to copy, to take away, to unpack. */
import { packageId } from '../../domain/context.ts'
import type { Composition, Node } from '../compose/composition.ts'
import { comparePaths } from '../compose/disk.ts'
import type { AddedPackages, CopiedSource } from '../compose/packages.ts'
import { layerOf } from '../layers/cut.ts'
import type { NewLayer, RunConfig } from '../model.ts'

/** A folder of this machine that holds files to copy, under the name by which the recipe calls it. */
export interface Store {
  readonly name: string
  readonly folder: string
}

/** One file or folder to copy. */
export interface RecipeCopy {
  readonly package: string
  readonly store: string
  /** Absolute on this machine. */
  readonly from: string
  /** Below the folder of its store, without a leading slash; empty for all of it. */
  readonly source: string
  /** Absolute in the image. */
  readonly to: string
  readonly isFile: boolean
}

/** All that goes over the base. Paths in the image are absolute. */
export interface Recipe {
  /** What the image begins with, as the engine names it. */
  readonly from: string
  /** Installs OS packages, in a POSIX shell; null where none are missing. */
  readonly install: string | null
  readonly stores: readonly Store[]
  /** In the order in which they are copied. */
  readonly copies: readonly RecipeCopy[]
  /** Packages that are not in the image as they lie on this machine: what repairs change, other variants in them, bits they lost. */
  readonly changed: ReadonlySet<string>
  /** What the copies bring and the image has not. */
  readonly removed: readonly string[]
  /** Files of packages that repairs change or add; null for none. */
  readonly packageFiles: NewLayer | null
  /** Grafts and links of repairs, links on the way to packages, the environment and the program that starts others. */
  readonly systemFiles: NewLayer
  readonly config: Pick<RunConfig, 'entrypoint' | 'labels'>
}

export interface RecipeParts {
  readonly from: string
  readonly install: string | null
  readonly composition: Composition
  readonly added: AddedPackages
  /** The entries as they were before repairs. */
  readonly unrepaired: ReadonlyMap<string, Node>
  readonly config: Pick<RunConfig, 'entrypoint' | 'labels'>
  /** The folder without links of each package's repository. */
  readonly repositoryOf: (copy: CopiedSource) => string
}

/** Finds out what of the tree the packages bring as they are, and what has to be changed behind it. */
export function recipeOf(parts: RecipeParts): Recipe {
  const { composition, added, unrepaired } = parts
  const { nodes } = composition
  const removed = new Set(added.copies.flatMap(({ leftOut }) => leftOut))
  const changed = new Set(added.copies.filter(({ leftOut }) => leftOut.length > 0).map(({ item }) => packageId(item)))
  const packagePaths: string[] = added.plainer.filter((path) => nodes.has(path))
  // Links on the way to packages lie in no folder that is copied, or handed on by a stage.
  const systemPaths: string[] = added.links.filter((path) => nodes.has(path))
  for (const [path, node] of nodes) {
    const { owner } = node
    if (owner.kind === 'os' || owner.kind === 'environment') systemPaths.push(path)
    else if (owner.kind === 'package' && unrepaired.get(path) !== node) packagePaths.push(path)
  }
  for (const [path, { owner }] of unrepaired) {
    if (nodes.has(path) || owner.kind !== 'package') continue
    removed.add(path)
    changed.add(owner.id)
  }
  for (const path of packagePaths) {
    const owner = nodes.get(path)?.owner
    if (owner?.kind === 'package') changed.add(owner.id)
  }
  const { stores, copies } = copiesOf(parts)
  const layer = (title: string, paths: readonly string[]): NewLayer =>
    layerOf(composition, { class: 'packages', title, packages: [], paths: [...new Set(paths)] })
  return {
    from: parts.from,
    install: parts.install,
    stores,
    copies,
    changed,
    removed: [...removed].map((path) => `/${path}`).sort(comparePaths),
    packageFiles: packagePaths.length === 0 ? null : layer('what repairs change in packages', packagePaths),
    systemFiles: layer('what goes beside packages', systemPaths),
    config: parts.config,
  }
}

/** By their places in the image: what lies in a folder that is copied comes after it. */
function copiesOf({ added, repositoryOf }: RecipeParts): {
  readonly stores: readonly Store[]
  readonly copies: readonly RecipeCopy[]
} {
  const sources = added.copies
    .toSorted((a, b) => comparePaths(a.to, b.to))
    .map((copy) => ({ copy, folder: storeOf(copy, repositoryOf(copy)) }))
  const folders = [...new Set(sources.map(({ folder }) => folder))].sort(comparePaths)
  const stores = folders.map((folder, at) => ({ name: `packages${at + 1}`, folder }))
  const copies = sources.map(({ copy, folder }): RecipeCopy => {
    const { item, from, to, isFile } = copy
    return {
      package: packageId(item),
      store: stores.find((store) => store.folder === folder)?.name ?? '',
      from,
      source: from === folder ? '' : from.slice(folder === '/' ? 1 : folder.length + 1),
      to: `/${to}`,
      isFile,
    }
  })
  return { stores, copies }
}

/** A repository where the file lies in one; else the folder itself, or that of the file. */
function storeOf({ from, isFile }: CopiedSource, repository: string): string {
  if (from.startsWith(repository === '/' ? '/' : `${repository}/`)) return repository
  return isFile ? from.slice(0, from.lastIndexOf('/')) || '/' : from
}

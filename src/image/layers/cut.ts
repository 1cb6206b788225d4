/**
 * Cuts the composed tree into layers: the base, what repairs add to it, then packages by how they are used and by size,
 * and the environment on top. The release of one package changes the layer that holds it.
 */
import { createHash } from 'node:crypto'
import { encodeBytes } from '../../domain/bytes.ts'
import type { Composition, Node } from '../compose/composition.ts'
import { parentOf } from '../compose/composition.ts'
import { comparePaths } from '../compose/disk.ts'
import type { ImageEntry, LayerClass, NewLayer } from '../model.ts'
import type { Group, PackageWeight } from './group.ts'
import { groupPackages } from './group.ts'

export interface CutOptions {
  /** How packages are used; those that own no file need not be named. */
  readonly packages: readonly Omit<PackageWeight, 'size'>[]
  /** Layers of a base that are passed through. */
  readonly baseLayers: number
  /** How many layers there may be in all. */
  readonly limit: number
}

/** Paths that are to be one layer. */
export interface Draft {
  readonly class: LayerClass
  readonly title: string
  readonly packages: readonly string[]
  readonly paths: string[]
}

/** The layers from the lowest to the topmost. The same tree gives the same layers. */
export function cutLayers(composition: Composition, options: CutOptions): readonly NewLayer[] {
  const sizes = packageSizes(composition)
  const fixed = new Set<string>()
  for (const { owner } of composition.nodes.values()) fixed.add(owner.kind)
  const weights = [...sizes].map(([id, size]) => {
    const known = options.packages.find((item) => item.id === id)
    return { id, size, name: known?.name ?? id, users: known?.users ?? 0 }
  })
  const others = ['base', 'os', 'environment'].filter((kind) => fixed.has(kind)).length
  const groups = groupPackages(weights, Math.max(1, options.limit - options.baseLayers - others))
  const drafts = draftsOf(groups)
  const home = new Map(drafts.flatMap((draft) => draft.packages.map((id) => [id, draft] as const)))
  for (const [path, { owner }] of composition.nodes) {
    if (owner.kind === 'parent') continue
    const draft = owner.kind === 'package' ? home.get(owner.id) : drafts.find((item) => item.class === owner.kind)
    draft?.paths.push(path)
  }
  homeless(composition, drafts)
  return drafts.filter(({ paths }) => paths.length > 0).map((draft) => layerOf(composition, draft))
}

/** Bytes of the files of each package by `NAME-VERSION`. */
export function packageSizes(composition: Composition): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const node of composition.nodes.values()) {
    if (node.owner.kind !== 'package') continue
    sizes.set(node.owner.id, (sizes.get(node.owner.id) ?? 0) + (node.kind === 'file' ? node.size : 0))
  }
  return sizes
}

function draftsOf(groups: readonly Group[]): readonly Draft[] {
  const draft = (kind: LayerClass, title: string, packages: readonly string[] = []): Draft => ({
    class: kind,
    title,
    packages,
    paths: [],
  })
  const of = (kind: LayerClass): Draft[] =>
    groups.filter((group) => group.class === kind).map((group) => draft(kind, group.title, group.packages))
  return [
    draft('base', 'base'),
    draft('os', 'files of the system that repairs add'),
    ...of('libraries'),
    ...of('application'),
    ...of('packages'),
    draft('environment', 'environment'),
  ]
}

/** Folders that lead to nothing any more, as where a repair took the only file away: they go to the topmost layer. */
function homeless(composition: Composition, drafts: readonly Draft[]): void {
  const led = new Set<string>()
  for (const { paths } of drafts) {
    for (const path of paths) {
      for (let above = parentOf(path); above !== '' && !led.has(above); above = parentOf(above)) led.add(above)
    }
  }
  const top = drafts.at(-1)
  for (const [path, { owner }] of composition.nodes)
    if (owner.kind === 'parent' && !led.has(path)) top?.paths.push(path)
}

/** A layer repeats the folders that lead to its entries, each as it is in the layer below: docker makes missing ones anew. */
export function layerOf(composition: Composition, draft: Draft): NewLayer {
  const paths = new Set(draft.paths)
  for (const path of draft.paths) {
    for (let above = parentOf(path); above !== '' && !paths.has(above); above = parentOf(above)) {
      if (composition.nodes.has(above)) paths.add(above)
    }
  }
  const first = new Map<string, string>()
  const entries: ImageEntry[] = []
  for (const path of [...paths].sort(comparePaths)) {
    const node = composition.nodes.get(path)
    if (node !== undefined) entries.push(entryOf(path, node, first))
  }
  const { title, packages } = draft
  return { class: draft.class, title, packages, entries }
}

/** @param first the names that stand for files with several names, by identity */
function entryOf(path: string, node: Node, first: Map<string, string>): ImageEntry {
  const { mode, uid, gid, modified } = node
  const status = { path, mode, uid, gid, modified }
  if (node.kind === 'folder') return { ...status, kind: 'folder' }
  if (node.kind === 'link') return { ...status, kind: 'link', target: node.target }
  const to = node.identity === null ? undefined : first.get(node.identity)
  if (to !== undefined) return { ...status, kind: 'hard-link', to }
  if (node.identity !== null) first.set(node.identity, path)
  return { ...status, kind: 'file', size: node.size, content: node.content }
}

/** Sizes of the files of a layer in bytes. */
export function layerSize({ entries }: NewLayer): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.size : 0), 0)
}

/**
 * What a layer is made of without reading a file: names, modes, owners, times and sizes, and the bytes of what was made.
 * Equal fingerprints are equal layers, unless a file changed and kept both its size and its time.
 */
export function layerFingerprint({ entries }: NewLayer, leaveOut: ReadonlySet<string> = new Set()): string {
  const hash = createHash('sha256')
  for (const entry of entries) {
    if (leaveOut.has(entry.path)) continue
    const { kind, path, mode, uid, gid, modified } = entry
    hash.update(encodeBytes(`${kind}\0${path}\0${mode}\0${uid}\0${gid}\0${modified}\0`))
    if (entry.kind === 'link') hash.update(encodeBytes(`${entry.target}\0`))
    if (entry.kind === 'hard-link') hash.update(encodeBytes(`${entry.to}\0`))
    if (entry.kind === 'file') {
      hash.update(`${entry.size}\0`)
      if (entry.content.kind === 'bytes') hash.update(entry.content.bytes)
    }
  }
  return `sha256:${hash.digest('hex')}`
}

/** Layers laid over one another, as OCI's image-spec layer.md has it and overlayfs shows it. */
import type { Fault } from '../../domain/fault.ts'
import { faultAt } from '../../domain/fault.ts'
import type { KeptFolder, KeptNode } from './kept.ts'
import { newFolder } from './kept.ts'
import type { Layer } from './layer.ts'

const MAX_FAULTS = 64

/**
 * Lays `layer` over the tree of the layers below, which changes. First the layer's markers take away, whatever their
 * place in the archive; then its entries are put: a folder over a folder keeps what it holds, anything else replaces.
 *
 * @returns hard links whose target is nowhere
 */
export function layOverTree(below: KeptFolder, layer: Layer, label: string): readonly Fault[] {
  // Links are looked up before anything is taken away: their target may be a name that this layer moves.
  const targets = layer.pending.map(([, , { target }]) => find(below, target))
  take(below, layer.root, layer)
  const places = put(below, layer)
  const faults: Fault[] = []
  layer.pending.forEach(([folder, name, { target }], index) => {
    const found = targets[index] ?? null
    if (found !== null && found.kind !== 'folder') places.get(folder)?.children.set(name, found)
    else if (faults.length < MAX_FAULTS) {
      const message = `the hard link '${name.slice(0, 200)}' is left out: its target '${target.slice(0, 200)}' is no file of this or a lower layer`
      faults.push(faultAt('malformed', label, null, message))
    }
  })
  return faults
}

/** Takes away what the layer's markers name; a folder that is no folder below has nothing to lose. */
function take(below: KeptFolder, layer: KeptFolder, { removed }: Layer): void {
  const todo: [KeptFolder, KeptFolder][] = [[below, layer]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [lower, upper] = next
    const names = removed.get(upper)
    if (names === 'all') lower.children.clear()
    else if (names !== undefined) for (const name of names) lower.children.delete(name)
    for (const [name, child] of upper.children) {
      const under = lower.children.get(name)
      if (child.kind === 'folder' && under?.kind === 'folder') todo.push([under, child])
    }
  }
}

/** Puts the layer's entries; the folders of the merged tree by the folder of the layer that each shows. */
function put(below: KeptFolder, { root, named }: Layer): ReadonlyMap<KeptFolder, KeptFolder> {
  const places = new Map<KeptFolder, KeptFolder>()
  const todo: [KeptFolder, KeptFolder][] = [[below, root]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [lower, upper] = next
    places.set(upper, lower)
    if (named.has(upper)) {
      lower.mode = upper.mode
      lower.modified = upper.modified
    }
    for (const [name, child] of upper.children) {
      const under = lower.children.get(name)
      if (child.kind === 'folder') {
        // A copy: what later layers change must not change this layer, which may be laid once more.
        const target = under?.kind === 'folder' ? under : newFolder()
        lower.children.set(name, target)
        todo.push([target, child])
      } else lower.children.set(name, child)
    }
  }
  return places
}

function find(root: KeptFolder, path: string): KeptNode | null {
  let node: KeptNode = root
  for (const part of path.split('/')) {
    const next: KeptNode | undefined = node.kind === 'folder' ? node.children.get(part) : undefined
    if (next === undefined) return null
    node = next
  }
  return node
}

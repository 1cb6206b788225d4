/** Lays an unpacked layer over those below it by renaming, as OCI's image-spec layer.md has it. */
import { linkSync, renameSync, rmSync } from 'node:fs'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { diskPath } from './disk-path.ts'
import type { LayerUnpacker } from './unpack.ts'
import { describe, nodeAt, placeOf } from './unpacked-tree.ts'
import type { UnpackedFolder, UnpackedNode } from './unpacked-tree.ts'

interface Place {
  readonly top: string
  readonly root: UnpackedFolder
}

/**
 * Moves the layer at `from` into the tree at `below`. First the layer's markers take away, whatever their place in the
 * archive; then its entries are put: a folder over a folder keeps what it holds, anything else replaces.
 *
 * @param spare a folder on the same disk, empty
 * @returns hard links whose target is nowhere
 */
export function layOver(below: Place, from: string, layer: LayerUnpacker, spare: string): readonly Fault[] {
  const links = keepTargets(below, layer, spare)
  take(below, layer)
  const places = put(below, { top: from, root: layer.root })
  const faults: Fault[] = []
  layer.lowerLinks.forEach(({ folder, name, target }, at) => {
    const place = places.get(folder) ?? (isWithin(folder, below.root) ? folder : null)
    const node = links[at] ?? null
    if (node === null) {
      const message = `the hard link '${name.slice(0, 200)}' is left out: its target '${target.join('/').slice(0, 200)}' is no file of this or a lower layer`
      faults.push(faultAt('malformed', from, null, message))
    } else if (place !== null) {
      remove(below.top, place, name)
      renameSync(`${spare}/${at}`, diskPath(`${placeOf(below.top, place)}/${name}`))
      place.children.set(name, node)
    }
  })
  return faults
}

/** Second names for what hard links lead to, before anything is taken away. */
function keepTargets(below: Place, layer: LayerUnpacker, spare: string): readonly (UnpackedNode | null)[] {
  return layer.lowerLinks.map(({ target }, at) => {
    const node = nodeAt(below.root, target)
    if (node === null || node.kind === 'folder') return null
    linkSync(diskPath([below.top, ...target].join('/')), `${spare}/${at}`)
    return node
  })
}

function take(below: Place, layer: LayerUnpacker): void {
  const todo: [UnpackedFolder, UnpackedFolder][] = [[below.root, layer.root]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [lower, upper] = next
    const names = layer.removed.get(upper) ?? []
    for (const name of names === 'all' ? [...lower.children.keys()] : names) remove(below.top, lower, name)
    for (const [name, child] of upper.children) {
      const under = lower.children.get(name)
      if (child.kind === 'folder' && under?.kind === 'folder') todo.push([under, child])
    }
  }
}

/** @returns the folder below into which each folder of the layer went; those that were moved as a whole are their own */
function put(below: Place, layer: Place): ReadonlyMap<UnpackedFolder, UnpackedFolder> {
  const places = new Map<UnpackedFolder, UnpackedFolder>()
  const todo: [UnpackedFolder, UnpackedFolder][] = [[below.root, layer.root]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [lower, upper] = next
    places.set(upper, lower)
    if (upper.named) describe(lower, upper)
    const source = placeOf(layer.top, upper)
    const target = placeOf(below.top, lower)
    for (const [name, child] of upper.children) {
      const under = lower.children.get(name)
      if (child.kind === 'folder' && under?.kind === 'folder') {
        todo.push([under, child])
        continue
      }
      remove(below.top, lower, name)
      renameSync(diskPath(`${source}/${name}`), diskPath(`${target}/${name}`))
      lower.children.set(name, child)
    }
  }
  adopt(below.root)
  return places
}

/** Folders that were moved get their new parents, which tell where they lie. */
function adopt(root: UnpackedFolder): void {
  const todo = [root]
  for (let folder = todo.pop(); folder !== undefined; folder = todo.pop()) {
    for (const child of folder.children.values()) {
      if (child.kind !== 'folder') continue
      if (child.parent !== folder) child.parent = folder
      todo.push(child)
    }
  }
}

function isWithin(folder: UnpackedFolder, root: UnpackedFolder): boolean {
  let at = folder
  while (at.parent !== null) {
    if (at.parent.children.get(at.name) !== at) return false
    at = at.parent
  }
  return at === root
}

function remove(top: string, folder: UnpackedFolder, name: string): void {
  if (!folder.children.delete(name)) return
  rmSync(diskPath(`${placeOf(top, folder)}/${name}`), { recursive: true, force: true })
}

/** What we have put on a disk, kept in mind: no link that lies there is ever asked where it leads. */

export interface UnpackedFolder {
  readonly kind: 'folder'
  parent: UnpackedFolder | null
  name: string
  readonly children: Map<string, UnpackedNode>
  mode: number
  uid: number
  gid: number
  modified: number
  /** An entry names it; one that was only led through keeps the settings that it has in the layers below. */
  named: boolean
}

export type UnpackedNode =
  UnpackedFolder | { readonly kind: 'file' } | { readonly kind: 'link'; readonly target: string }

/** A folder that nobody has described. */
export function unpackedFolder(parent: UnpackedFolder | null, name: string): UnpackedFolder {
  return { kind: 'folder', parent, name, children: new Map(), mode: 0o755, uid: 0, gid: 0, modified: 0, named: false }
}

/** Gives a folder the settings of an entry, or of a layer above it, that names it. */
export function describe(folder: UnpackedFolder, { mode, uid, gid, modified }: Described): void {
  folder.mode = mode
  folder.uid = uid
  folder.gid = gid
  folder.modified = modified
  folder.named = true
}

type Described = Readonly<Pick<UnpackedFolder, 'mode' | 'uid' | 'gid' | 'modified'>>

/** Where a folder lies below `top`. */
export function placeOf(top: string, folder: UnpackedFolder): string {
  const names: string[] = []
  for (let at = folder; at.parent !== null; at = at.parent) names.push(at.name)
  return [top, ...names.reverse()].join('/')
}

/** What stands at a path, no link followed; null where nothing does. */
export function nodeAt(root: UnpackedFolder, parts: readonly string[]): UnpackedNode | null {
  let node: UnpackedNode = root
  for (const part of parts) {
    const next: UnpackedNode | undefined = node.kind === 'folder' ? node.children.get(part) : undefined
    if (next === undefined) return null
    node = next
  }
  return node
}

/** The parts of a name in an archive. */
export function partsOf(name: string): readonly string[] {
  return name.split('/').filter((part) => part !== '' && part !== '.')
}

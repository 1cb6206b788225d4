/** The one tree that an image will show, composed before it is cut into layers: no layer ever has to take anything away. */
import type { Fault } from '../../domain/fault.ts'
import { faultAt } from '../../domain/fault.ts'
import { failed } from '../../domain/tree.ts'
import type { Tree } from '../../domain/tree.ts'
import type { FileContent, Permissions } from '../model.ts'

/** Who puts an entry into the image. `parent`: a folder that only leads to others. */
export type Owner =
  { readonly kind: 'base' | 'os' | 'environment' | 'parent' } | { readonly kind: 'package'; readonly id: string }

interface NodeStatus extends Permissions {
  readonly owner: Owner
  /** Seconds since 1970, clamped already. */
  readonly modified: number
}

/** One entry of the composed tree. */
export type Node =
  | (NodeStatus & { readonly kind: 'folder' })
  | (NodeStatus & { readonly kind: 'link'; readonly target: string })
  | (NodeStatus & {
      readonly kind: 'file'
      readonly size: number
      readonly content: FileContent
      /** Equal for names of one file that its owner gave several names; null for a file with one name. */
      readonly identity: string | null
    })

/**
 * Time of folders that no base has, and of files that are made here: one second after 1970. A folder's own time changes
 * with every release beside it, and would change the layers of all its neighbours.
 */
export const FIXED_TIME = 1

const MAX_LINKS = 40

/** The link that a folder on the way to a package is where the package lies today, by its path in the image. */
export type LinkOf = (path: string) => { readonly target: string; readonly owner: Owner } | null

const NO_LINKS: LinkOf = () => null

/** Paths are byte strings relative to the root, without a slash at either end; the root is the empty path. */
export class Composition {
  readonly nodes: Map<string, Node> = new Map<string, Node>()
  /** Entries that lie in layers which are passed through; null where every layer is ours. */
  readonly base: Tree | null

  constructor(base: Tree | null) {
    this.base = base
  }

  /** What stands at a path, no link followed; null for nothing. */
  kind(path: string): 'folder' | 'link' | 'file' | 'other' | null {
    if (path === '') return 'folder'
    const node = this.nodes.get(path)
    if (node !== undefined) return node.kind
    if (this.base === null) return null
    if (this.base.link(`/${path}`) !== null) return 'link'
    const found = this.base.lookup(`/${path}`)
    return failed(found) ? null : found.kind
  }

  /** Whether a layer of the base that is passed through has this entry. */
  inBase(path: string): boolean {
    return !this.nodes.has(path) && this.kind(path) !== null
  }

  #target(path: string): string {
    const node = this.nodes.get(path)
    return node?.kind === 'link' ? node.target : (this.base?.link(`/${path}`) ?? '')
  }

  /**
   * The folder that a path leads to, links of the tree followed as the kernel would (merged /usr: `lib` leads to
   * `usr/lib`); what is missing on the way is made: a link where it is one today, else a folder.
   *
   * @returns its path without links, or why there can be no folder
   */
  folder(path: string, linkOf: LinkOf = NO_LINKS): string | Fault {
    const todo = path.split('/').reverse()
    let current = ''
    let links = 0
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (name === '' || name === '.') continue
      if (name === '..') {
        current = parentOf(current)
        continue
      }
      const child = current === '' ? name : `${current}/${name}`
      let kind = this.kind(child)
      if (kind === null) kind = this.#make(child, linkOf(child))
      if (kind === 'folder') {
        current = child
      } else if (kind === 'link') {
        links += 1
        if (links > MAX_LINKS) return faultAt('malformed', `/${path}`, null, 'leads in a circle of links in the image')
        const target = this.#target(child)
        if (target.startsWith('/')) current = ''
        todo.push(...target.split('/').reverse())
      } else {
        return faultAt('malformed', `/${path}`, null, `cannot be a folder: /${child} is a file in the image`)
      }
    }
    return current
  }

  #make(path: string, link: ReturnType<LinkOf>): 'folder' | 'link' {
    if (link === null) {
      this.nodes.set(path, { kind: 'folder', owner: { kind: 'parent' }, mode: 0o755, ...ROOT_OWNED })
      return 'folder'
    }
    this.nodes.set(path, { kind: 'link', owner: link.owner, target: link.target, mode: 0o777, ...ROOT_OWNED })
    return 'link'
  }

  /**
   * Puts an entry at a path whose folders {@link folder} has given. A folder that is there already stays as it is, one
   * that only leads to others takes the entry's owner and mode.
   */
  put(path: string, node: Node): Fault | null {
    const there = this.kind(path)
    if (node.kind === 'folder') {
      const known = this.nodes.get(path)
      if (there === null || known?.owner.kind === 'parent') this.nodes.set(path, node)
      else if (there !== 'folder') return this.#clash(path, 'a folder', there)
      return null
    }
    if (there === 'folder') return this.#clash(path, `a ${node.kind}`, there)
    this.nodes.set(path, node)
    return null
  }

  #clash(path: string, wanted: string, there: string): Fault {
    return faultAt('malformed', `/${path}`, null, `cannot be ${wanted}: a ${there} of that name stands in the image`)
  }
}

/** What no package owns belongs to root, and has a time that never changes. */
export const ROOT_OWNED: { readonly uid: number; readonly gid: number; readonly modified: number } = {
  uid: 0,
  gid: 0,
  modified: FIXED_TIME,
}

/** The folder that holds a path; the root's is the root. */
export function parentOf(path: string): string {
  const cut = path.lastIndexOf('/')
  return cut < 0 ? '' : path.slice(0, cut)
}

/** A folder of the image and a name in it, as one path. */
export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** Where repair files lie below the folder of all repairs, and what stands for folders inside them. */
import type { Package } from '../domain/context.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'

/** Folder of the lock files; a lock has the path of its repair file below it. */
export const STATE_FOLDER = '.state'

/** Where grafts go in an image unless the builder is told otherwise. */
export const GRAFT_ROOT = '/opt/airtight/graft'

/** What a path of a repair file begins with where it means the grafts of the image. */
export const GRAFT = '{graft}'

/** The folder of grafts that is on the library path of the context. */
export const PUBLIC_GRAFTS = '{graft}/lib'

/** The folder of one graft that is on no library path: only those find it who are told. */
export function privateFolder(name: string): string {
  return `${GRAFT}/private/${name}`
}

/** Whether a path of a repair file is that of grafts, or below it. */
export function leadsToGrafts(text: string): boolean {
  return text === GRAFT || text.startsWith(`${GRAFT}/`)
}

/** `packages/NAME/VERSION[/VARIANT].yaml`; levels of the variant joined by `,`, odd characters percent-coded. */
export function packageFilePath(item: Pick<Package, 'name' | 'version' | 'variantRequires'>): string {
  const parts = [item.name, ...(item.version === '' ? [] : [item.version])]
  if (item.variantRequires.length > 0) parts.push(item.variantRequires.map(encodePart).join(','))
  return `packages/${parts.map((part, at) => (at === 2 ? part : encodePart(part))).join('/')}.yaml`
}

/** `contexts/NAME.yaml`. */
export function contextFilePath(name: string): string {
  return `contexts/${encodePart(name)}.yaml`
}

/** A name as one part of a path: letters, digits and `._+-` as they are, every other byte as %NN; never `.` or `..`. */
export function encodePart(name: string): string {
  const coded = [...Buffer.from(name, 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte)
      return /[A-Za-z0-9._+-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
  return coded.startsWith('.') ? `%2E${coded.slice(1)}` : coded
}

/**
 * A path of one package as repair files write it: `{tiff}/lib`, `{maya:1}/lib` below its second payload root.
 *
 * @param machine where the package lies: a payload root that is a link, as `_v/a` of a hashed variant, counts by both names
 */
export function packagePath(item: Package, path: string, machine: Tree): string | null {
  for (const [at, root] of item.payload.entries()) {
    const token = at === 0 ? `{${item.name}}` : `{${item.name}:${at}}`
    for (const folder of [root, realFolder(machine, root)]) {
      if (path === folder) return token
      if (path.startsWith(`${folder}/`)) return token + path.slice(folder.length)
    }
  }
  return null
}

/** A folder by its name without links; the name itself where nothing is. */
export function realFolder(tree: Tree, folder: string): string {
  const found = tree.lookup(folder)
  return failed(found) ? folder : found.path
}

/** What tokens stand for. */
export interface Places {
  readonly packages: readonly Pick<Package, 'name' | 'payload'>[]
  /** Absolute, without a slash at the end. */
  readonly graftRoot: string
}

/** The absolute path that a path of a repair file means; null where its token is not known or it leads out with `..`. */
export function expandPath(text: string, places: Places): string | null {
  if (text.split('/').includes('..')) return null
  const token = /^\{([^{}:]+)(?::(\d+))?\}(?=\/|$)/.exec(text)
  if (token === null) return text.startsWith('/') ? text : null
  const rest = text.slice(token[0].length)
  if (token[0] === GRAFT) return places.graftRoot + rest
  const item = places.packages.find((candidate) => candidate.name === token[1])
  const root = item?.payload[Number(token[2] ?? '0')]
  return root === undefined ? null : root + rest
}

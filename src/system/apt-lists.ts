/** What the package lists that apt keeps in a tree offer: names of OS packages that can be installed there. */
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import { paragraphs } from './control.ts'

const FOLDER = '/var/lib/apt/lists'
/** Debian's main has about 60 MB. */
const MAX_LIST = 512 * 1024 * 1024
const MAX_LISTS = 64

/** Package names by the names under which they can be asked for: their own, and those they provide. */
export type Offers = ReadonlyMap<string, string>

/** Reads every uncompressed list of a tree; empty where apt keeps none. A package's own name goes before a provided one. */
export function readOffers(tree: Tree): Offers {
  const children = tree.children(FOLDER)
  if (failed(children)) return new Map()
  const own = new Map<string, string>()
  const provided = new Map<string, string>()
  const lists = children.filter(({ name }) => name.endsWith('_Packages')).slice(0, MAX_LISTS)
  for (const { name } of lists) {
    const content = tree.content(`${FOLDER}/${name}`, MAX_LIST)
    if (failed(content)) continue
    addList(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1'), own, provided)
  }
  return new Map([...provided, ...own])
}

/** A name with a version, perhaps with an architecture between. */
const PROVIDED = /^\s*[a-z0-9][a-z0-9+.-]*(?::\S+)?\s*\(=/

/**
 * Takes in one list (deb822). A name without a version in Provides may be a virtual package that many provide; one with a
 * version stands for the package of that name, as the t64 names of Debian 13 do.
 */
function addList(text: string, own: Map<string, string>, provided: Map<string, string>): void {
  for (const fields of paragraphs(text, ['Package', 'Provides'])) {
    const name = fields.get('Package') ?? ''
    if (name === '') continue
    own.set(name, name)
    for (const item of (fields.get('Provides') ?? '').split(',').filter((part) => PROVIDED.test(part))) {
      const other = item.trim().replace(/[:\s(].*$/s, '')
      if (!provided.has(other)) provided.set(other, name)
    }
  }
}

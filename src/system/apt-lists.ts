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
  const own = new Map<string, string>()
  const provided = new Map<string, string>()
  for (const text of listsOf(tree)) addList(text, own, provided)
  return new Map([...provided, ...own])
}

/** What an OS package depends on; `least` is the version of `(>= VERSION)`, null for any. */
export interface Dependency {
  readonly name: string
  readonly least: string | null
}

/**
 * Reads what each OS package of the lists depends on, of alternatives the first, by the package's own name. A package of
 * several lists has the dependencies of the last.
 */
export function readDependencies(tree: Tree): (name: string) => readonly Dependency[] {
  const texts = new Map<string, string>()
  for (const text of listsOf(tree)) {
    for (const fields of paragraphs(text, ['Package', 'Depends', 'Pre-Depends'])) {
      const all = [fields.get('Pre-Depends') ?? '', fields.get('Depends') ?? ''].filter((one) => one !== '').join(',')
      // A copy: a part of the list would keep all of it.
      if (all !== '') texts.set(fields.get('Package') ?? '', Buffer.from(all, 'latin1').toString('latin1'))
    }
  }
  return (name) =>
    (texts.get(name) ?? '').split(',').flatMap((item) => {
      const [, other, least] = /^\s*([a-z0-9][a-z0-9+.-]*)(?::\S+)?\s*(?:\(>=\s*([^)\s]+)\s*\))?/.exec(item) ?? []
      return other === undefined ? [] : [{ name: other, least: least ?? null }]
    })
}

function* listsOf(tree: Tree): Generator<string> {
  const children = tree.children(FOLDER)
  if (failed(children)) return
  for (const { name } of children.filter((child) => child.name.endsWith('_Packages')).slice(0, MAX_LISTS)) {
    const content = tree.content(`${FOLDER}/${name}`, MAX_LIST)
    if (failed(content)) continue
    yield Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1')
  }
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

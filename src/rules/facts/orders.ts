/**
 * Other legal orders of a context's packages that change which copy of a library wins. Rez puts a package behind what it
 * requires; between the others the order of the requests decides (rez/solver.py). All orders need not be tried: only
 * sonames with several copies on LD_LIBRARY_PATH can change, and for each of them only which package comes first.
 */
import type { ContextAudit, PackageObject, ResolvedWorld, WorldName } from '../../domain/audit.ts'
import type { Closure } from '../../domain/closure.ts'
import type { Package } from '../../domain/context.ts'
import type { World } from '../../domain/system.ts'
import { resolveClosure } from '../../loader/closure.ts'
import { sameContent } from './contents.ts'
import type { Copies, Copy } from './copies.ts'
import { folderName } from './copies.ts'
import { normalPath } from './presence.ts'
import type { Requirements } from './requirements.ts'

/** One need that would be answered by another package. */
export interface Flip {
  readonly object: PackageObject
  readonly name: string
  readonly now: string
  readonly then: string
}

/** Two packages whose order nothing fixes, and what hangs on it. */
export interface OpenOrder {
  readonly world: WorldName
  /** Its copies win now. */
  readonly winner: Package
  readonly other: Package
  readonly flips: readonly Flip[]
}

/** Pairs and processes that are tried; a context with more of them has other worries. */
const MOST_PAIRS = 64
const MOST_ROOTS = 256

export interface OrderQuestion {
  readonly audit: ContextAudit
  readonly copies: Copies
  readonly requirements: Requirements
  readonly world: WorldName
  /** Folders of LD_LIBRARY_PATH in order. */
  readonly libraryPath: readonly string[]
}

/** Every pair of packages whose order is open and matters in one world. */
export function findOpenOrders(question: OrderQuestion): readonly OpenOrder[] {
  const resolved = question.audit.worlds[question.world]
  if (resolved === undefined) return []
  return [...openPairs(question).values()].slice(0, MOST_PAIRS).flatMap(({ winner, other, names }) => {
    const path = swapped(question, winner, other)
    const flips = path === null ? [] : flipsOf(question.audit, resolved, path, names)
    return flips.length === 0 ? [] : [{ world: question.world, winner, other, flips }]
  })
}

interface Pair {
  readonly winner: Package
  readonly other: Package
  readonly names: Set<string>
}

/** Pairs with different copies of one soname, where the one that loses now may legally come to win. */
function openPairs(question: OrderQuestion): ReadonlyMap<string, Pair> {
  const pairs = new Map<string, Pair>()
  for (const name of question.copies.shared) {
    const copies = onPath(question, question.copies.publicCopies(name, null))
    const [first, ...others] = copies
    if (first === undefined) continue
    for (const copy of others) {
      if (copy.owner === first.owner || sameContent(question, [first, copy])) continue
      if (!mayWin(question, first.owner, copy.owner)) continue
      const key = `${first.owner.name}\0${copy.owner.name}`
      const known = pairs.get(key)
      if (known === undefined) pairs.set(key, { winner: first.owner, other: copy.owner, names: new Set([name]) })
      else known.names.add(name)
    }
  }
  return pairs
}

/** Copies in folders of the library path, in the order in which a search meets them. */
function onPath(question: OrderQuestion, copies: readonly Copy[]): readonly Copy[] {
  const folders = question.libraryPath.map(normalPath)
  return copies
    .map((copy) => ({ copy, place: folders.indexOf(folderName(copy.path)) }))
    .filter(({ place }) => place >= 0)
    .sort((a, b) => a.place - b.place)
    .map(({ copy }) => copy)
}

/**
 * Whether an order exists in which the other package's folders come first. Appended folders stand in the order of the
 * packages, prepended ones in the opposite order; which of them it is shows in how the two stand now.
 */
function mayWin({ audit, requirements }: OrderQuestion, winner: Package, other: Package): boolean {
  const { packages } = audit.context
  const appended = packages.indexOf(winner) < packages.indexOf(other)
  return appended ? requirements.chain(other, winner.name) === null : requirements.chain(winner, other.name) === null
}

/** The library path with the other package's folders in front of the winner's; null where it has none of its own. */
function swapped(question: OrderQuestion, winner: Package, other: Package): readonly string[] | null {
  const setters = question.audit.context.environment.variables.find((item) => item.name === 'LD_LIBRARY_PATH')
  const ownerOf = (folder: string): string | null =>
    setters?.entries.find((entry) => entry.value.split(/[:;]/).includes(folder))?.package ?? null
  const isOf = (folder: string, item: Package): boolean => {
    const id = item.version === '' ? item.name : `${item.name}-${item.version}`
    return ownerOf(folder) === id
  }
  const moved = question.libraryPath.filter((folder) => isOf(folder, other))
  const rest = question.libraryPath.filter((folder) => !isOf(folder, other))
  const at = rest.findIndex((folder) => isOf(folder, winner))
  return moved.length === 0 || at < 0 ? null : [...rest.slice(0, at), ...moved, ...rest.slice(at)]
}

/** Resolves the processes that hold one of the names again, under another library path. */
function flipsOf(
  audit: ContextAudit,
  resolved: ResolvedWorld,
  path: readonly string[],
  names: ReadonlySet<string>,
): readonly Flip[] {
  const world = withLibraryPath(resolved.world, path.join(':'))
  const objects = new Map(audit.objects.map((object) => [object.path, object]))
  const flips = new Map<string, Flip>()
  const roots = resolved.closures.filter((closure) => closure.rootIndex === 0 && asksFor(closure, names))
  for (const closure of roots.slice(0, MOST_ROOTS)) {
    const before = answersOf(closure)
    for (const [key, then] of answersOf(resolveClosure(world, closure.root))) {
      const now = before.get(key)
      const [from = '', name = ''] = key.split('\0')
      const object = objects.get(from)
      if (now === undefined || now === then || object === undefined) continue
      flips.set(key, { object, name, now, then })
    }
  }
  return [...flips.values()]
}

function asksFor(closure: Closure, names: ReadonlySet<string>): boolean {
  return closure.objects.some((object) => names.has(object.name))
}

/** Files by the object that asks and the name. */
function answersOf(closure: Closure): ReadonlyMap<string, string> {
  const answers = new Map<string, string>()
  for (const { from, name, to } of closure.bindings) {
    const asker = closure.objects[from]?.file ?? null
    const file = closure.objects[to]?.file ?? null
    if (asker !== null && file !== null) answers.set(`${asker}\0${name}`, file)
  }
  return answers
}

/** The same world with another LD_LIBRARY_PATH. What was read stays read. */
function withLibraryPath(world: World, libraryPath: string): World {
  return {
    name: world.name,
    system: world.system,
    tree: world.tree,
    numbering: world.numbering,
    environment: { ...world.environment, libraryPath },
    lookup: (path) => world.lookup(path),
    folder: (path) => world.folder(path),
    identity: (path) => world.identity(path),
    read: (path) => world.read(path),
    symbols: (path) => world.symbols(path),
    symbolFile: (path) => world.symbolFile(path),
    definitions: (path, name) => world.definitions(path, name),
  }
}

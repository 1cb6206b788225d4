/** Resolves every root of a context in one world, and puts together the answer that counts for each need. */
import type { PackageObject, Provider, ResolvedNeed, ResolvedWorld, SymbolFacts } from '../domain/audit.ts'
import type { Closure } from '../domain/closure.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import { once } from '../domain/once.ts'
import type { World } from '../domain/system.ts'
import { resolveClosure } from '../loader/closure.ts'
import { explainNeed } from '../loader/explain.ts'
import { requiredNames } from '../rules/facts/requirements.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import { coveredByBase } from '../system/covered.ts'
import { broughtBy } from './brings.ts'
import { resolveCommands, systemToolsOf } from './commands.ts'
import type { Focus, Gathered } from './gather.ts'
import type { Entry } from './ledger.ts'
import { Ledger } from './ledger.ts'
import type { KnownClosures } from './link-maps.ts'
import { LinkMaps } from './link-maps.ts'
import { symbolFacts } from './symbol-facts.ts'
import { knownOpenings } from './opened.ts'
import { OwnSearch } from './own-search.ts'
import type { Roots } from './roots.ts'

export interface ResolveOptions {
  readonly world: World
  readonly gathered: Gathered
  /** The objects to judge: foreign ones are left out. */
  readonly objects: readonly PackageObject[]
  readonly roots: Roots
  readonly packages: readonly Package[]
  /** Folders of the context's PATH. */
  readonly path: readonly string[]
  /** The value of a variable of the context, null for none. */
  readonly variable?: (name: string) => string | null
  readonly withSystemTools: boolean
  readonly withCommands: boolean
  readonly drivers: Drivers
  /** The packages whose needs are asked for; null for all. */
  readonly focus: Focus
  /** Sonames that policy lets packages take from the base. */
  readonly allowed: (soname: string) => boolean
  /** Closures that other worlds of the system have resolved; absent where only this world is looked at. */
  readonly closures?: KnownClosures | null
  /** Files of the system that repairs bring: packages may rely on them. */
  readonly grants?: (file: string) => boolean
}

/** Resolves one world. */
export function resolveWorld(options: ResolveOptions): ResolvedWorld {
  const { world, gathered } = options
  const resolver = new Resolver(options)
  resolver.run()
  const { closures, insides } = resolver
  const search = new OwnSearch(world)
  return {
    world,
    closures: [...closures.values()],
    needs: resolver.needs(search),
    commands: options.withCommands ? resolveCommands(options) : [],
    symbols: resolver.symbols(),
    systemTools: options.withSystemTools ? systemToolsOf(world, gathered.ownership) : [],
    trail: (root, object, name) => {
      const inside = insides.get(root) ?? null
      const trail = explainNeed(world, root, object, name, inside)
      return trail.length > 0 ? trail : search.trail(root, inside, object, name)
    },
    opened: once(() => {
      const programs = new Set(options.roots.alone.filter(({ role }) => role === 'program').map(({ path }) => path))
      const first = [...closures.values()].sort((a, b) => Number(programs.has(b.root)) - Number(programs.has(a.root)))
      const variable = options.variable ?? ((): null => null)
      return knownOpenings({ world, closures: first, insides, search, ownership: gathered.ownership, variable })
    }),
    ownerOf: (path) => world.system.owner(path),
    covers: (file, soname) =>
      options.grants?.(file) === true || coveredByBase(world.system, file, soname) || options.allowed(soname),
    repaired: (file) => options.grants?.(file) === true,
    brings: (root, file) => broughtBy(closures.get(root) ?? null, file, gathered.ownership),
  }
}

class Resolver {
  readonly closures = new Map<string, Closure>()
  /** The program in whose process a root was opened. */
  readonly insides = new Map<string, string>()
  readonly #options: ResolveOptions
  readonly #maps: LinkMaps
  readonly #ledger: Ledger
  readonly #byPath: ReadonlyMap<string, PackageObject>
  readonly #byNumber: ReadonlyMap<number, PackageObject>
  readonly #names: ReadonlySet<string>
  readonly #alone = new Set<PackageObject>()
  readonly #guests = new Set<PackageObject>()

  constructor(options: ResolveOptions) {
    this.#options = options
    this.#byPath = new Map(options.objects.map((object) => [object.path, object]))
    this.#maps = options.closures?.maps ?? new LinkMaps()
    this.#byNumber = new Map(options.objects.map((object) => [this.#maps.packaged(object.path), object]))
    this.#ledger = new Ledger(this.#maps, this.#byNumber)
    this.#names = namesOf(options.objects, options.gathered)
  }

  run(): void {
    const { roots, objects } = this.#options
    for (const object of roots.alone) this.#keep(this.#closure(object, null), null, null)
    for (const { object, programs } of roots.declared) {
      for (const program of programs) this.#keep(this.#closure(object, program), program, null)
    }
    for (const object of roots.guests) {
      const program = this.#settle(object, null)
      if (program === null) this.#guests.add(object)
    }
    const { focus } = this.#options
    const inFocus = (object: PackageObject): boolean => focus === null || focus(object.owner)
    // What no root reaches is judged for itself: its own needs alone, since nothing is known to load it.
    const unreached = objects.filter(
      (object) => object.role === 'library' && this.#ledger.entry(object) === null && inFocus(object),
    )
    for (const object of unreached) {
      this.#alone.add(object)
      this.#settle(object, object)
    }
  }

  /** Facts about symbols, each computed when it is asked for. */
  symbols(): SymbolFacts {
    const { world, roots, gathered } = this.#options
    return symbolFacts({
      world,
      closures: this.closures,
      insides: this.insides,
      objects: this.#byPath,
      alone: new Set([...this.#alone, ...this.#guests]),
      roots,
      ownership: gathered.ownership,
    })
  }

  /** Tries an object alone, then in the programs that may open it, and keeps the map with the fewest problems. */
  #settle(object: PackageObject, only: PackageObject | null): PackageObject | null {
    let best = this.#closure(object, null)
    let fewest = this.#problems(object, best)
    let program: PackageObject | null = null
    if (fewest > 0) {
      for (const host of this.#options.roots.hosts(object)) {
        const closure = this.#closure(object, host)
        const problems = closure.fatal === null ? this.#problems(object, closure) : Number.POSITIVE_INFINITY
        if (problems >= fewest) continue
        best = closure
        fewest = problems
        program = host
        if (problems === 0) break
      }
    }
    this.#keep(best, program, only, program !== null || object.role === 'library')
    return program
  }

  #closure(object: PackageObject, inside: PackageObject | null): Closure {
    const { world, closures } = this.#options
    const options = { inside: inside?.path ?? null }
    return closures == null
      ? resolveClosure(world, object.path, options)
      : closures.shared.resolve(world, object.path, options)
  }

  #keep(closure: Closure, inside: PackageObject | null, only: PackageObject | null, sure = true): void {
    this.closures.set(closure.root, closure)
    if (inside !== null) this.insides.set(closure.root, inside.path)
    this.#ledger.add(closure, only, sure)
  }

  /**
   * Needs of the package's own objects that are missing, or taken from the system, although a package has the name. What
   * no package has, no other process could bring either.
   */
  #problems(object: PackageObject, closure: Closure): number {
    const { files, packaged, askers } = this.#maps.of(closure)
    let count = closure.fatal === null ? 0 : 1
    for (const at of packaged) {
      if (this.#byNumber.get(files[at] ?? -1)?.owner !== object.owner) continue
      askers.each(at, ({ optional, name, to }) => {
        if (!optional && this.#names.has(name) && !this.#byNumber.has(files[to] ?? -1)) count += 1
      })
    }
    return count
  }

  /** One answer for each need of each object, in the order of the objects. */
  needs(search: OwnSearch): readonly ResolvedNeed[] {
    const provider = providerIn(this.#options)
    return this.#options.objects.flatMap((object) => {
      const known = this.#ledger.entry(object)
      if (known === null) return []
      return [...known.needs.values()].map((entry) => ({
        world: this.#options.world.name,
        object,
        name: entry.name,
        file: entry.file,
        path: entry.path,
        how: entry.file === null ? ('missing' as const) : entry.how,
        optional: entry.optional,
        root: entry.root,
        reachedBy: known.reachedBy,
        metElsewhere: entry.missing > 0 && entry.found > 0,
        alone: this.#alone.has(object),
        guest: this.#guests.has(object) || known.reachedSurely === 0,
        provider: entry.file === null ? null : provider(object.owner, entry.file, entry.name),
        byAccident: this.#isAccident(object, entry, search),
      }))
    })
  }

  #isAccident(object: PackageObject, entry: Entry, search: OwnSearch): boolean {
    if (entry.file === null || entry.bySearch || entry.optional) return false
    const trail = search.trail(entry.root, this.insides.get(entry.root) ?? null, object.path, entry.name)
    return trail.length > 0 && !trail.some((candidate) => candidate.verdict === 'won')
  }
}

/** Every name that a file or link of the packages could answer to. */
function namesOf(objects: readonly PackageObject[], gathered: Gathered): ReadonlySet<string> {
  const names = new Set<string>()
  const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  for (const { path, role, reading } of objects) {
    if (role === 'program') continue
    names.add(fileName(path))
    const soname = reading.object?.soname ?? null
    if (soname !== null) names.add(soname)
  }
  for (const link of gathered.links) names.add(fileName(link.path))
  return names
}

function providerIn(options: ResolveOptions): (owner: Package, file: string, name: string) => Provider {
  const { ownership } = options.gathered
  const required = new Map(options.packages.map((item) => [item, requiredNames(item.requires)]))
  const system: Provider = { kind: options.world.name }
  return (owner, file, name) => {
    const provider = ownership(file)
    if (provider === null) return options.drivers.of(name) === null ? system : { kind: 'driver' }
    if (provider === owner) return { kind: 'own' }
    const kind = required.get(owner)?.has(provider.name) === true ? 'required' : 'unrequired'
    return { kind, package: packageId(provider) }
  }
}

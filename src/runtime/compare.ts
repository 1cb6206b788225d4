/** Holds what was seen against what was computed for one context: agreed answers are counted, others become uses. */
import type { ContextAudit, PackageObject, ResolvedWorld, WorldName } from '../domain/audit.ts'
import type { Closure } from '../domain/closure.ts'
import type { Package } from '../domain/context.ts'
import { variableValue } from '../domain/context.ts'
import type { Observation, ObservedFacts, ObservedLoad, ObservedProcess, ObservedUse } from '../domain/observed.ts'
import { failed } from '../domain/tree.ts'

/** Compares with one world; null where the context was not resolved in it. */
export function compareObserved(
  audit: ContextAudit,
  name: WorldName,
  { processes }: Observation,
): ObservedFacts | null {
  const resolved = audit.worlds[name]
  if (resolved === undefined) return null
  const place = new Place(audit, resolved)
  const files = new Set<string>()
  const uses = new Map<string, ObservedUse>()
  let asked = 0
  let agreed = 0
  for (const process of processes) {
    const program = place.program(process)
    for (const load of process.loads) {
      const file = load.file === null ? null : place.real(load.file)
      if (file !== null) files.add(file)
      const verdict = place.judge({ load, file, program, process })
      if (verdict === null) continue
      asked += 1
      if (verdict === 'agreed') agreed += 1
      else uses.set([verdict.object, verdict.name, verdict.file ?? '', verdict.program].join('\0'), verdict)
    }
  }
  const unnamed = [...files].filter((file) => !place.names(file)).sort()
  return {
    world: name,
    processes: processes.length,
    files: files.size,
    asked,
    agreed,
    unnamed,
    uses: [...uses.values()],
  }
}

/** One request with what its paths lead to. */
interface Seen {
  readonly load: ObservedLoad
  readonly file: string | null
  readonly program: string | null
  readonly process: ObservedProcess
}

/** The object that asked, and the package it belongs to. */
interface Asker {
  readonly path: string
  readonly owner: Package
  readonly witness: string
}

/** What one world has computed, indexed by the objects that ask. */
class Place {
  readonly #audit: ContextAudit
  readonly #resolved: ResolvedWorld
  readonly #objects: ReadonlyMap<string, PackageObject>
  /** The closures that hold a file, with its index in each. */
  readonly #holders = new Map<string, { readonly closure: Closure; readonly index: number }[]>()
  readonly #real = new Map<string, string>()

  constructor(audit: ContextAudit, resolved: ResolvedWorld) {
    this.#audit = audit
    this.#resolved = resolved
    this.#objects = new Map(audit.objects.map((object) => [object.path, object]))
    for (const closure of resolved.closures) {
      for (const { index, file } of closure.objects) {
        if (file === null) continue
        const known = this.#holders.get(file)
        if (known === undefined) this.#holders.set(file, [{ closure, index }])
        else known.push({ closure, index })
      }
    }
  }

  /** The path without links as the world has it; what it does not have stays as it is. */
  real(path: string): string {
    let real = this.#real.get(path)
    if (real === undefined) {
      const found = path.startsWith('/') ? this.#resolved.world.lookup(path) : null
      real = found === null || failed(found) ? path : found.path
      this.#real.set(path, real)
    }
    return real
  }

  /** Whether a file is an object of a package, in some computed closure, or brought by a repair. */
  names(file: string): boolean {
    return this.#objects.has(file) || this.#holders.has(file) || this.#resolved.repaired(file)
  }

  /** The executable of a process: as it was seen, by its path, or looked up on the PATH of the context. */
  program({ program, name }: ObservedProcess): string | null {
    if (program !== null) return this.real(program)
    if (name.startsWith('/')) return this.real(name)
    if (name === '' || name.includes('/')) return null
    for (const folder of (variableValue(this.#audit.context.environment, 'PATH') ?? '').split(':')) {
      const found = this.#resolved.world.lookup(`${folder}/${name}`)
      if (folder.startsWith('/') && !failed(found) && found.kind === 'file') return found.path
    }
    return null
  }

  /** Null for what no object of a package asked for. */
  judge(seen: Seen): ObservedUse | 'agreed' | null {
    const { load, file, program } = seen
    const asker = this.#asker(load.by === null ? program : this.real(load.by))
    if (asker === null) return null
    if (load.opened === null) return this.#inMap(asker, seen)
    if (!load.opened) {
      const expected = this.#expected(asker.path, load.name, program)
      if (expected.length > 0) {
        if (expected.includes(file)) return 'agreed'
        return use(asker, seen, 'elsewhere', expected.find((item) => item !== null) ?? null)
      }
    }
    if (file === null) return null
    return this.#foreign(asker, seen, file)
  }

  /** A file that was opened, or that was needed by an object of which no need is known. */
  #foreign(asker: Asker, seen: Seen, file: string): ObservedUse | 'agreed' {
    if (this.#audit.owner(file) !== null || this.#resolved.repaired(file)) return 'agreed'
    return use(asker, seen, this.#isSystems(file) ? 'system' : 'outside', null)
  }

  /** A map does not tell who asked: only what the process was computed to load elsewhere, and what is nobody's, counts. */
  #inMap(asker: Asker, seen: Seen): ObservedUse | 'agreed' | null {
    const { file } = seen
    if (file === null || this.names(file) || this.#audit.owner(file) !== null) return 'agreed'
    const base = file.slice(file.lastIndexOf('/') + 1)
    const own = this.#holders.get(asker.path)?.find(({ closure }) => this.real(closure.root) === asker.path)
    const other = own?.closure.objects.find((item) => item.name === base && item.file !== null)
    if (other !== undefined) return use(asker, { ...seen, load: { ...seen.load, name: base } }, 'elsewhere', other.file)
    return this.#isSystems(file) ? null : use(asker, seen, 'outside', null)
  }

  #asker(path: string | null): Asker | null {
    if (path === null) return null
    const object = this.#objects.get(path)
    if (object !== undefined) return { path, owner: object.owner, witness: object.relative }
    const owner = this.#audit.owner(path)
    if (owner === null) return null
    const root = owner.payload.map((folder) => this.real(folder)).find((folder) => path.startsWith(`${folder}/`))
    return { path, owner, witness: root === undefined ? path : path.slice(root.length + 1) }
  }

  /**
   * The files that may answer a need of an object: in the process of this program where it is a root that holds the
   * object, else in any.
   */
  #expected(object: string, name: string, program: string | null): readonly (string | null)[] {
    const holders = this.#holders.get(object) ?? []
    const own = holders.filter(({ closure }) => program !== null && this.real(closure.root) === program)
    const files = new Set<string | null>()
    for (const { closure, index } of own.length > 0 ? own : holders) {
      for (const binding of closure.bindings) {
        if (binding.from === index && binding.name === name) files.add(closure.objects[binding.to]?.file ?? null)
      }
    }
    return [...files]
  }

  /** A file of the system: some OS package owns it, or it stands where systems keep their own. */
  #isSystems(file: string): boolean {
    return /^\/(?:usr|lib\w*|s?bin|etc)\//.test(file) || this.#resolved.ownerOf(file) !== null
  }
}

function use(asker: Asker, seen: Seen, kind: ObservedUse['kind'], expected: string | null): ObservedUse {
  const { load, file, program, process } = seen
  return {
    kind,
    owner: asker.owner,
    witness: asker.witness,
    object: asker.path,
    name: load.name,
    file,
    expected,
    how: load.how,
    opened: load.opened ?? false,
    program: program ?? process.name,
  }
}

/** Binds the symbols of every process of a context in one world, for rules to ask. */
import type { PackageObject, ProcessKind, SymbolFacts, SymbolGap, VersionGap } from '../domain/audit.ts'
import type { Closure, SymbolReport, UndefinedSymbol } from '../domain/closure.ts'
import type { World } from '../domain/system.ts'
import { resolveClosure } from '../loader/closure.ts'
import { findInterpositions } from './interpositions.ts'
import type { Ownership } from './ownership.ts'
import type { Roots } from './roots.ts'

export interface SymbolOptions {
  readonly world: World
  /** The maps that count, by the path of their root. */
  readonly closures: ReadonlyMap<string, Closure>
  /** The program in whose process a root was opened. */
  readonly insides: ReadonlyMap<string, string>
  /** The objects of the packages by their paths. */
  readonly objects: ReadonlyMap<string, PackageObject>
  /** Objects that no root reaches, or whose program is not known. */
  readonly alone: ReadonlySet<PackageObject>
  readonly roots: Roots
  readonly ownership: Ownership
}

/** The facts, each computed when it is asked for first. */
export function symbolFacts(options: SymbolOptions): SymbolFacts {
  let bound: Bound | null = null
  let interposed: SymbolFacts['interposed'] | null = null
  const all = (): Bound => (bound ??= new Bound(options))
  return {
    get versions() {
      return all().versions()
    },
    get undefined() {
      return all().undefined()
    },
    get unread() {
      return all().unread()
    },
    get interposed() {
      return (interposed ??= findInterpositions(options))
    },
  }
}

/** One process that was bound: its map and what is wrong with it. */
interface Process {
  readonly root: PackageObject
  readonly closure: Closure
  readonly report: SymbolReport
  readonly tried: readonly string[]
  /** A program that may open it is incomplete itself. */
  readonly unknown: boolean
}

/** What all processes say of one symbol of one object. */
interface Answers {
  readonly process: Process
  readonly symbol: UndefinedSymbol
  count: number
}

/** Programs of the system that may open a Python module where the context has no Python. */
const SYSTEM_PYTHONS = ['/usr/bin/python3', '/usr/local/bin/python3', '/usr/bin/python']
const PYTHON_SYMBOL = /^_?Py[A-Z_]/

class Bound {
  readonly #options: SymbolOptions
  readonly #processes: readonly Process[]
  #versions: readonly VersionGap[] | null = null
  #undefined: readonly SymbolGap[] | null = null

  constructor(options: SymbolOptions) {
    this.#options = options
    this.#processes = [...options.closures].flatMap(([path, closure]) => {
      const root = options.objects.get(path)
      return root === undefined || closure.fatal !== null ? [] : [this.#bind(root, closure)]
    })
  }

  unread(): readonly string[] {
    const files = this.#processes.flatMap(({ closure, report }) =>
      report.unread.map((index) => closure.objects[index]?.file ?? ''),
    )
    return [...new Set(files)].sort()
  }

  versions(): readonly VersionGap[] {
    this.#versions ??= this.#collectVersions()
    return this.#versions
  }

  undefined(): readonly SymbolGap[] {
    this.#undefined ??= this.#collectUndefined()
    return this.#undefined
  }

  /** Binds a map; where it is that of a plugin alone, or of what a plugin needs, programs that may open it are tried. */
  #bind(root: PackageObject, closure: Closure): Process {
    // Where libraries are missing, only versions can be judged.
    const wanted = (file: string): boolean => this.#options.objects.has(file)
    const bound = hasMissing(closure) ? (): boolean => false : wanted
    let best: Process = { root, closure, report: closure.symbols(bound), tried: [], unknown: false }
    if (root.role === 'program' || this.#options.insides.has(root.path) || isIncomplete(best)) return best
    const tried: string[] = []
    for (const host of best.report.undefined.length === 0 ? [] : this.#hosts(best)) {
      const inside = resolveClosure(this.#options.world, root.path, { inside: host })
      const report = hasMissing(inside) ? null : inside.symbols(wanted)
      // A program that lacks libraries might define the rest if it had them.
      if (inside.fatal !== null || report === null || report.unread.length > 0) {
        best = { ...best, unknown: true }
        continue
      }
      const process = { root, closure: inside, report, tried, unknown: false }
      tried.push(host)
      if (process.report.undefined.length >= best.report.undefined.length) continue
      best = { ...process, unknown: best.unknown }
      if (process.report.undefined.length === 0) break
    }
    return { ...best, tried }
  }

  #hosts({ root, report }: Process): readonly string[] {
    const { roots, world } = this.#options
    const hosts = roots.hosts(root).map((program) => program.path)
    if (!report.undefined.some(({ symbol }) => PYTHON_SYMBOL.test(symbol))) return hosts
    const pythons = roots.pythons.map((program) => program.path)
    const system = SYSTEM_PYTHONS.filter((path) => !('errno' in world.lookup(path))).slice(0, 1)
    return [...new Set([...pythons, ...hosts, ...(pythons.length === 0 ? system : [])])]
  }

  #collectVersions(): readonly VersionGap[] {
    const { objects, ownership, alone } = this.#options
    const gaps = new Map<string, VersionGap>()
    for (const { root, closure, report } of this.#processes) {
      for (const error of report.versionErrors) {
        const file = closure.objects[error.object]?.file ?? null
        const provider = closure.objects[error.provider]
        // A weak demand is a warning, and the program starts.
        if (error.weak || file === null || provider?.file == null) continue
        const key = `${file}\0${provider.file}\0${error.version}`
        const object = objects.get(file) ?? null
        const isAlone = alone.has(object ?? root)
        const known = gaps.get(key)
        if (known !== undefined && (!known.alone || isAlone)) continue
        gaps.set(key, {
          object,
          file,
          soname: provider.name,
          provider: provider.file,
          providerOwner: ownership(provider.file),
          version: error.version,
          root: root.path,
          alone: isAlone,
        })
      }
    }
    return [...gaps.values()]
  }

  #collectUndefined(): readonly SymbolGap[] {
    const reached = new Map<PackageObject, number>()
    const answers = new Map<PackageObject, Map<string, Answers>>()
    for (const process of this.#processes) {
      // What is missing might have defined anything, and so might what could not be read.
      if (isIncomplete(process) || (process.unknown && process.report.undefined.length > 0)) continue
      this.#count(process, reached, answers)
    }
    return [...answers].flatMap(([object, symbols]) =>
      [...symbols.values()].map(({ process, symbol, count }) => ({
        object,
        symbol: symbol.symbol,
        version: symbol.version,
        immediate: symbol.immediate,
        root: process.root.path,
        process: process.root.role,
        metElsewhere: count < (reached.get(object) ?? 0),
        tried: process.tried,
      })),
    )
  }

  #count(
    process: Process,
    reached: Map<PackageObject, number>,
    answers: Map<PackageObject, Map<string, Answers>>,
  ): void {
    const { closure, report } = process
    const objectAt = (index: number): PackageObject | undefined =>
      this.#options.objects.get(closure.objects[index]?.file ?? '')
    for (const index of report.bound) {
      const object = objectAt(index)
      if (object !== undefined) reached.set(object, (reached.get(object) ?? 0) + 1)
    }
    const lacking = new Set(report.versionErrors.map(({ object, version }) => `${object}\0${version}`))
    for (const symbol of report.undefined) {
      const object = objectAt(symbol.object)
      // A version that is not defined has no symbols: one cause, one finding.
      if (object === undefined || lacking.has(`${symbol.object}\0${symbol.version ?? ''}`)) continue
      const known = answers.get(object) ?? new Map<string, Answers>()
      answers.set(object, known)
      const key = `${symbol.symbol}\0${symbol.version ?? ''}`
      const answer = known.get(key)
      if (answer === undefined) known.set(key, { process, symbol, count: 1 })
      else known.set(key, { ...answer, process: worse(answer.process, process), count: answer.count + 1 })
    }
  }
}

const RANK: Record<ProcessKind, number> = { program: 0, library: 1, plugin: 2, 'python-module': 3 }

function worse(a: Process, b: Process): Process {
  return RANK[b.root.role] < RANK[a.root.role] ? b : a
}

function isIncomplete({ closure, report }: Process): boolean {
  return report.unread.length > 0 || hasMissing(closure)
}

function hasMissing({ bindings }: Closure): boolean {
  return bindings.some((binding) => binding.how === 'missing' && !binding.optional)
}

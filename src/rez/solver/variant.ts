/** A variant as the solver handles it: its requirements merged when they are first looked at. */
import { Interruption } from './interruption.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import type { Requirement } from '../version/requirement.ts'
import type { RequirementList } from '../version/requirement-list.ts'
import type { Version } from '../version/version.ts'

const DEMANDS = new WeakMap<readonly Requirement[], Demands>()

/** What is demanded where these are given: worked out once for each list, whichever resolve asks. */
export function demandsOf(given: readonly Requirement[]): Demands {
  const known = DEMANDS.get(given) ?? new Demands(given)
  DEMANDS.set(given, known)
  return known
}

/** What a variant demands. Versions of a package mostly demand the same: they share it. */
export class Demands {
  readonly #given: readonly Requirement[]
  #list: RequirementList | null = null
  #wanted: ReadonlySet<string> | null = null

  constructor(given: readonly Requirement[]) {
    this.#given = given
  }

  get list(): RequirementList {
    this.#list ??= mergeRequirements(this.#given)
    return this.#list
  }

  /** Families asked for. */
  get wanted(): ReadonlySet<string> {
    this.#wanted ??= new Set(this.list.requirements.filter((one) => !one.conflict).map((one) => one.name))
    return this.#wanted
  }
}

export class SolverVariant {
  readonly name: string
  readonly version: Version
  /** Null for a package without variants. */
  readonly index: number | null
  readonly #demands: Demands

  constructor(name: string, version: Version, index: number | null, demands: Demands) {
    this.name = name
    this.version = version
    this.index = index
    this.#demands = demands
  }

  /** `maya-2024[0]`. */
  get label(): string {
    const id = this.version.text === '' ? this.name : `${this.name}-${this.version.text}`
    return this.index === null ? id : `${id}[${this.index}]`
  }

  /** Ends the solve where requirements of the variant clash, as Rez does, but only once the solver looks at it. */
  get demands(): Demands {
    const { clash } = this.#demands.list
    if (clash === null) return this.#demands
    const { name, version, index } = this
    throw new Interruption({ kind: 'self-clash', name, version, index, clash })
  }

  /** One requirement for each family. */
  get requires(): RequirementList {
    return this.demands.list
  }

  /** Families asked for. */
  get wanted(): ReadonlySet<string> {
    return this.demands.wanted
  }
}

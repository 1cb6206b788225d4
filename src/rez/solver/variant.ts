/** A variant as the solver handles it: its requirements merged when they are first looked at. */
import { Interruption } from './interruption.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import type { RequirementList } from '../version/requirement-list.ts'
import type { SourceVariant } from './source.ts'
import type { Version } from '../version/version.ts'

interface Families {
  /** Asked for. */
  readonly wanted: ReadonlySet<string>
  /** Asked for, forbidden, or limited. */
  readonly mentioned: ReadonlySet<string>
}

export class SolverVariant {
  readonly name: string
  readonly version: Version
  readonly index: number | null
  readonly #source: SourceVariant
  #list: RequirementList | null = null
  #families: Families | null = null

  constructor(name: string, version: Version, source: SourceVariant) {
    this.name = name
    this.version = version
    this.index = source.index
    this.#source = source
  }

  /** `maya-2024[0]`. */
  get label(): string {
    const id = this.version.text === '' ? this.name : `${this.name}-${this.version.text}`
    return this.index === null ? id : `${id}[${this.index}]`
  }

  /** Ends the solve where requirements of the variant clash, as Rez does, but only once the solver looks at it. */
  get requires(): RequirementList {
    if (this.#list !== null) return this.#list
    const list = mergeRequirements(this.#source.requires)
    if (list.clash !== null) {
      const { name, version, index } = this
      throw new Interruption({ kind: 'self-clash', name, version, index, clash: list.clash })
    }
    this.#list = list
    return list
  }

  get wanted(): ReadonlySet<string> {
    return this.#named().wanted
  }

  get mentioned(): ReadonlySet<string> {
    return this.#named().mentioned
  }

  #named(): Families {
    if (this.#families !== null) return this.#families
    const { requirements } = this.requires
    const names = requirements.filter((one) => !one.conflict).map((one) => one.name)
    this.#families = { wanted: new Set(names), mentioned: new Set(requirements.map((one) => one.name)) }
    return this.#families
  }
}

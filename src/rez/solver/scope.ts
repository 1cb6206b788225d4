/** What a solve knows of one family: the variants still possible, or only what is forbidden (`_PackageScope`). */
import { Interruption } from './interruption.ts'
import { ANY } from '../version/range.ts'
import { requirementOf } from '../version/requirement.ts'
import type { Asking, Origins } from './origins.ts'
import type { Reduction, Slice } from './slice.ts'
import type { Requirement } from '../version/requirement.ts'
import type { SolverVariant } from './variant.ts'
import type { VersionRange } from '../version/range.ts'

/** Versions of one family that are named. */
const NAMED = 3

/** Where slices come from: null where no version of the family is in the range. */
export type SliceSource = (name: string, range: VersionRange) => Slice | null

const NOTHING: ReadonlySet<string> = new Set()

/** Immutable; narrowing makes another scope. */
export class Scope implements Asking {
  readonly name: string
  /** Null for what is forbidden and for ephemerals. */
  readonly slice: Slice | null
  readonly #slices: SliceSource
  #request: Requirement | null

  private constructor(name: string, slice: Slice | null, request: Requirement | null, slices: SliceSource) {
    this.name = name
    this.slice = slice
    this.#request = request
    this.#slices = slices
  }

  /** The scope of a requirement; ends the solve where no package can meet it. */
  static of(requirement: Requirement, slices: SliceSource, origins: Origins | null = null): Scope {
    if (requirement.conflict || requirement.ephemeral) return new Scope(requirement.name, null, requirement, slices)
    const slice = slices(requirement.name, requirement.range ?? ANY)
    if (slice === null) throw new Interruption({ kind: 'no-version', requirement, origins })
    return new Scope(requirement.name, slice, null, slices)
  }

  /** What the scope asks of the others: exactly the versions left, or what is forbidden. */
  get request(): Requirement {
    this.#request ??= requirementOf(this.name, this.slice?.range ?? ANY)
    return this.#request
  }

  /** Families that a variant mentions. */
  get mentioned(): ReadonlySet<string> {
    return this.slice?.mentioned ?? NOTHING
  }

  /** Something that all its variants share was not handed out yet. */
  get extractable(): boolean {
    return this.slice?.extractable ?? false
  }

  get label(): string {
    const entries = this.slice?.entries ?? []
    const [first] = entries
    if (this.slice?.size === 1 && this.slice.first !== undefined) return this.slice.first.label
    if (first === undefined) return this.name
    if (entries.length > NAMED) return `each of ${entries.length} versions of ${this.name}`
    return entries.map(({ version }) => (version.text === '' ? this.name : `${this.name}-${version.text}`)).join(' or ')
  }

  get isConflict(): boolean {
    return this.slice === null && this.request.conflict
  }

  get isEphemeral(): boolean {
    return this.slice === null && !this.request.conflict
  }

  /** The only variant left with all its requirements handed out; null before, and for other scopes. */
  get solved(): SolverVariant | null {
    return this.slice?.size === 1 && !this.extractable ? (this.slice.first ?? null) : null
  }

  get isSolved(): boolean {
    return this.slice === null || (this.slice.size === 1 && !this.extractable)
  }

  /** Within the range: itself where nothing changes, null where nothing is left. */
  intersect(range: VersionRange): Scope | null {
    if (this.slice === null) return this.isConflict ? this.#widen(range) : this.#intersectEphemeral(range)
    const slice = this.slice.intersect(range)
    return slice === this.slice ? this : this.#with(slice)
  }

  /** Without the variants that clash with the requirement; the scope is null where none is left. */
  reduce(requirement: Requirement): { readonly scope: Scope | null; readonly reductions: readonly Reduction[] } {
    if (this.slice === null) return { scope: this, reductions: [] }
    const { slice, reductions } = this.slice.reduce(requirement)
    return { scope: slice === this.slice ? this : this.#with(slice), reductions }
  }

  /** The requirements that all its variants share, handed out once. */
  extract(): { readonly scope: Scope; readonly requirements: readonly Requirement[] } {
    if (this.slice === null) return { scope: this, requirements: [] }
    const { slice, requirements } = this.slice.extract()
    if (slice === this.slice) return { scope: this, requirements }
    return { scope: new Scope(this.name, slice, this.#request, this.#slices), requirements }
  }

  /** Two scopes of which the first is to be tried first; null where there is no choice. */
  split(): readonly [Scope, Scope] | null {
    if (this.slice === null || this.slice.size < 2) return null
    const [first, rest] = this.slice.split()
    return [new Scope(this.name, first, null, this.#slices), new Scope(this.name, rest, null, this.#slices)]
  }

  /** What was only forbidden or limited is asked for: its variants come in. */
  #widen(range: VersionRange): Scope | null {
    const forbidden = this.request.range
    const wanted = forbidden === null ? range : range.difference(forbidden)
    return wanted === null ? null : this.#with(this.#slices(this.name, wanted))
  }

  #intersectEphemeral(range: VersionRange): Scope | null {
    const own = this.request.range ?? ANY
    const both = own.intersection(range)
    if (both === null) return null
    return both.equals(own) ? this : new Scope(this.name, null, requirementOf(this.name, both), this.#slices)
  }

  #with(slice: Slice | null): Scope | null {
    return slice === null ? null : new Scope(this.name, slice, null, this.#slices)
  }
}

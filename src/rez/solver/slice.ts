/** The variants of one family that are still possible, narrowed step by step (`_PackageVariantSlice` of `solver.py`). */
import { exactRange } from '../version/range.ts'
import { requirementOf } from '../version/requirement.ts'
import { sortVariants } from './preference.ts'
import type { Preference } from './preference.ts'
import type { Requirement } from '../version/requirement.ts'
import type { Demands, SolverVariant } from './variant.ts'
import type { Version } from '../version/version.ts'
import type { VersionRange } from '../version/range.ts'

/** What all slices of a solve share. */
export interface SliceWorld {
  readonly preference: Preference
  /** Counts comparisons, and ends a solve that takes too many. */
  spend(comparisons: number): void
}

/** The variants of one version; sorted when the order is first asked for. */
export class Entry {
  readonly version: Version
  #variants: readonly SolverVariant[]
  #sorted: boolean

  constructor(version: Version, variants: readonly SolverVariant[], sorted = false) {
    this.version = version
    this.#variants = variants
    this.#sorted = sorted
  }

  get variants(): readonly SolverVariant[] {
    return this.#variants
  }

  sorted(preference: Preference): readonly SolverVariant[] {
    if (!this.#sorted) this.#variants = sortVariants(this.#variants, preference)
    this.#sorted = true
    return this.#variants
  }
}

/** A variant that is out because one of its requirements clashes with what is asked of another family. */
export interface Reduction {
  readonly variant: SolverVariant
  readonly requirement: Requirement
  readonly against: Requirement
}

interface Families {
  /** Wanted by every variant. */
  readonly common: ReadonlySet<string>
  /** Mentioned by any variant. */
  readonly mentioned: ReadonlySet<string>
}

export class Slice {
  readonly name: string
  readonly entries: readonly Entry[]
  readonly size: number
  readonly #world: SliceWorld
  readonly #sorted: boolean
  /** Common families whose requirement was handed out already. */
  readonly #extracted: ReadonlySet<string>
  /** The last requirement on each family that took nothing away. More would grow with every choice that is tried. */
  readonly #harmless: Map<string, Requirement>
  #families: Families | null = null
  #distinct: ReadonlySet<Demands> | null = null
  #range: VersionRange | null = null
  #extractable: boolean | null = null

  constructor(world: SliceWorld, name: string, entries: readonly Entry[], from?: SliceMemory) {
    this.#world = world
    this.name = name
    this.entries = entries
    this.size = entries.reduce((sum, entry) => sum + entry.variants.length, 0)
    this.#sorted = from?.sorted ?? false
    this.#extracted = from?.extracted ?? new Set()
    this.#harmless = from?.harmless ?? new Map<string, Requirement>()
    this.#families = from?.families ?? null
  }

  /** Exactly the versions that are left. */
  get range(): VersionRange | null {
    this.#range ??= exactRange(this.entries.map((entry) => entry.version))
    return this.#range
  }

  /** Some requirement that all variants share was not handed out yet. */
  get extractable(): boolean {
    this.#extractable ??= ![...this.#named().common].every((name) => this.#extracted.has(name))
    return this.#extractable
  }

  /** Families that a variant mentions. */
  get mentioned(): ReadonlySet<string> {
    return this.#named().mentioned
  }

  /** The most wanted variant of the first version. */
  get first(): SolverVariant | undefined {
    return this.entries[0]?.sorted(this.#world.preference)[0]
  }

  /** Without the versions outside of the range; itself where there are none, null where nothing is left. */
  intersect(range: VersionRange): Slice | null {
    if (range.any) return this
    this.#world.spend(this.entries.length)
    const entries = this.entries.filter((entry) => range.contains(entry.version))
    if (entries.length === 0) return null
    return entries.length === this.entries.length ? this : this.#copy(entries)
  }

  /** Without the variants that clash with the requirement; the slice is null where none is left. */
  reduce(requirement: Requirement): { readonly slice: Slice | null; readonly reductions: readonly Reduction[] } {
    const unchanged = { slice: this, reductions: [] }
    if (this.#harmless.get(requirement.name) === requirement) return unchanged
    if (requirement.range === null || !this.#named().mentioned.has(requirement.name)) return unchanged
    this.#world.spend(this.size)
    const entries: Entry[] = []
    const reductions: Reduction[] = []
    // Most versions demand the same of a family: the last answer is mostly that of the next.
    let asked: Requirement | undefined
    let clashes = false
    for (const entry of this.entries) {
      const kept = entry.variants.filter((variant) => {
        const own = variant.requires.byName.get(requirement.name)
        if (own === undefined) return true
        if (own !== asked) clashes = own.conflictsWith(requirement)
        asked = own
        if (clashes) reductions.push({ variant, requirement: own, against: requirement })
        return !clashes
      })
      if (kept.length === entry.variants.length) entries.push(entry)
      else if (kept.length > 0) entries.push(new Entry(entry.version, kept))
    }
    if (entries.length === 0) return { slice: null, reductions }
    const slice = reductions.length === 0 ? this : this.#copy(entries)
    slice.#harmless.set(requirement.name, requirement)
    return { slice, reductions }
  }

  /**
   * The requirements that all variants share and that were not handed out yet, each as the union over the variants, by
   * name; and the slice that remembers that. A slice that was narrowed since hands out all of them again.
   */
  extract(): { readonly slice: Slice; readonly requirements: readonly Requirement[] } {
    if (!this.extractable) return { slice: this, requirements: [] }
    const { common } = this.#named()
    const names = [...common].filter((name) => !this.#extracted.has(name)).sort()
    this.#world.spend(this.size * names.length)
    const requirements = names.flatMap((name) => {
      const [first, ...others] = this.#rangesOf(name)
      if (first === undefined) return []
      return [requirementOf(name, others.length === 0 ? first : first.union(...others))]
    })
    const memory = { sorted: this.#sorted, extracted: common, harmless: this.#harmless, families: this.#families }
    return { slice: new Slice(this.#world, this.name, this.entries, memory), requirements }
  }

  /** Two slices, the first of which shares a requirement (or is one variant) and is to be tried first. */
  split(): readonly [Slice, Slice] {
    const slice = this.#inOrder()
    const { entry, variants } = slice.#splitPoint()
    const cut = slice.entries[entry]
    const all = cut?.sorted(this.#world.preference) ?? []
    const before = slice.entries.slice(0, entry)
    const after = slice.entries.slice(entry + 1)
    if (cut === undefined || variants >= all.length) {
      return [slice.#copy(slice.entries.slice(0, entry + 1)), slice.#copy(after)]
    }
    const kept = new Entry(cut.version, all.slice(0, variants), true)
    const left = new Entry(cut.version, all.slice(variants), true)
    return [slice.#copy([...before, kept]), slice.#copy([left, ...after])]
  }

  #inOrder(): Slice {
    if (this.#sorted) return this
    const { order } = this.#world.preference
    const entries = [...this.entries].sort((a, b) => order.versions(this.name, b.version, a.version))
    const memory = {
      sorted: true,
      extracted: this.#extracted,
      harmless: this.#harmless,
      families: this.#families,
    }
    return new Slice(this.#world, this.name, entries, memory)
  }

  /** Up to and with which variant of which entry all share a family that was not handed out; else the first alone. */
  #splitPoint(): { readonly entry: number; readonly variants: number } {
    let point = { entry: 0, variants: 1 }
    if (this.size <= 2) return point
    let shared = [...(this.first?.wanted ?? [])].filter((name) => !this.#extracted.has(name))
    if (shared.length === 0) return point
    for (const [i, entry] of this.entries.entries()) {
      const variants = entry.sorted(this.#world.preference)
      for (const [k, variant] of variants.entries()) {
        shared = shared.filter((name) => variant.wanted.has(name))
        if (shared.length === 0) return point
        point = { entry: i, variants: k + 1 }
      }
    }
    return point
  }

  /** Mostly one object for what is written alike; a union takes no harm from the rest. */
  #rangesOf(name: string): ReadonlySet<VersionRange> {
    const ranges = new Set<VersionRange>()
    for (const demands of this.#demands()) {
      const range = demands.list.byName.get(name)?.range ?? null
      if (range !== null) ranges.add(range)
    }
    return ranges
  }

  #named(): Families {
    if (this.#families !== null) return this.#families
    // Rez looks at the first variant in order of preference, so that it sorts the first entry here.
    let common = [...(this.first?.wanted ?? [])]
    const mentioned = new Set<string>()
    this.#world.spend(this.size)
    for (const { list, wanted } of this.#demands()) {
      if (common.length > 0) common = common.filter((name) => wanted.has(name))
      for (const name of list.byName.keys()) mentioned.add(name)
    }
    this.#families = { common: new Set(common), mentioned }
    return this.#families
  }

  /** What the variants demand, each once, in the order of the variants. */
  #demands(): ReadonlySet<Demands> {
    if (this.#distinct !== null) return this.#distinct
    const all = new Set<Demands>()
    for (const entry of this.entries) for (const variant of entry.variants) all.add(variant.demands)
    this.#distinct = all
    return all
  }

  #copy(entries: readonly Entry[]): Slice {
    return new Slice(this.#world, this.name, entries, {
      sorted: this.#sorted,
      extracted: new Set(),
      harmless: new Map(this.#harmless),
      families: null,
    })
  }
}

/** What a slice passes on to one made from it. */
interface SliceMemory {
  readonly sorted: boolean
  readonly extracted: ReadonlySet<string>
  readonly harmless: Map<string, Requirement>
  readonly families: Families | null
}

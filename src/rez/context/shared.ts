/** What contexts share that are read one after another with the same options: each definition is read once. */
import type { ContextMember, LoadedPackage, LoadedVariant } from '../repository/package.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Repository } from '../repository/repository.ts'

type Made = Promise<ContextMember | { readonly faults: readonly Fault[] }>

export class Shared {
  /** By location. */
  readonly repositories: Map<string, Repository> = new Map<string, Repository>()
  readonly #members = new WeakMap<LoadedPackage, Map<number | null, Made>>()

  /** The member that `make` makes of the variant, made once. */
  member({ loaded, variant }: LoadedVariant, make: () => Made): Made {
    const variants = this.#members.get(loaded) ?? new Map<number | null, Made>()
    this.#members.set(loaded, variants)
    const made = variants.get(variant.index) ?? make()
    variants.set(variant.index, made)
    return made
  }
}

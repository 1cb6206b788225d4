/** Requirements that may be planned: Rez refuses packages that require each other in a circle (rez/solver.py, `Cycle`). */
import type { Context } from '../domain/context.ts'
import type { RepairAction } from '../domain/repair.ts'
import { requiredNames } from '../rules/facts/requirements.ts'

type Required = Pick<Extract<RepairAction, { kind: 'requires' }>, 'owner' | 'provider'>

/** The requirements of a context's packages, with those that are planned. */
export class Circles {
  readonly #requires: Map<string, Set<string>>

  constructor(context: Context) {
    this.#requires = new Map(context.packages.map(({ name, requires }) => [name, new Set(requiredNames(requires))]))
  }

  /** Counts a requirement that is planned. */
  add({ owner, provider }: Required): void {
    this.#requires.set(owner.name, (this.#requires.get(owner.name) ?? new Set()).add(provider.name))
  }

  /** The shortest way by which the provider requires the owner already, names of both included; null where there is none. */
  wayBack({ owner, provider }: Required): readonly string[] | null {
    const from = new Map<string, string | null>([[provider.name, null]])
    // The map grows while it is walked: nearest packages come first.
    for (const name of from.keys()) {
      for (const next of this.#requires.get(name) ?? []) if (!from.has(next)) from.set(next, name)
    }
    if (!from.has(owner.name)) return null
    const way: string[] = []
    for (let step: string | null = owner.name; step !== null; step = from.get(step) ?? null) way.unshift(step)
    return way
  }
}

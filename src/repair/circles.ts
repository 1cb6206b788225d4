/** Requirements that may be planned: Rez refuses packages that require each other in a circle (rez/solver.py, `Cycle`). */
import type { Context } from '../domain/context.ts'
import type { RepairAction } from '../domain/repair.ts'
import { requiredNames } from '../rules/facts/requirements.ts'

/** The requirements of a context's packages, with those that are planned. */
export class Circles {
  readonly #requires: Map<string, Set<string>>

  constructor(context: Context) {
    this.#requires = new Map(context.packages.map(({ name, requires }) => [name, new Set(requiredNames(requires))]))
  }

  /**
   * The shortest way by which the provider requires the owner already, names of both included; null where there is none,
   * and then the requirement counts from now on.
   */
  wayBack({
    owner,
    provider,
  }: Pick<Extract<RepairAction, { kind: 'requires' }>, 'owner' | 'provider'>): string[] | null {
    const from = new Map<string, string | null>([[provider.name, null]])
    // The map grows while it is walked: nearest packages come first.
    for (const name of from.keys()) {
      for (const next of this.#requires.get(name) ?? []) if (!from.has(next)) from.set(next, name)
    }
    if (!from.has(owner.name)) {
      this.#requires.set(owner.name, (this.#requires.get(owner.name) ?? new Set()).add(provider.name))
      return null
    }
    const way: string[] = []
    for (let step: string | null = owner.name; step !== null; step = from.get(step) ?? null) way.unshift(step)
    return way
  }
}

/** The packages that one package brings along where the repositories leave no choice, as a context for it alone. */
import { assemble } from './exact.ts'
import { candidatesFor, offerText, within } from '../repository/candidates.ts'
import { packageId } from '../../domain/context.ts'
import { rankVariants, unmetBy } from './choose-variant.ts'
import { exactRange } from '../version/range.ts'
import { faultAt } from '../../domain/fault.ts'
import { loadPackage } from '../repository/package.ts'
import { memberId } from './check.ts'
import { mergeRequirements } from '../version/requirement-list.ts'
import { requirementOf } from '../version/requirement.ts'
import type { ExactContext } from './exact.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Faults } from './request.ts'
import type { LoadedPackage, LoadedVariant } from '../repository/package.ts'
import type { Repository } from '../repository/repository.ts'
import type { Requirement } from '../version/requirement.ts'

/**
 * The package with everything it requires, for which every requirement must leave one version and one variant. A choice
 * is a fault that names what could be chosen, because the solver's choice depends on more than this package.
 */
export async function forcedContext(
  start: LoadedVariant,
  repositories: readonly Repository[],
): Promise<ExactContext | Faults> {
  const { name, version } = start.loaded.entry
  const range = exactRange([version])
  const requests = range === null ? [] : [requirementOf(name, range)]
  const closure = new Closure(start, requests, repositories)
  const faults = await closure.complete()
  if (faults.length > 0) return { faults }
  return assemble([...closure.loaded.values()], requests, repositories, closure.settled)
}

class Closure {
  readonly loaded = new Map<string, LoadedPackage>()
  readonly settled = new Map<string, LoadedVariant>()
  readonly #repositories: readonly Repository[]
  readonly #requests: readonly Requirement[]
  readonly #file: string

  constructor(start: LoadedVariant, requests: readonly Requirement[], repositories: readonly Repository[]) {
    const { name } = start.loaded.entry
    this.loaded.set(name, start.loaded)
    this.settled.set(name, start)
    this.#repositories = repositories
    this.#requests = requests
    this.#file = start.loaded.definition.file
  }

  /** Adds packages until nothing is missing; each round adds or settles one at least, or ends. */
  async complete(): Promise<readonly Fault[]> {
    for (;;) {
      const list = mergeRequirements(this.#requirements())
      if (list.clash !== null) {
        const [first, second] = list.clash
        return [this.#fault('malformed', `no version meets both ${first.text} and ${second.text}`)]
      }
      const absent = list.requirements.filter((one) => !one.conflict && !one.ephemeral && !this.loaded.has(one.name))
      if (absent.length === 0) {
        const progress = this.#settle()
        if (progress !== true) return progress
        continue
      }
      const faults: Fault[] = []
      for (const requirement of absent) faults.push(...(await this.#add(requirement)))
      if (faults.length > 0) return faults
    }
  }

  #requirements(): readonly Requirement[] {
    return [...this.loaded].flatMap(([name, loaded]) => this.settled.get(name)?.requirements ?? loaded.requires)
  }

  async #add(requirement: Requirement): Promise<readonly Fault[]> {
    const { entries, faults } = await candidatesFor(requirement.name, this.#repositories)
    const fitting = requirement.range === null ? entries : within(entries, requirement.range)
    const [only] = fitting
    if (only === undefined) {
      return [...faults, this.#fault('missing', `${this.#askers(requirement)}, which no repository has`)]
    }
    if (fitting.length > 1) {
      const choice = `which leaves a choice: give the context, or requests with one of ${offerText(fitting)}`
      return [this.#fault('malformed', `${this.#askers(requirement)}, ${choice}`)]
    }
    const loaded = await loadPackage(only)
    if ('faults' in loaded) return loaded.faults
    this.loaded.set(requirement.name, loaded)
    return []
  }

  /**
   * Settles the variant of one package; true when there may be more to do, faults (or none) at the end. The variant is
   * the only one that nothing in the set contradicts, or the one Rez prefers of these when it needs nothing more.
   */
  #settle(): true | readonly Fault[] {
    const versions = new Map([...this.loaded.values()].map(({ entry }) => [entry.name, entry.version]))
    for (const [name, loaded] of this.loaded) {
      if (this.settled.has(name)) continue
      const open = rankVariants(loaded, this.#requests).filter((member) =>
        unmetBy(member, versions).every((one) => !one.conflict && !versions.has(one.name)),
      )
      const [best] = open
      if (best !== undefined && (open.length === 1 || unmetBy(best, versions).length === 0)) {
        this.settled.set(name, best)
        return true
      }
      const id = packageId({ name, version: loaded.entry.version.text })
      const message = `${best === undefined ? 'no variant' : 'more than one variant'} of ${id} could be taken`
      return [this.#fault('malformed', `${message}: give the context, or requests that leave one`)]
    }
    return []
  }

  #askers(requirement: Requirement): string {
    const names = [...this.settled.values()]
      .filter((member) => member.requirements.some((one) => one.name === requirement.name))
      .map(memberId)
    return `${names.length === 0 ? 'a package' : names.join(' and ')} requires ${requirement.text}`
  }

  #fault(kind: Fault['kind'], message: string): Fault {
    return faultAt(kind, this.#file, null, message)
  }
}

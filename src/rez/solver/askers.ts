/** Who asks for a family, and over which packages that leads back to the requests. */
import type { Asking, Origins } from './origins.ts'
import type { Requirement } from '../version/requirement.ts'
import type { SolverVariant } from './variant.ts'

/** One requirement on a family. */
export interface Asked {
  /** `maya-2024`, or several of them; null for the request. */
  readonly by: string | null
  readonly requirement: Requirement
  /** How the package came in, nearest first: `studio_tools-1`; empty for what is requested itself. */
  readonly path: readonly string[]
  /** Packages between the requests and the requirement; 0 for a request. */
  readonly length: number
}

/** What was handed out until a failure, from the requests on. */
export class Askers {
  readonly #requests: readonly Requirement[]
  readonly #handed: readonly Origins[]
  readonly #depths = new Map<string, number>()
  /** Through which the family came in by the shortest chain; requested ones have none. */
  readonly #through = new Map<string, Asking>()

  constructor(requests: readonly Requirement[], origins: Origins | null) {
    this.#requests = requests
    const handed: Origins[] = []
    for (let at = origins; at !== null; at = at.before) handed.push(at)
    this.#handed = handed.reverse()
    for (const request of requests) if (!request.conflict) this.#depths.set(request.name, 1)
    this.#relax()
  }

  /** Packages from the requests to this family, itself counted; large where it did not come in. */
  depth(name: string): number {
    return this.#depths.get(name) ?? this.#handed.length + 2
  }

  /** All that ask for the family, the shortest chain first. */
  of(name: string): readonly Asked[] {
    const asked: Asked[] = this.#requests
      .filter((request) => request.name === name)
      .map((requirement) => ({ by: null, requirement, path: [], length: 0 }))
    const seen = new Set<string>()
    for (const { scope, requirement } of this.#handed) {
      if (requirement.name !== name) continue
      const one = this.#asked(scope.label, scope.name, requirement)
      const key = `${one.by ?? ''} ${requirement.text}`
      if (!seen.has(key)) asked.push(one)
      seen.add(key)
    }
    return asked.sort((a, b) => a.length - b.length)
  }

  /** What one variant asks for. */
  byVariant(variant: SolverVariant, requirement: Requirement): Asked {
    return this.#asked(variant.label, variant.name, requirement)
  }

  #asked(by: string, family: string, requirement: Requirement): Asked {
    const path: string[] = []
    for (let scope = this.#through.get(family); scope !== undefined; scope = this.#through.get(scope.name)) {
      path.push(scope.label)
    }
    return { by, requirement, path, length: this.depth(family) }
  }

  /** Shortest chains, found in as many rounds as the longest of them has packages. */
  #relax(): void {
    for (let changed = true; changed;) {
      changed = false
      for (const { scope, requirement } of this.#handed) {
        const depth = this.#depths.get(scope.name)
        if (depth === undefined || depth + 1 >= (this.#depths.get(requirement.name) ?? Infinity)) continue
        this.#depths.set(requirement.name, depth + 1)
        this.#through.set(requirement.name, scope)
        changed = true
      }
    }
  }
}

/** `maya-2024 requires python-3.10`. */
export function askText({ by, requirement, path }: Asked): string {
  const verb = by === null ? 'the request' : by
  const chain = path.length === 0 ? '' : ` (required by ${path.join(', that by ')})`
  return `${verb}${chain} ${wishText(by, requirement)}`
}

/** `maya-2024 requires python-3.10 but houdini-20 requires python-3.9`. */
export function clashText(a: Asked, b: Asked): string {
  if (a.by === null && b.by === null) return `the request has both ${a.requirement.text} and ${b.requirement.text}`
  // What is asked for comes before what is forbidden, and the shorter chain before the longer.
  const swap = a.requirement.conflict === b.requirement.conflict ? a.length > b.length : a.requirement.conflict
  return swap ? `${askText(b)} but ${askText(a)}` : `${askText(a)} but ${askText(b)}`
}

function wishText(by: string | null, requirement: Requirement): string {
  const { conflict, weak, text } = requirement
  if (weak) return `allows only ${text.slice(1)}`
  if (conflict) return `does not allow ${text.slice(1)}`
  return `${by === null ? 'asks for' : 'requires'} ${text}`
}

/** The elements of DT_RPATH and DT_RUNPATH, expanded and looked up: what the RPH rules judge. */
import type { ContextAudit, PackageObject, WorldName } from '../../domain/audit.ts'
import type { Package } from '../../domain/context.ts'
import { expandTokens } from '../../loader/tokens.ts'
import { setupFor } from '../../loader/sessions.ts'
import { buildTreeReason } from '../knowledge/paths.ts'
import { folderName } from './copies.ts'
import type { Place } from './presence.ts'
import { isBelow, normalPath, placeAt } from './presence.ts'
import type { Requirements } from './requirements.ts'

export type RunPathTag = 'rpath' | 'runpath'

/** One element of one object. */
export interface RunPathUse {
  readonly object: PackageObject
  readonly tag: RunPathTag
  /** Tokens replaced, normalised; null where the loader drops the element or it is relative. */
  readonly folder: string | null
}

export type RunPathFault = 'unsafe' | 'system' | 'build-tree' | 'undeclared' | 'unmounted'

/** Elements of one text in one package that have one fault. */
export interface RunPathGroup {
  readonly owner: Package
  /** As written. */
  readonly text: string
  readonly fault: RunPathFault
  readonly uses: readonly RunPathUse[]
  /** Worlds where the folder is absent. */
  readonly absent: readonly WorldName[]
  /** The package of the context that the folder belongs to, or belonged to under another mount or version. */
  readonly package: Package | null
}

/** Folders that every loader searches, whatever the distribution (FHS). Those compiled into the loader come on top. */
const SYSTEM_FOLDERS = ['/lib', '/lib64', '/lib32', '/usr/lib', '/usr/lib64', '/usr/lib32']

/** Judges every element of every run path. Objects with both tags are judged by the one that counts, DT_RUNPATH. */
export function findRunPaths(
  audit: ContextAudit,
  requirements: Requirements,
  worlds: readonly WorldName[],
): readonly RunPathGroup[] {
  const judge = new RunPathJudge(audit, requirements, worlds)
  for (const object of audit.objects) judge.add(object)
  return judge.groups()
}

interface OpenGroup {
  readonly owner: Package
  readonly text: string
  readonly verdict: Verdict
  readonly uses: RunPathUse[]
}

interface Verdict {
  readonly fault: RunPathFault
  readonly absent: readonly WorldName[]
  readonly package: Package | null
}

class RunPathJudge {
  readonly #audit: ContextAudit
  readonly #requirements: Requirements
  readonly #worlds: readonly WorldName[]
  readonly #groups = new Map<string, OpenGroup>()
  readonly #byName: ReadonlyMap<string, Package>
  readonly #places = new Map<string, readonly (Place | null)[]>()

  constructor(audit: ContextAudit, requirements: Requirements, worlds: readonly WorldName[]) {
    this.#audit = audit
    this.#requirements = requirements
    this.#worlds = worlds
    this.#byName = new Map(audit.context.packages.map((item) => [item.name, item]))
  }

  add(object: PackageObject): void {
    const elf = object.reading.object
    const value = elf?.runpath ?? elf?.rpath ?? null
    if (elf === null || value === null || value === '') return
    const tag: RunPathTag = elf.runpath === null ? 'rpath' : 'runpath'
    for (const text of new Set(value.split(':'))) {
      const folder = this.#expand(object, text)
      const verdict = this.#judge(object, text, folder)
      if (verdict === null) continue
      const use = { object, tag, folder }
      const key = `${this.#audit.context.packages.indexOf(object.owner)}\0${verdict.fault}\0${text}`
      const known = this.#groups.get(key)
      if (known === undefined) this.#groups.set(key, { owner: object.owner, text, verdict, uses: [use] })
      else known.uses.push(use)
    }
  }

  groups(): readonly RunPathGroup[] {
    return [...this.#groups.values()].map(({ owner, text, verdict, uses }) => ({ owner, text, uses, ...verdict }))
  }

  #expand(object: PackageObject, text: string): string | null {
    const world = this.#worlds.map((name) => this.#audit.worlds[name]?.world).find((found) => found !== undefined)
    const setup = world === undefined ? null : setupFor(world, object.reading.object)
    const values = { origin: folderName(object.path), lib: setup?.lib ?? 'lib', platform: setup?.platform ?? null }
    const expanded = expandTokens(text, values)
    return expanded?.startsWith('/') === true ? normalPath(expanded) : null
  }

  #judge(object: PackageObject, text: string, folder: string | null): Verdict | null {
    const literal = text.startsWith('/')
    const none = { absent: [], package: null }
    if (text === '' || (folder === null && !/^\$(?:\{|[A-Z])/.test(text)) || hasUnknownToken(text)) {
      return { fault: 'unsafe', ...none }
    }
    if (folder === null) return null
    if (literal && /(?:^|\/)\.\.(?:\/|$)/.test(text)) return { fault: 'unsafe', ...none }
    if (literal && this.#isSystemFolder(object, folder)) return { fault: 'system', ...none }
    const places = this.#lookup(folder)
    const owner = places.find((place) => place?.owner != null)?.owner ?? null
    if (owner !== null)
      return this.#isUndeclared(object.owner, owner) ? { fault: 'undeclared', absent: [], package: owner } : null
    if (literal && buildTreeReason(folder) !== null) return { fault: 'build-tree', ...none }
    return this.#unmounted(object, literal, folder, places)
  }

  /** An absolute folder that some world lacks; one below `$ORIGIN` only where it leads to another package. */
  #unmounted(
    object: PackageObject,
    literal: boolean,
    folder: string,
    places: readonly (Place | null)[],
  ): Verdict | null {
    const absent = this.#worlds.filter((_, index) => places[index] === null)
    // A graft that another context has: the way to it is dead here, by decision.
    if (absent.length === 0 || this.#audit.worlds.base?.repaired(folder) === true) return null
    const home = object.owner.payload.some((root) => isBelow(folder, normalPath(root)))
    if (home) return null
    const meant = this.#packageIn(folder)
    return literal || meant !== null ? { fault: 'unmounted', absent, package: meant } : null
  }

  #isUndeclared(owner: Package, provider: Package): boolean {
    return provider !== owner && !this.#requirements.direct(owner).has(provider.name)
  }

  #isSystemFolder(object: PackageObject, folder: string): boolean {
    if (SYSTEM_FOLDERS.includes(folder)) return true
    return this.#worlds.some((name) => {
      const world = this.#audit.worlds[name]?.world
      const setup = world === undefined ? null : setupFor(world, object.reading.object)
      return setup?.systemFolders.some((item) => normalPath(item) === folder) === true
    })
  }

  #lookup(folder: string): readonly (Place | null)[] {
    const known = this.#places.get(folder)
    if (known !== undefined) return known
    const fresh = this.#worlds.map((world) => placeAt(this.#audit, world, folder))
    this.#places.set(folder, fresh)
    return fresh
  }

  /** The package of the context whose name and a version follow each other in the path, as in every Rez repository. */
  #packageIn(folder: string): Package | null {
    const parts = folder.split('/')
    for (const [index, part] of parts.entries()) {
      const item = this.#byName.get(part)
      if (item !== undefined && /^v?\d/.test(parts[index + 1] ?? '')) return item
    }
    return null
  }
}

/** The loader leaves `$X` as it is where it knows no token of that name, so that the element is relative or nonsense. */
function hasUnknownToken(text: string): boolean {
  return expandTokens(text, { origin: '', lib: '', platform: '' })?.includes('$') === true
}

/** Grafts: copies of the host's libraries with everything they load in turn that the base does not have. */
import type { ContextAudit, Finding, ResolvedWorld } from '../domain/audit.ts'
import { variableValue } from '../domain/context.ts'
import type { ElfHeader } from '../domain/object.ts'
import type { RepairAction } from '../domain/repair.ts'
import { failed } from '../domain/tree.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import { fileDigest } from '../tree/digest.ts'
import { neverGrafted } from './never-grafted.ts'
import { GRAFT } from './paths.ts'
import type { LibraryPlan } from './planned.ts'
import { reasonOf } from './reasons.ts'

/** The folder of grafts that is on the library path of the context. */
export const PUBLIC_GRAFTS = '{graft}/lib'

type Planned = LibraryPlan['entries'][number]
type OpenedAction = Extract<RepairAction, { kind: 'opened' }>

/** Plans the grafts of one context. Names that the base or a package answers are left alone. */
export class Grafter {
  readonly #audit: ContextAudit
  readonly #drivers: Drivers
  readonly #host: ResolvedWorld | null
  /** What each file of the host loads for each name it asks for, as some process of the context does. */
  readonly #loads: Lazy<ReadonlyMap<string, ReadonlyMap<string, string>>>
  readonly #fixes = new Set<string>()
  readonly #done = new Set<string>()
  readonly #leads = new Map<string, Planned>()

  constructor(audit: ContextAudit, drivers: Drivers) {
    this.#audit = audit
    this.#drivers = drivers
    this.#host = audit.worlds.host ?? null
    this.#loads = lazy(() => loadsOf(this.#host))
  }

  /** Why a copy of the host's file would not do; null where it would. */
  refusal(name: string, file: string | null): string | null {
    const kept = neverGrafted(name, this.#drivers)
    if (kept !== null) return `it is never copied: ${kept}`
    return file === null || this.#host === null ? 'the host has no file to copy' : null
  }

  /** The graft of one name, and those that come along; each name once in the life of this object. */
  graft(
    name: string,
    file: string,
    findings: readonly Finding[],
    opened: OpenedAction | null = null,
  ): readonly Planned[] {
    for (const finding of findings) this.#fixes.add(finding.rule)
    const closure = this.#closure(file)
    const reason = reasonOf(findings)
    const rules = [...new Set(findings.map((finding) => finding.rule))].sort()
    const own = this.#entry(name, file, { fixes: rules, because: reason }, [...closure.keys()].sort(), opened)
    if (opened !== null) this.#lead(opened, rules)
    const along = [...closure].flatMap(([other, { target, asker }]) =>
      this.#entry(other, target, { because: `needed by ${asker}` }, []),
    )
    return [...own.map((entry) => ({ entry, findings })), ...along.map((entry) => ({ entry, findings: [] }))]
  }

  /** The folder of grafts goes to the end of the library path: whatever packages have comes first. */
  exposure(): readonly Planned[] {
    if (this.#done.size === 0) return []
    const value = { op: 'append', fixes: [...this.#fixes].sort(), because: 'the folder of grafts, behind all packages' }
    return [
      { entry: { owner: null, keys: ['env', 'LD_LIBRARY_PATH', PUBLIC_GRAFTS], value }, findings: [] },
      ...this.#leads.values(),
    ]
  }

  /** The variable that leads to a folder of files which a library opens, behind the folders it would have read. */
  #lead({ variable, keep, folder }: OpenedAction, fixes: readonly string[]): void {
    if (variable === null || folder === null) return
    const because = 'the folder of grafts that a library opens'
    for (const value of [...keep, `${GRAFT}/${folder}`]) {
      const entry = { owner: null, keys: ['env', variable, value], value: { op: 'append', fixes, because } }
      this.#leads.set(`${variable}\0${value}`, { entry, findings: [] })
    }
  }

  #entry(
    name: string,
    file: string,
    reasons: { readonly fixes?: readonly string[]; readonly because: string },
    closure: readonly string[],
    opened: OpenedAction | null = null,
  ): readonly Planned['entry'][] {
    const host = this.#host
    const sha256 = host === null ? null : fileDigest(host.world.system.tree, file)
    if (host === null || sha256 === null) return []
    this.#done.add(name)
    const folder = opened?.folder == null ? PUBLIC_GRAFTS : `${GRAFT}/${opened.folder}`
    const base = file.slice(file.lastIndexOf('/') + 1)
    const owner = host.ownerOf(file)
    const buildId = host.world.read(file).object?.buildId ?? null
    return [
      {
        owner: null,
        keys: ['grafts', name],
        value: {
          source: { kind: 'host', path: file },
          sha256,
          ...(buildId === null ? {} : { build_id: buildId }),
          dest: `${folder}/${base}`,
          ...(base === name ? {} : { symlinks: { [name]: base } }),
          visible_to: ['*'],
          ...(closure.length === 0 ? {} : { closure }),
          licence: { ...(owner === null ? {} : { package: owner.name }), redistribution: 'review' },
          ...reasons,
        },
      },
    ]
  }

  /** Everything `file` loads in turn that would be missing in the base, by name. */
  #closure(file: string): ReadonlyMap<string, { readonly target: string; readonly asker: string }> {
    const found = new Map<string, { readonly target: string; readonly asker: string }>()
    const queue = [file]
    // The queue grows while it is walked.
    for (const next of queue) {
      for (const [name, target] of this.#loads().get(next) ?? []) {
        if (found.has(name) || neverGrafted(name, this.#drivers) !== null || this.#isOwned(target)) continue
        if (this.#answered(name, this.#host?.world.read(next).header ?? null)) continue
        found.set(name, { target, asker: next.slice(next.lastIndexOf('/') + 1) })
        queue.push(target)
      }
    }
    return found
  }

  #isOwned(path: string): boolean {
    return this.#audit.context.packages.some((item) => item.payload.some((root) => path.startsWith(`${root}/`)))
  }

  /** Whether a search in the base would find the name: on the library path, in the cache, or in a system folder. */
  #answered(name: string, header: ElfHeader | null): boolean {
    const base = this.#audit.worlds.base
    if (base === undefined || header === null) return false
    const { world } = base
    const setup = world.system.loader(null, header.machine, header.class)
    const folders = (variableValue(this.#audit.context.environment, 'LD_LIBRARY_PATH') ?? '').split(/[:;]/)
    const cached = setup?.cache?.lookup(name)?.path
    const paths = [
      ...folders.filter((folder) => folder.startsWith('/')).map((folder) => `${folder}/${name}`),
      ...(cached === undefined ? [] : [cached]),
      ...[...(setup?.systemFolders ?? []), ...(setup?.muslPath ?? []).map((folder) => `${folder}/`)].map(
        (folder) => folder + name,
      ),
    ]
    return paths.some((path) => {
      const found = world.lookup(path)
      if (failed(found) || found.kind !== 'file') return false
      const other = world.read(found.path).header
      return other?.machine === header.machine && other.class === header.class
    })
  }
}

function loadsOf(host: ResolvedWorld | null): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const loads = new Map<string, Map<string, string>>()
  const opened = (host?.opened() ?? []).flatMap(({ closure }) => (closure === null ? [] : [closure]))
  for (const closure of [...(host?.closures ?? []), ...opened]) {
    for (const binding of closure.bindings) {
      const from = closure.objects[binding.from]?.file ?? null
      const to = closure.objects[binding.to]?.file ?? null
      if (from === null || to === null || binding.optional) continue
      const known = loads.get(from)
      if (known === undefined) loads.set(from, new Map([[binding.name, to]]))
      else if (!known.has(binding.name)) known.set(binding.name, to)
    }
  }
  return loads
}

type Lazy<T> = () => T

function lazy<T extends object>(make: () => T): Lazy<T> {
  let made: T | null = null
  return () => (made ??= make())
}

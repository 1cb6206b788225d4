/** Grafts: copies of libraries with everything they load in turn that the base does not have, or has too old. */
import type { ContextAudit } from '../domain/audit.ts'
import { libraryFolders } from '../domain/context.ts'
import type { ElfHeader } from '../domain/object.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import { baseName } from '../rules/facts/copies.ts'
import { relativeTo } from '../rules/run-path-drafts.ts'
import { some } from '../rules/words.ts'
import { fileDigest } from '../tree/digest.ts'
import { neverGrafted } from './never-grafted.ts'
import { GRAFT, PUBLIC_GRAFTS, privateFolder } from './paths.ts'
import type { LibraryEntry as Planned, OpenedAction, Want } from './planned.ts'
import { reasonOf } from './reasons.ts'
import type { Supply } from './supply.ts'
import { defines, searched } from './supply.ts'
import { demandedNodes } from './wants.ts'

/** The file that is copied for a want. */
export interface Pick {
  readonly supply: Supply
  readonly file: string
}

/** A library that comes along with another one. */
interface Member extends Pick {
  readonly name: string
  /** Names of the files that ask for it and find none that will do. */
  readonly askers: Set<string>
  /** The base has one, which lacks versions: it would go before a copy, or the copy before it. */
  readonly older: boolean
}

interface Bundle {
  readonly members: ReadonlyMap<string, Member>
  /** Why a copy would not start in the base; null where nothing is known against it. */
  readonly refusal: string | null
}

export interface GrafterSetting {
  readonly drivers: Drivers
  /** Best first. */
  readonly supplies: readonly Supply[]
  /** Names that get folders of their own, which only those find who are told. */
  readonly apart: ReadonlySet<string>
}

/** Plans the grafts of one context. Names that the base or a package answers are left alone. */
export class Grafter {
  readonly #audit: ContextAudit
  readonly #setting: GrafterSetting
  readonly #apart: Set<string>
  readonly #bundles = new Map<string, Bundle>()
  readonly #digests = new Map<string, string | null>()

  constructor(audit: ContextAudit, setting: GrafterSetting) {
    this.#audit = audit
    this.#setting = setting
    this.#apart = new Set(setting.apart)
  }

  /** The copy to make, or why none would do. */
  pick(want: Want): Pick | string {
    const kept = neverGrafted(want.name, this.#setting.drivers)
    if (kept !== null) return `it is never copied: ${kept}`
    const like = this.#like(want.name)
    const reasons: string[] = []
    for (const supply of this.#setting.supplies) {
      const seen = sameSource(supply.source, want.opened?.from ?? { kind: 'host' }) ? want.file : null
      // What a library opens by its path is looked for nowhere else.
      const file = seen ?? (want.opened?.folder != null || like === null ? null : supply.find(want.name, like))
      const reason = file === null ? `${supply.label} has no file to copy` : this.#against(want, { supply, file })
      if (file !== null && reason === null) return { supply, file }
      reasons.push(reason ?? '')
    }
    return reasons.length === 0 ? 'there is no system to copy from' : reasons.join('; ')
  }

  /** Where the copy of a name goes that gets a folder of its own. */
  dest(name: string, { file }: Pick): string {
    return `${privateFolder(name)}/${baseName(file)}`
  }

  /** The graft of a want, and those that come along. @param visibleTo who is told of a folder of its own */
  graft(want: Want, pick: Pick, visibleTo: readonly string[]): readonly Planned[] {
    const { members } = this.#bundle(pick)
    for (const { name, older } of members.values()) if (older) this.#apart.add(name)
    const { findings, opened } = want
    const fixes = [...new Set(findings.map((finding) => finding.rule))].sort()
    const reasons = { fixes, because: reasonOf(findings) }
    const own = this.#entry(want.name, pick, { ...reasons, visibleTo, opened, closure: [...members.keys()].sort() })
    const along = [...members.values()].flatMap((member) => {
      const askers = [...member.askers].sort()
      const because = `needed by ${some(askers)}`
      return this.#entry(member.name, member, { because, visibleTo: askers, opened: null, closure: [] })
    })
    const entries = [...own.map((entry) => ({ entry, findings })), ...along.map((entry) => ({ entry, findings: [] }))]
    return [...entries, ...exposure(entries, fixes), ...(opened === null ? [] : leads(opened, fixes))]
  }

  #digest(pick: Pick): string | null {
    const key = keyOf(pick)
    const known = this.#digests.get(key)
    if (known !== undefined) return known
    const digest = fileDigest(pick.supply.tree, pick.file)
    this.#digests.set(key, digest)
    return digest
  }

  /** A header of the machine that the copy has to be for. */
  #like(name: string): ElfHeader | null {
    const asks = this.#audit.objects.find(({ reading }) => reading.object?.needs.some((need) => need.name === name))
    return (asks ?? this.#audit.objects[0])?.reading.header ?? null
  }

  #against(want: Want, { supply, file }: Pick): string | null {
    if (this.#digest({ supply, file }) === null) return `${supply.label} does not hold the bytes of ${file}`
    const nodes = [...demandedNodes(this.#audit, want)]
    if (!defines(supply.read(file), nodes)) return `the copy of ${supply.label} does not define ${nodes.join(', ')}`
    return this.#bundle({ supply, file }).refusal
  }

  #bundle(pick: Pick): Bundle {
    const key = keyOf(pick)
    const known = this.#bundles.get(key) ?? this.#collect(pick)
    this.#bundles.set(key, known)
    return known
  }

  /** Everything a file loads in turn that would be missing in the base, or too old. */
  #collect(pick: Pick): Bundle {
    const members = new Map<string, Member>()
    const queue: Pick[] = [pick]
    // The queue grows while it is walked.
    for (const { supply, file } of queue) {
      const { header, object } = supply.read(file)
      const asker = baseName(file)
      for (const [name, target] of this.#loads({ supply, file }, header)) {
        const nodes = (object?.versionNeeds ?? []).flatMap((need) =>
          need.file === name && !need.weak ? [need.version] : [],
        )
        const lacking = this.#lacking(name, header, nodes)
        if (neverGrafted(name, this.#setting.drivers) !== null) {
          if (lacking === null || lacking.length === 0) continue
          const what = `${asker} of ${supply.label} demands ${lacking.join(', ')} of ${name}`
          return { members, refusal: `${what}, which the base does not define` }
        }
        if (lacking?.length === 0) continue
        const known = members.get(name)
        if (known !== undefined) known.askers.add(asker)
        else {
          members.set(name, { ...target, name, askers: new Set([asker]), older: lacking !== null })
          queue.push(target)
        }
      }
    }
    return { members, refusal: null }
  }

  /** What a file loads, with the source that has it: its own one, else the first that does. Packages have their own. */
  #loads({ supply, file }: Pick, header: ElfHeader | null): ReadonlyMap<string, Pick> {
    const loads = new Map<string, Pick>()
    const own = supply.loads(file)
    for (const { name, kind } of supply.read(file).object?.needs ?? []) {
      if (kind === 'auxiliary') continue
      const found = own.get(name)
      if (found !== undefined && this.#audit.owner(found) !== null && supply.source.kind === 'host') continue
      if (found !== undefined) loads.set(name, { supply, file: found })
      else if (header !== null) {
        const other = this.#setting.supplies.map((item) => ({ supply: item, file: item.find(name, header) }))
        const first = other.find((item): item is Pick => item.file !== null)
        if (first !== undefined) loads.set(name, first)
      }
    }
    return loads
  }

  /**
   * The nodes that are not defined by what a search in the base gives (on the library path, in the cache, in a system
   * folder); null where it gives nothing.
   */
  #lacking(name: string, header: ElfHeader | null, nodes: readonly string[]): readonly string[] | null {
    const world = this.#audit.worlds.base?.world
    if (world === undefined || header === null) return null
    const file = searched(world, libraryFolders(this.#audit.context.environment), name, header)
    if (file === null) return null
    // What a package has goes before any copy.
    if (this.#audit.owner(file) !== null) return []
    const { system } = world
    return nodes.filter(
      (node) => !defines(world.read(file), [node]) && (system.versionAbsence?.(name, node) ?? 'lacks') === 'lacks',
    )
  }

  #entry(
    name: string,
    { supply, file }: Pick,
    about: {
      readonly fixes?: readonly string[]
      readonly because: string
      readonly visibleTo: readonly string[]
      readonly opened: OpenedAction | null
      readonly closure: readonly string[]
    },
  ): readonly Planned['entry'][] {
    const sha256 = this.#digest({ supply, file })
    if (sha256 === null) return []
    const apart = this.#apart.has(name)
    const folder = placeOf(name, about.opened, apart)
    const base = baseName(file)
    const owner = supply.owner(file)
    const { object } = supply.read(file)
    const ways = this.#ways({ supply, file }, folder)
    const before = (object?.runpath ?? object?.rpath ?? '').split(':').filter((element) => element !== '')
    const { fixes, because, closure } = about
    const value = {
      source: { ...supply.source, path: file },
      sha256,
      ...(object?.buildId == null ? {} : { build_id: object.buildId }),
      dest: `${folder}/${base}`,
      ...(base === name ? {} : { symlinks: { [name]: base } }),
      ...(ways.length === 0 ? {} : { rpath: [...ways, ...before] }),
      visible_to: apart ? about.visibleTo : ['*'],
      ...(closure.length === 0 ? {} : { closure }),
      licence: { ...(owner === null ? {} : { package: owner }), redistribution: 'review' },
      ...(fixes === undefined ? {} : { fixes }),
      because,
    }
    return [{ owner: null, keys: ['grafts', name], value }]
  }

  /** The ways from a copy to what it loads that stands in folders of its own. */
  #ways(pick: Pick, folder: string): readonly string[] {
    const header = pick.supply.read(pick.file).header
    const names = [...this.#loads(pick, header).keys()].filter((name) => this.#apart.has(name)).sort()
    return names.map((name) => relativeTo(folder.slice(GRAFT.length), privateFolder(name).slice(GRAFT.length)))
  }
}

function sameSource(a: Supply['source'], b: Supply['source']): boolean {
  return a.kind === b.kind && a.ref === b.ref
}

function keyOf({ supply: { source }, file }: Pick): string {
  return [source.kind, source.ref ?? '', file].join('\0')
}

function placeOf(name: string, opened: OpenedAction | null, apart: boolean): string {
  if (apart) return privateFolder(name)
  return opened?.folder == null ? PUBLIC_GRAFTS : `${GRAFT}/${opened.folder}`
}

/** The folder of grafts goes to the end of the library path: whatever packages have comes first. */
function exposure(entries: readonly Planned[], fixes: readonly string[]): readonly Planned[] {
  if (!entries.some(({ entry }) => String(entry.value['dest']).startsWith(`${PUBLIC_GRAFTS}/`))) return []
  const value = { op: 'append', fixes, because: 'the folder of grafts, behind all packages' }
  return [{ entry: { owner: null, keys: ['env', 'LD_LIBRARY_PATH', PUBLIC_GRAFTS], value }, findings: [] }]
}

/** The variable that leads to a folder of files which a library opens, behind the folders it would have read. */
function leads({ variable, keep, folder }: OpenedAction, fixes: readonly string[]): readonly Planned[] {
  if (variable === null || folder === null) return []
  const because = 'the folder of grafts that a library opens'
  return [...keep, `${GRAFT}/${folder}`].map((value) => ({
    entry: { owner: null, keys: ['env', variable, value], value: { op: 'append', fixes, because } },
    findings: [],
  }))
}

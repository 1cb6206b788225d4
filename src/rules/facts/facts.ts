/** Everything rules may ask about one context: indexes over the resolved facts, built once. */
import type { ContextAudit, PackageObject, WorldName } from '../../domain/audit.ts'
import type { Context, Package } from '../../domain/context.ts'
import { libraryFolders } from '../../domain/context.ts'
import { once } from '../../domain/once.ts'
import type { Drivers } from '../knowledge/lookup.ts'
import { builtinDrivers } from '../knowledge/lookup.ts'
import type { Singletons } from '../knowledge/singletons.ts'
import { builtinSingletons } from '../knowledge/singletons.ts'
import type { Blame } from './blame.ts'
import { blameOf } from './blame.ts'
import type { Copies } from './copies.ts'
import { indexCopies } from './copies.ts'
import { Opening } from './opening.ts'
import type { OpenNames } from './open-names.ts'
import { findOpenNames } from './open-names.ts'
import type { Doubled } from './processes.ts'
import { findDoubled } from './processes.ts'
import type { AmbiguousNeed, Owed } from './owed.ts'
import { findOwed } from './owed.ts'
import type { Requirements } from './requirements.ts'
import { requirementsOf } from './requirements.ts'
import type { RunPathFault, RunPathGroup } from './run-paths.ts'
import { findRunPaths } from './run-paths.ts'
import type { Use, UseGroup } from './uses.ts'
import { groupUses, pairUses } from './uses.ts'
import type { VerdictId } from './verdicts.ts'
import { verdictOf } from './verdicts.ts'

export interface Facts {
  readonly audit: ContextAudit
  readonly context: Context
  /** `lint` judges what a package declares, `audit` what binds in a context. */
  readonly purpose: 'audit' | 'lint'
  /** The drivers that are known, those of policy among them. */
  readonly drivers: Drivers
  /** The worlds that were resolved, host first. */
  readonly worlds: readonly WorldName[]
  readonly uses: readonly Use[]
  readonly copies: Copies
  readonly requirements: Requirements
  /** Requirements that are missing, by pairs of packages. */
  readonly owed: readonly Owed[]
  readonly ambiguous: readonly AmbiguousNeed[]
  /** Why an object is loaded, by its path. */
  readonly blame: Blame
  /** Folders of LD_LIBRARY_PATH in order. */
  readonly libraryPath: readonly string[]
  /** Copies of a library that stand in one process together. */
  readonly doubled: readonly Doubled[]
  /** What dlopen would answer in a world; null for a world that was not resolved. */
  opening(world: WorldName): Opening | null
  /** Names that are opened at run time as far as they stand in plain text; a heuristic. */
  openNames(): readonly OpenNames[]
  /** The libraries of which a process must have one copy, those of policy among them. */
  readonly singletons: Singletons
  /** Elements of run paths with one fault, by package and text. */
  runPaths(fault: RunPathFault): readonly RunPathGroup[]
  /** Objects of one package. */
  objectsOf(item: Package): readonly PackageObject[]
  /** Groups of uses with one verdict, by package and name. */
  judged(verdict: VerdictId): readonly UseGroup[]
}

/** Builds the facts of one context. */
export function buildFacts(
  audit: ContextAudit,
  purpose: Facts['purpose'],
  drivers: Drivers = builtinDrivers,
  singletons: Singletons = builtinSingletons,
): Facts {
  const copies = indexCopies(audit)
  const uses = pairUses(audit)
  const requirements = requirementsOf(audit.context)
  const byVerdict = new Map<VerdictId, Use[]>()
  for (const use of uses) {
    const verdict = verdictOf(use, audit, copies, drivers)
    if (verdict === null) continue
    const list = byVerdict.get(verdict)
    if (list === undefined) byVerdict.set(verdict, [use])
    else list.push(use)
  }
  const names: readonly WorldName[] = ['host', 'base']
  const worlds = names.filter((name) => audit.worlds[name] !== undefined)
  const runPaths = once(() => findRunPaths(audit, requirements, worlds))
  const doubled = once(() => findDoubled(audit, worlds, singletons))
  const openings = new Map(
    worlds.flatMap((world) => {
      const resolved = audit.worlds[world]
      return resolved === undefined ? [] : [[world, new Opening(resolved)] as const]
    }),
  )
  return {
    audit,
    context: audit.context,
    purpose,
    drivers,
    singletons,
    worlds,
    uses,
    copies,
    requirements,
    blame: blameOf(audit),
    ...findOwed(audit.context, uses, copies, requirements),
    libraryPath: libraryFolders(audit.context.environment),
    get doubled() {
      return doubled()
    },
    opening: (world) => openings.get(world) ?? null,
    openNames: once(() => findOpenNames(audit)),
    runPaths: (fault) => runPaths().filter((group) => group.fault === fault),
    objectsOf: objectsByOwner(audit),
    judged: (verdict) => groupUses(byVerdict.get(verdict) ?? []),
  }
}

/** What a comparison of two bases asks: no copies, requirements or run paths are looked at. */
export type MoveFacts = Pick<Facts, 'audit' | 'context' | 'drivers' | 'uses' | 'objectsOf'>

/** Builds the facts of one context that is moved. */
export function moveFacts(audit: ContextAudit, drivers: Drivers): MoveFacts {
  return { audit, context: audit.context, drivers, uses: pairUses(audit), objectsOf: objectsByOwner(audit) }
}

function objectsByOwner(audit: ContextAudit): Facts['objectsOf'] {
  const byOwner = new Map<Package, PackageObject[]>()
  for (const object of audit.objects) {
    const list = byOwner.get(object.owner)
    if (list === undefined) byOwner.set(object.owner, [object])
    else list.push(object)
  }
  return (item) => byOwner.get(item) ?? []
}

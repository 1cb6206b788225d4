/**
 * The verdict on each use. One need gives one finding of its family: HST008 before HST006 before HST003 before HST002
 * before HST001, and RES008 before RES002 before RES001 before RES003.
 */
import type { ContextAudit, ResolvedNeed } from '../../domain/audit.ts'
import { isReserved } from '../../loader/musl-search.ts'
import type { Drivers } from '../knowledge/lookup.ts'
import { isLibc } from '../knowledge/lookup.ts'
import type { Copies } from './copies.ts'
import { baseName, folderName } from './copies.ts'
import type { Use } from './uses.ts'

export type VerdictId = 'HST008' | 'HST006' | 'HST003' | 'HST002' | 'HST001' | 'RES008' | 'RES002' | 'RES001' | 'RES003'

/** Whether a need was answered with a file of the system. */
export function fromSystem(need: ResolvedNeed | null): need is ResolvedNeed & { readonly file: string } {
  if (need?.provider == null || need.file === null) return false
  return need.provider.kind === 'host' || need.provider.kind === 'base' || need.provider.kind === 'driver'
}

/** Whether a world was asked and nothing was found. */
export function isMissing(need: ResolvedNeed | null): boolean {
  return need !== null && need.file === null
}

/** Judged alone, or a plugin whose process is not known: what it lacks may be loaded there already. */
export function isUnsure(need: ResolvedNeed | null): boolean {
  return need?.alone === true || need?.guest === true || need?.metElsewhere === true
}

/** Judges one use; null when nothing is to be said. */
export function verdictOf(use: Use, audit: ContextAudit, copies: Copies, drivers: Drivers): VerdictId | null {
  if (isLoaderItself(use)) return null
  return systemVerdict(use, audit, copies, drivers) ?? searchVerdict(use, audit, copies)
}

/** musl's loader is its C library: of a program that names it as its interpreter RES005 tells, and nothing else is amiss. */
function isLoaderItself({ object, name }: Use): boolean {
  const interpreter = object.reading.object?.interpreter ?? null
  return interpreter !== null && baseName(interpreter).startsWith('ld-musl-') && isReserved(name)
}

function systemVerdict(use: Use, audit: ContextAudit, copies: Copies, drivers: Drivers): VerdictId | null {
  const { host, base, name } = use
  if ([host, base].some((need) => need?.file != null && drivers.isStub(need.file))) return 'HST008'
  const taken = fromSystem(host) || fromSystem(base)
  const inPackage = [host, base].some((need) => need?.file != null && !fromSystem(need))
  if (drivers.of(name) !== null && !inPackage) return 'HST006'
  if (!taken) return null
  if (!isLibc(name) && copies.publicCopies(name, use.object).length > 0) return 'HST003'
  if (fromSystem(host) && isMissing(base)) return 'HST002'
  const world = audit.worlds.base
  if (fromSystem(base) && world !== undefined && !world.covers(base.file, name)) return 'HST001'
  return null
}

function searchVerdict(use: Use, audit: ContextAudit, copies: Copies): VerdictId | null {
  const { host, base } = use
  if (isMissing(host) || isMissing(base)) {
    if (linkMissing(use, audit, copies)) return 'RES008'
    return wrongMachine(use, audit) ? 'RES002' : 'RES001'
  }
  return host?.byAccident === true || base?.byAccident === true ? 'RES003' : null
}

/** A public library bears the name as its DT_SONAME, and its folder has no entry of that name. */
function linkMissing(use: Use, audit: ContextAudit, copies: Copies): boolean {
  return copies.publicCopies(use.name, use.object).some((copy) => {
    if (copy.object.reading.object?.soname !== use.name || baseName(copy.object.path) === use.name) return false
    const link = `${folderName(copy.object.path)}/${use.name}`
    return !audit.links.some((entry) => entry.path === link && entry.dangling.length === 0)
  })
}

/** The trail met files of that name for another class or machine. */
function wrongMachine(use: Use, audit: ContextAudit): boolean {
  return [use.host, use.base].some((need) => {
    if (need?.file !== null) return false
    const trail = audit.worlds[need.world]?.trail(need.root, need.object.path, need.name) ?? []
    return trail.some((candidate) => candidate.verdict === 'wrong-class' || candidate.verdict === 'wrong-machine')
  })
}

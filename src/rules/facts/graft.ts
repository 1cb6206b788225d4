/** Whether a file of the old base can be carried to the new one: what it brings, and what it demands of the C library. */
import type { ResolvedNeed, ResolvedWorld } from '../../domain/audit.ts'
import type { Closure, Loaded } from '../../domain/closure.ts'
import { failed } from '../../domain/tree.ts'
import { definedVersions } from '../../loader/versions.ts'
import { isCore } from '../knowledge/lookup.ts'
import type { MoveFacts } from './facts.ts'
import type { MovedSystems } from './stock.ts'
import type { Fitting } from './hidden.ts'
import { debianName } from './stems.ts'

export interface GraftFile {
  readonly soname: string
  readonly file: string
}

export interface GraftPlan {
  /** The file itself first, then what it loads in turn and the new base does not have. */
  readonly files: readonly GraftFile[]
  /** OS packages of the new base that bring some of what it loads in turn, sorted. */
  readonly install: readonly string[]
  /** Why it cannot be carried; null when it can. */
  readonly refused: string | null
  /** It must be the base's own: building anew against it changes nothing. */
  readonly fromBase: boolean
}

/** GLVND's dispatchers talk to the driver of the machine they run on. */
const DISPATCHERS = /^lib(?:GL|EGL|GLX|OpenGL|GLdispatch|GLESv1_CM|GLESv2|OpenCL|vulkan)\.so/

/** One context in both bases. */
export interface Both {
  readonly facts: MoveFacts
  readonly systems: MovedSystems
  readonly host: ResolvedWorld
  readonly base: ResolvedWorld
  /** Whether an OS package of the new base fits beside the packages. */
  readonly fits: Fitting
}

/** Plans to carry what an answer of the old base was bound to. */
export function planGraft(need: ResolvedNeed & { readonly file: string }, both: Both): GraftPlan {
  const { host, systems, facts } = both
  const files: GraftFile[] = [{ soname: need.name, file: need.file }]
  const install = new Set<string>()
  let refused = refusal(need.name, need.file, both)
  const loadedAs = namesIn(closureOf(host, need.root)?.objects ?? [])
  for (const soname of host.brings(need.root, need.file)) {
    const loaded = loadedAs.get(soname) ?? null
    if (systems.toStock.libraries.has(soname) || facts.drivers.of(soname) !== null) continue
    const offered = offeredFor(soname, loaded, both)
    if (offered !== null) install.add(offered)
    else if (loaded !== null) {
      files.push({ soname, file: loaded })
      refused ??= refusal(soname, loaded, both)
    }
  }
  return { files, install: [...install].sort(), refused, fromBase: DISPATCHERS.test(need.name) }
}

/** The OS package to install for what a file loads in turn; null where the file that it loads is to be carried. */
function offeredFor(soname: string, loaded: string | null, { host, systems, fits }: Both): string | null {
  const { to, toStock } = systems
  const owner = loaded === null ? null : host.ownerOf(loaded)
  const offered = (owner === null ? null : toStock.offers(owner.name)) ?? toStock.offers(debianName(soname))
  if (offered !== null) return loaded === null || fits(offered) === null ? offered : null
  const fact = to.tells?.(soname) ?? null
  return fact?.package != null && fact.grade === 'sourced' ? fact.package : null
}

const BY_ROOT = new WeakMap<ResolvedWorld['closures'], ReadonlyMap<string, Closure>>()

function closureOf({ closures }: ResolvedWorld, root: string): Closure | undefined {
  const known = BY_ROOT.get(closures) ?? new Map(closures.map((closure) => [closure.root, closure]))
  BY_ROOT.set(closures, known)
  return known.get(root)
}

const NAMES = new WeakMap<readonly Loaded[], ReadonlyMap<string, string | null>>()

/** The files of a link map by the name they were asked for first. */
function namesIn(objects: readonly Loaded[]): ReadonlyMap<string, string | null> {
  const known = NAMES.get(objects)
  if (known !== undefined) return known
  const names = new Map<string, string | null>()
  for (const { name, file } of objects) if (!names.has(name)) names.set(name, file)
  NAMES.set(objects, names)
  return names
}

function refusal(
  soname: string,
  file: string,
  { systems, host, base }: Pick<Both, 'systems' | 'host' | 'base'>,
): string | null {
  if (isCore(soname)) return `${soname} belongs to the base and cannot be carried`
  if (DISPATCHERS.test(soname)) return `${soname} dispatches to the driver and must come from the base`
  const never = systems.to.tells?.(soname)?.neverCarry ?? null
  if (never !== null) return `${soname} must not be carried: ${never}`
  return demandRefused(file, { systems, host, base })
}

/** What the file demands of the C library, and the new one does not give. */
function demandRefused(file: string, { systems, host, base }: Pick<Both, 'systems' | 'host' | 'base'>): string | null {
  const demanded = host.world.read(file).object?.versionNeeds ?? []
  for (const { file: provider, version, weak } of demanded) {
    const path = isCore(provider) ? systems.toStock.libraries.get(provider) : undefined
    if (weak || path === undefined) continue
    // Two releases of glibc share no private symbol: what asks for them is a part of the old one.
    if (version === 'GLIBC_PRIVATE') return `${file} is a part of the old C library`
    const found = base.world.lookup(path)
    const object = failed(found) ? null : base.world.read(found.path).object
    if (object?.hasVersionDefinitions !== true || definedVersions(object).has(version)) continue
    if ((systems.to.versionAbsence?.(provider, version) ?? 'lacks') === 'lacks')
      return `${file} demands ${version} of ${provider}, which ${systems.to.label} does not define`
  }
  return null
}

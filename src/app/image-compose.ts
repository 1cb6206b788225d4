/** Composes the tree of an image: the base, the packages of its contexts, their repairs, and what starts them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Context } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { RepairProblem } from '../domain/repair.ts'
import type { System } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'
import { imageClock } from '../image/compose/clock.ts'
import type { Clock } from '../image/compose/clock.ts'
import type { Node } from '../image/compose/composition.ts'
import { Composition } from '../image/compose/composition.ts'
import { addFolderBase } from '../image/compose/folder-base.ts'
import { addMade, environmentFiles } from '../image/compose/made.ts'
import type { AddedPackages, PlacedPackage } from '../image/compose/packages.ts'
import { addPackages } from '../image/compose/packages.ts'
import type { WantedRunPath } from '../image/compose/repairs.ts'
import { addRepairs } from '../image/compose/repairs.ts'
import { compositionTree } from '../image/compose/view.ts'
import type { Policy } from '../policy/policy.ts'
import { isPolicy } from '../policy/policy.ts'
import { relocatedContext } from '../runtime/relocate-context.ts'
import type { Relocation } from '../runtime/relocate.ts'
import { shellScript } from '../runtime/script.ts'
import { SYSTEM_PATH } from '../runtime/system-path.ts'
import { openFolderTree } from '../tree/folder.ts'
import type { AppliedRepairs } from './audit-contexts.ts'
import type { AuditFailure } from './audit.ts'
import { repairsOf } from './repairs-named.ts'
import type { AuditOptions } from './audit-options.ts'
import { capabilityNotes } from './capabilities.ts'
import { loadContexts } from './contexts.ts'
import type { LaidOver } from './examine.ts'
import type { BaseSource } from './image-base.ts'
import { baseSource, nameOf } from './image-base.ts'
import { loadPolicy } from './policy-file.ts'
import { setRunPath } from './repair-journal.ts'
import { isStore, readStore } from './repair-store.ts'
import type { Systems } from './systems.ts'
import { openSystems } from './systems.ts'

export interface ImageQuestion {
  readonly audit: AuditOptions
  readonly relocations: readonly Relocation[]
  /** SOURCE_DATE_EPOCH in seconds. */
  readonly epoch: number | null
  /** Only what is put over the base is composed: an engine has the base, and installs the OS packages that are missing. */
  readonly over?: boolean
}

/** A composed image, before it is cut into layers. */
export interface Composed {
  readonly composition: Composition
  readonly base: BaseSource
  readonly clock: Clock
  readonly policy: Policy
  /** As they are in the image: repaired, and moved where packages are. */
  readonly contexts: readonly Context[]
  readonly repairs: AppliedRepairs | null
  /** What of packages lies on this machine as it stands in the image, but for what repairs changed. */
  readonly added: AddedPackages
  /** The entries before repairs, by path. */
  readonly unrepaired: ReadonlyMap<string, Node>
  /** OS packages that repairs ask for and the base has not; empty for an image that is built here. */
  readonly osPackages: readonly string[]
  readonly system: System
  readonly notes: readonly string[]
}

/** Composes, or says all that stands in the way. */
export async function composeImage(question: ImageQuestion): Promise<Composed | AuditFailure> {
  const opened = await openAll(question)
  if ('failures' in opened) return opened
  const { policy, systems, contexts, repairs, base, system } = opened
  const machine = openFolderTree('/')
  const composition = new Composition(base.kind === 'folder' ? null : system.tree)
  const clock = imageClock(question.epoch)
  const notes = [...opened.notes]
  const faults: Fault[] = []
  if (base.kind === 'folder') {
    const added = await addFolderBase(composition, base.path, clock)
    notes.push(...added.notes, ...capabilityNotes(base.path))
    faults.push(...added.faults)
  }
  const laid = contexts.map((context) => layContext(repairs, context, systems, machine))
  const setting = { composition, machine, relocations: question.relocations, clock }
  const { progress } = question.audit
  const packages = await addPackages(placed(contexts), {
    ...setting,
    progress: (label, done, total) => progress?.({ stage: 'gather', label, done, total }),
  })
  notes.push(...packages.notes)
  faults.push(...packages.faults)
  const unrepaired = new Map(composition.nodes)
  const missing = [...new Set(laid.flatMap((over) => over.missing ?? []))].sort()
  // An image that is built here is audited, and fails with what was left out of it.
  if (question.over === true) faults.push(...laid.flatMap(({ problems = [] }) => problems.map(leftOut)))
  else faults.push(...missingPackages(missing, base))
  for (const over of laid) faults.push(...addRepairs(over, { ...setting, patch: patched }))
  const inImage = laid.map(({ context }) => relocatedContext(context, question.relocations))
  const scripts = laid.map(({ context }) => {
    const script = shellScript(context, { relocations: question.relocations, systemPath: SYSTEM_PATH })
    notes.push(...script.notes)
    return { context: context.name, text: script.text }
  })
  faults.push(...addMade(composition, environmentFiles(scripts)))
  notes.push(...ownNotes(composition, clock))
  if (faults.length > 0) return { failures: faults }
  const whole = { composition, base, clock, policy, contexts: inImage, repairs, added: packages, unrepaired, system }
  return { ...whole, osPackages: question.over === true ? missing : [], notes: [...new Set(notes)] }
}

interface Opened {
  readonly policy: Policy
  readonly systems: Systems
  readonly system: System
  readonly contexts: readonly Context[]
  readonly repairs: AppliedRepairs | null
  readonly base: BaseSource
  readonly notes: readonly string[]
}

async function openAll({ audit, over }: ImageQuestion): Promise<Opened | AuditFailure> {
  const policy = await loadPolicy(audit.policy, audit.folder)
  if (!isPolicy(policy)) return { failures: policy }
  const spec = audit.base ?? policy.base
  if (spec === null) {
    return { failures: [faultAt('missing', 'arguments', null, 'an image begins with a base; name it with --base')] }
  }
  const base: BaseSource | Fault =
    over === true ? { kind: 'elsewhere', name: nameOf(spec) } : baseSource(spec, audit.folder)
  if ('message' in base) return { failures: [base] }
  const folder = audit.repairs == null ? null : resolve(audit.folder, audit.repairs)
  const options = folder === null ? audit : { ...audit, host: audit.host ?? plannedHost(folder) }
  const systems = await openSystems(options, policy)
  if ('message' in systems) return { failures: [systems] }
  if (systems.base === null) return { failures: [faultAt('missing', spec, null, 'is no base')] }
  const loaded = await loadContexts(options, policy, systems.host)
  if ('failures' in loaded) return loaded
  const repairs = await repairsOf(options, policy, systems)
  if (repairs !== null && 'failures' in repairs) return repairs
  const notes = [...systems.notes, ...loaded.notes, ...loaded.contexts.flatMap((context) => context.notes)]
  return { policy, systems, system: systems.base, contexts: loaded.contexts, repairs, base, notes }
}

/** The host that repairs were planned with: grafts are taken from it. */
function plannedHost(folder: string): string | null {
  const store = readStore(folder)
  if (!isStore(store)) return null
  for (const { lock } of store.locks.values()) if (lock.inputs?.host != null) return lock.inputs.host
  return null
}

/** Each package once; the environment of the first context that holds it names what it shares. */
function placed(contexts: readonly Context[]): readonly PlacedPackage[] {
  const byRoot = new Map<string, PlacedPackage>()
  for (const { packages, environment } of contexts) {
    for (const item of packages) if (!byRoot.has(item.root)) byRoot.set(item.root, { item, environment })
  }
  return [...byRoot.values()]
}

function layContext(
  repairs: AppliedRepairs | null,
  context: Context,
  systems: Systems,
  machine: Tree,
): LaidOver & { readonly context: Context } {
  if (repairs !== null) return repairs.lay(context, systems, machine)
  return { context, packages: new Map(), image: new Map(), grants: () => false }
}

function missingPackages(names: readonly string[], base: BaseSource): readonly Fault[] {
  if (names.length === 0) return []
  const what = `has not the OS packages that repairs ask for: ${names.join(' ')}`
  return [faultAt('missing', base.name, null, `${what}; install them there, or plan with --prefer grafts`)]
}

function leftOut({ file, entry, message }: RepairProblem): Fault {
  return faultAt('malformed', file, null, `${entry}: ${message}`)
}

/** A file with another run path, made by patchelf on a copy. */
function patched(bytes: Uint8Array, { tag, set }: WantedRunPath): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'airtight-patch-'))
  try {
    const file = join(folder, 'file')
    writeFileSync(file, bytes)
    setRunPath(file, { tag, value: set === null ? [] : set.split(':') })
    return readFileSync(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function ownNotes(composition: Composition, clock: Clock): readonly string[] {
  const notes: string[] = []
  if (failed(compositionTree(composition, 'image').lookup('/bin/sh'))) {
    notes.push('the base has no /bin/sh: the entry script cannot start there')
  }
  if (clock.cut > 0) {
    notes.push(
      `${clock.cut} files are newer than SOURCE_DATE_EPOCH and get its time: what Python compiled of them is compiled anew at each start`,
    )
  }
  return notes
}

/** Names of packages for the plan. */
export function contextNames(contexts: readonly Context[]): readonly { name: string; packages: readonly string[] }[] {
  return contexts.map(({ name, packages }) => ({ name, packages: packages.map(packageId).sort() }))
}

/** Repairs that belong into package.py: which definitions they concern, and the texts as they are to be. */
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt, whyUnread } from '../domain/fault.ts'
import type { PackageSubject, RepairFile } from '../domain/repair.ts'
import { compareBytes } from '../repair/compare.ts'
import type { Payloads } from '../repair/patch-change.ts'
import { plannedChange } from '../repair/patch-change.ts'
import { patchDefinition } from '../repair/patch-definition.ts'
import { textAttribute } from '../rez/source/definition.ts'
import { parsePython } from '../rez/python/parse.ts'
import { readPackagePy } from '../rez/source/package-py.ts'
import { isFile } from '../tree/status.ts'
import type { RepairStore } from './repair-store.ts'
import { isStore, readStore } from './repair-store.ts'

/** One package.py that changes. */
export interface DefinitionPatch {
  /** `NAME-VERSION`. */
  readonly package: string
  readonly file: string
  readonly before: string
  readonly after: string
}

export interface DefinitionPatches {
  /** By path of the definition. */
  readonly patches: readonly DefinitionPatch[]
  /** What cannot be patched; the other patches hold all the same. */
  readonly faults: readonly Fault[]
  /** Lines about entries that are left to a person. */
  readonly left: readonly string[]
  /** Packages of the files that have something to patch, changed or not. */
  readonly packages: number
  /** Repair files in the folder, with or without. */
  readonly files: number
}

/** Folders above a payload that are looked into beside one for each level of its variant: `_v` and the package's own. */
const LEVELS = 2

/** The patches of a folder of repairs; `only` holds `NAME` or `NAME-VERSION`, none for all. */
export function definitionPatches(folder: string, only: readonly string[]): DefinitionPatches {
  const store = readStore(folder)
  if (!isStore(store)) return { patches: [], faults: store, left: [], packages: 0, files: 0 }
  const patches: DefinitionPatch[] = []
  const faults: Fault[] = unknownNames(store, folder, only)
  const left: string[] = []
  const wanted = subjectsOf(store).filter(({ subject }) => isWanted(subject, only))
  const files = new Map<string, Asked>()
  for (const { path, file, subject } of wanted) {
    const definition = definitionFile(store, path, subject)
    if ('message' in definition) faults.push(definition)
    else if (files.has(definition.file)) files.get(definition.file)?.repairs.push(file)
    else files.set(definition.file, { ...definition, subject, repairs: [file] })
  }
  for (const [, asked] of [...files].sort(([a], [b]) => compareBytes(a, b))) {
    const patch = patchOf(asked, left, faults)
    if ('message' in patch) faults.push(patch)
    else if (patch.before !== patch.after) patches.push(patch)
  }
  return { patches, faults, left, packages: files.size, files: store.files.size }
}

/**
 * Writes the changed definitions: all beside their places first, then renamed; links are followed, modes are kept.
 *
 * @throws where a file cannot be written: then none of them has changed; or where one cannot be renamed: then those
 *   before it have
 */
export function writePatches(patches: readonly DefinitionPatch[]): void {
  const beside: (readonly [part: string, target: string])[] = []
  try {
    for (const { file, after } of patches) {
      const target = realpathSync(file)
      const part = `${target}.${process.pid}.part`
      writeFileSync(part, after, { flag: 'wx', mode: statSync(target).mode & 0o777 })
      beside.push([part, target])
    }
    for (const [part, target] of beside) renameSync(part, target)
  } catch (error) {
    for (const [part] of beside) rmSync(part, { force: true })
    throw error
  }
}

/** A definition, and the payload roots of the context that was planned with it. */
interface Place {
  readonly file: string
  readonly payloads: Payloads
}

interface Asked extends Place {
  readonly subject: PackageSubject
  readonly repairs: RepairFile[]
}

interface Subject {
  readonly path: string
  readonly file: RepairFile
  readonly subject: PackageSubject
}

function subjectsOf(store: RepairStore): readonly Subject[] {
  return [...store.files]
    .sort(([a], [b]) => compareBytes(a, b))
    .flatMap(([path, { file }]) => {
      const asks = Object.keys(file.requires ?? {}).length + Object.keys(file.env ?? {}).length > 0
      return 'package' in file.subject && asks ? [{ path, file, subject: file.subject }] : []
    })
}

function idOf({ package: name, version }: PackageSubject): string {
  return version === undefined ? name : `${name}-${version}`
}

function isWanted(subject: PackageSubject, only: readonly string[]): boolean {
  return only.length === 0 || only.includes(subject.package) || only.includes(idOf(subject))
}

function unknownNames(store: RepairStore, folder: string, only: readonly string[]): Fault[] {
  const subjects = subjectsOf(store).map(({ subject }) => subject)
  return only
    .filter((name) => !subjects.some((subject) => isWanted(subject, [name])))
    .map((name) => faultAt('missing', folder, null, `holds no requires and no env for ${name}`))
}

/** The package.py above the payload that the context was planned with, by the lock of a context that includes the file. */
function definitionFile(store: RepairStore, path: string, subject: PackageSubject): Place | Fault {
  for (const [at, { lock }] of [...store.locks].sort(([a], [b]) => compareBytes(a, b))) {
    const context = store.files.get(at)?.file
    const payload = lock.places[subject.package]?.[0]
    if (payload === undefined || context?.includes?.includes(path) !== true) continue
    let folder = payload
    for (let level = (subject.variant ?? []).length + LEVELS; level >= 0; level -= 1) {
      const found = ['package.py', 'package.yaml'].map((name) => join(folder, name)).find(isFile)
      if (found !== undefined) return { file: found, payloads: lock.places }
      folder = dirname(folder)
    }
    return faultAt('missing', payload, null, `has no package.py of ${idOf(subject)} in it or above it`)
  }
  return faultAt('missing', path, null, 'belongs to no context with a lock: plan it again with airtight repair')
}

function patchOf(
  { file, payloads, subject, repairs }: Asked,
  left: string[],
  faults: Fault[],
): DefinitionPatch | Fault {
  if (file.endsWith('.yaml')) return faultAt('unsupported', file, null, 'only package.py is patched: edit it by hand')
  const before = textOf(file)
  if (typeof before !== 'string') return before
  const { definition, faults: unread } = readPackagePy(before, file, parsePython)
  if (definition === null) return unread[0] ?? faultAt('malformed', file, null, 'is no package definition')
  const [name, version] = [textAttribute(definition, 'name'), textAttribute(definition, 'version') ?? '']
  if (name !== subject.package || version !== (subject.version ?? '')) {
    const message = `defines ${name ?? 'no name'} ${version}, and ${idOf(subject)} was planned: plan again with airtight repair`
    return faultAt('malformed', file, null, message)
  }
  const change = plannedChange(repairs, definition, payloads)
  left.push(...change.left.map((line) => `${file}: ${line}`))
  faults.push(...change.unwritten.map((line) => faultAt('unsupported', file, null, line)))
  if (change.refused !== null) return faultAt('unsupported', file, null, `${change.refused}: edit it by hand`)
  const after = patchDefinition(before, file, change)
  return typeof after === 'string' ? { package: idOf(subject), file, before, after } : after
}

/** The text of a file whose bytes are exactly that text in UTF-8. */
function textOf(file: string): string | Fault {
  try {
    const bytes = readFileSync(file)
    const text = bytes.toString('utf8')
    return Buffer.from(text, 'utf8').equals(bytes) ? text : faultAt('unsupported', file, null, 'is not UTF-8')
  } catch (error) {
    return faultAt('unreadable', file, null, whyUnread(error))
  }
}

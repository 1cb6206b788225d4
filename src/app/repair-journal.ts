/**
 * Changes of a root as a whole: everything is staged beside its place, a journal says what is to be renamed, and whoever
 * finds the journal of a run that was killed undoes its staging or finishes its renames.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { readFileSync, renameSync, rmSync, rmdirSync, statSync, symlinkSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'

/** One change; all paths are of this machine. */
export type Operation =
  | {
      readonly kind: 'file'
      readonly source: string
      readonly target: string
      /** Set on the staged copy by patchelf. */
      readonly rpath?: { readonly tag: 'runpath' | 'rpath'; readonly value: readonly string[] }
    }
  | { readonly kind: 'link'; readonly target: string; readonly to: string }
  | { readonly kind: 'remove'; readonly target: string }

interface Journal {
  readonly state: 'staging' | 'commit'
  readonly renames: readonly { readonly part: string; readonly target: string }[]
  readonly removes: readonly string[]
  /** Folders made for the staging, outermost first. */
  readonly folders: readonly string[]
}

const NAME = '.airtight-apply.json'

/**
 * Does all of it or nothing. What a killed run left is put right first.
 *
 * @param stop ends the staging between two files; once everything is staged, it is put in place whatever comes
 * @throws where a step fails or `stop` says so: then the root is as it was
 */
export async function applyOperations(
  root: string,
  operations: readonly Operation[],
  stop?: AbortSignal,
): Promise<void> {
  recover(root)
  const staged = operations.filter((operation) => operation.kind !== 'remove')
  const folders = newFolders(staged.map(({ target }) => dirname(target)))
  const journal: Journal = {
    state: 'staging',
    renames: staged.map(({ target }) => ({ part: partOf(target), target })),
    removes: operations.flatMap((operation) => (operation.kind === 'remove' ? [operation.target] : [])),
    folders,
  }
  writeJournal(root, journal)
  try {
    for (const folder of folders) mkdirSync(folder)
    for (const operation of staged) {
      stage(operation)
      // Signals are heard between two files only.
      await setImmediate()
      stop?.throwIfAborted()
    }
  } catch (error) {
    undo(root, journal)
    throw error
  }
  writeJournal(root, { ...journal, state: 'commit' })
  finish(root, journal)
}

/** Puts right what a killed run left: its staging is undone, its renames are finished. Null where there was nothing. */
export function recover(root: string): 'undone' | 'finished' | null {
  const file = join(root, NAME)
  if (!existsSync(file)) return null
  const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal
  if (journal.state === 'staging') undo(root, journal)
  else finish(root, journal)
  return journal.state === 'staging' ? 'undone' : 'finished'
}

function partOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.airtight-part`)
}

function stage(operation: Exclude<Operation, { kind: 'remove' }>): void {
  const part = partOf(operation.target)
  rmSync(part, { force: true })
  if (operation.kind === 'link') {
    symlinkSync(operation.to, part)
    return
  }
  copyFileSync(operation.source, part)
  chmodSync(part, statSync(operation.source).mode & 0o7777)
  if (operation.rpath !== undefined) setRunPath(part, operation.rpath)
  syncFile(part)
}

/** Sets the run path of a file by patchelf; an empty one is taken away. @throws where patchelf is not there or refuses */
export function setRunPath(
  file: string,
  { tag, value }: { readonly tag: string; readonly value: readonly string[] },
): void {
  const how = value.length === 0 ? ['--remove-rpath'] : ['--set-rpath', value.join(':')]
  const run = spawnSync('patchelf', [...(tag === 'rpath' ? ['--force-rpath'] : []), ...how, file], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`patchelf cannot set the run path: ${run.error?.message ?? run.stderr.trim()}`)
}

/** Renames and removals may be repeated: a part that is gone was renamed. */
function finish(root: string, journal: Journal): void {
  for (const { part, target } of journal.renames) if (isThere(part)) renameSync(part, target)
  for (const target of journal.removes) rmSync(target, { force: true })
  rmSync(join(root, NAME), { force: true })
}

function undo(root: string, journal: Journal): void {
  for (const { part } of journal.renames) rmSync(part, { force: true })
  for (const folder of [...journal.folders].reverse()) {
    try {
      rmdirSync(folder)
    } catch {
      // It was never made, or somebody else put something into it.
    }
  }
  rmSync(join(root, NAME), { force: true })
}

/** Folders that have to be made, outermost first. */
function newFolders(wanted: readonly string[]): readonly string[] {
  const made = new Set<string>()
  for (let folder of wanted) {
    const chain: string[] = []
    while (!existsSync(folder) && !made.has(folder)) {
      chain.unshift(folder)
      folder = dirname(folder)
    }
    for (const item of chain) made.add(item)
  }
  return [...made]
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function writeJournal(root: string, journal: Journal): void {
  const file = join(root, NAME)
  const part = `${file}.part`
  const descriptor = openSync(part, 'w')
  try {
    writeSync(descriptor, JSON.stringify(journal))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(part, file)
}

function syncFile(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

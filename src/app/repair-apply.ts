/** Puts repairs into a root folder: every guard is checked first, then all is staged beside its place, then renamed. */
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { GraftEntry, OsPackageEntry, RepairFile } from '../domain/repair.ts'
import { failed } from '../domain/tree.ts'
import type { Tree } from '../domain/tree.ts'
import { readElf } from '../elf/read.ts'
import { compareBytes, sameData } from '../repair/compare.ts'
import { neverGrafted } from '../repair/never-grafted.ts'
import { expandPath } from '../repair/paths.ts'
import { runPathOf } from '../repair/run-path-entry.ts'
import { builtinDrivers } from '../rules/knowledge/lookup.ts'
import { fileDigest } from '../tree/digest.ts'
import { sourceLabel } from '../repair/supply.ts'
import type { GraftSources } from './graft-sources.ts'
import { placeInRoot } from './repair-place.ts'
import type { Operation } from './repair-journal.ts'

export interface ApplyPlan {
  readonly operations: readonly Operation[]
  readonly faults: readonly Fault[]
  /** OS packages that the files name, sorted. */
  readonly osPackages: readonly (readonly [name: string, entry: OsPackageEntry])[]
}

export interface ApplySetting {
  /** Folder of this machine that is the root of the image. */
  readonly root: string
  /** The same as a tree. */
  readonly tree: Tree
  readonly host: { readonly folder: string; readonly tree: Tree } | null
  /** Where other grafts come from. */
  readonly sources: Pick<GraftSources, 'folder' | 'tree'>
  readonly graftRoot: string
  /** Payload roots by package. */
  readonly places: Readonly<Record<string, readonly string[]>>
}

/** What is to be done for some files, in the builder's order; with one fault nothing may be touched. */
export function planApply(
  files: readonly { readonly path: string; readonly file: RepairFile }[],
  setting: ApplySetting,
): ApplyPlan {
  const planner = new Planner(setting)
  for (const { path, file } of files) planner.removals(path, file)
  for (const { path, file } of files) planner.grafts(path, file)
  for (const { path, file } of files) planner.links(path, file)
  for (const { path, file } of files) planner.runPaths(path, file)
  const osPackages = files.flatMap(({ file }) => Object.entries(file.os_packages ?? {}))
  const named = [...new Map(osPackages)].sort(([a], [b]) => compareBytes(a, b))
  return { operations: planner.operations, faults: planner.faults, osPackages: named }
}

class Planner {
  readonly operations: Operation[] = []
  readonly faults: Fault[] = []
  readonly #setting: ApplySetting

  constructor(setting: ApplySetting) {
    this.#setting = setting
  }

  removals(from: string, file: RepairFile): void {
    for (const [key, { sha256 }] of Object.entries(file.remove_files ?? {})) {
      const path = this.#path(from, key)
      const digest = path === null ? null : fileDigest(this.#setting.tree, path)
      if (path === null || digest === null) continue
      const target = placeInRoot(this.#setting.tree, this.#setting.root, path)
      if (digest !== sha256) this.#stale(from, key, `${path} is another file than planned`)
      else this.operations.push({ kind: 'remove', target })
    }
  }

  grafts(from: string, file: RepairFile): void {
    for (const [name, graft] of Object.entries(file.grafts ?? {})) {
      const kept = neverGrafted(name, builtinDrivers)
      if (kept !== null) this.#stale(from, name, `is never grafted: ${kept}`)
      else this.#graft(from, name, graft)
    }
  }

  #graft(from: string, name: string, graft: GraftEntry): void {
    const { tree, root } = this.#setting
    const dest = this.#path(from, graft.dest)
    if (dest === null) return
    const origin = this.#origin(graft.source)
    const called = sourceLabel(graft.source)
    if (origin === null) {
      const option = graft.source.kind === 'host' ? '--host ROOT' : `--graft-from ${graft.source.ref ?? 'NAME'}=SOURCE`
      this.#stale(from, name, `its source, ${called}, is not known here; name it with ${option}`)
      return
    }
    if (fileDigest(origin.tree, graft.source.path) !== graft.sha256) {
      this.#stale(from, name, `${graft.source.path} of ${called} is not the file that was planned for`)
      return
    }
    const there = fileDigest(tree, dest)
    const source = placeInRoot(origin.tree, origin.folder, graft.source.path)
    const target = placeInRoot(tree, root, dest)
    if (there === null) this.#copy(source, target, graft.rpath)
    else if (there !== graft.sha256 && graft.rpath === undefined) {
      this.#stale(from, name, `another file stands at ${dest} already`)
    }
    for (const [link, to] of Object.entries(graft.symlinks ?? {})) {
      if (!link.includes('/')) this.#link(from, `${dest.slice(0, dest.lastIndexOf('/'))}/${link}`, to)
    }
  }

  #origin(source: GraftEntry['source']): ApplySetting['host'] {
    const { host, sources } = this.#setting
    if (source.kind === 'host') return host
    const [tree, folder] = [sources.tree(source), sources.folder(source)]
    return tree === null || folder === null ? null : { tree, folder }
  }

  #copy(source: string, target: string, rpath: readonly string[] | undefined): void {
    if (this.operations.some((operation) => operation.target === target)) return
    const patch = rpath === undefined ? {} : { rpath: { tag: 'runpath' as const, value: rpath } }
    this.operations.push({ kind: 'file', source, target, ...patch })
  }

  links(from: string, file: RepairFile): void {
    for (const [key, { target }] of Object.entries(file.symlinks ?? {})) {
      const path = this.#path(from, key)
      const to = target.startsWith('{') ? this.#path(from, target) : target
      if (path !== null && to !== null) this.#link(from, path, to)
    }
  }

  #link(from: string, path: string, to: string): void {
    const { tree, root } = this.#setting
    const there = tree.link(path)
    if (there === to) return
    if (!failed(tree.lookup(path))) this.#stale(from, path, 'something else stands there already')
    else this.operations.push({ kind: 'link', target: placeInRoot(tree, root, path), to })
  }

  runPaths(from: string, file: RepairFile): void {
    const { tree, root, places, graftRoot } = this.#setting
    for (const [key, { guard, set }] of Object.entries(file.rpath ?? {})) {
      const path = this.#path(from, key)
      if (path === null) continue
      const value = set.value.map((part) =>
        part.startsWith('{') ? (expandPath(part, placesOf(places, graftRoot)) ?? part) : part,
      )
      const found = runPathAt(tree, path)
      if (found !== null && sameData(found, value)) continue
      const digest = fileDigest(tree, path)
      if (digest !== guard.sha256 || !sameData(found, guard.runpath)) {
        const why =
          digest === null
            ? 'is not in the root: its package is copied there first'
            : 'is not the file that was planned for'
        this.#stale(from, key, `${path} ${why}`)
        continue
      }
      const target = placeInRoot(tree, root, path)
      this.operations.push({ kind: 'file', source: target, target, rpath: { tag: set.tag, value } })
    }
  }

  #path(from: string, text: string): string | null {
    const { places, graftRoot } = this.#setting
    const path = expandPath(text, placesOf(places, graftRoot))
    if (path === null) this.#stale(from, text, 'names a package whose place is not known')
    return path
  }

  #stale(file: string, entry: string, message: string): void {
    this.faults.push(faultAt('malformed', file, null, `${entry}: ${message}`))
  }
}

/** Only names and payload roots count where tokens are expanded. */
function placesOf(places: ApplySetting['places'], graftRoot: string): Parameters<typeof expandPath>[1] {
  return { packages: Object.entries(places).map(([name, payload]) => ({ name, payload })), graftRoot }
}

function runPathAt(tree: Tree, path: string): readonly string[] | null {
  const file = tree.open(path)
  if (failed(file)) return null
  try {
    return runPathOf(readElf(file, path).object)
  } finally {
    file.close()
  }
}

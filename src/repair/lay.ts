/** Lays repair files over a context and its base: what would stand where, and what stands in the way. */
import type { Context } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { PackageIndex } from '../domain/package-index.ts'
import type { AcceptEntry, GraftEntry, RepairProblem, RpathEntry } from '../domain/repair.ts'
import type { System } from '../domain/system.ts'
import type { OverlayEntry, Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import type { Drivers } from '../rules/knowledge/lookup.ts'
import { fileDigest } from '../tree/digest.ts'
import { sameData } from './compare.ts'
import { conflictsOf } from './conflicts.ts'
import type { NamedRepair } from './environment.ts'
import { repairedContext, subjectOf } from './environment.ts'
import { isInstalled } from './installed.ts'
import { neverGrafted } from './never-grafted.ts'
import { expandPath, leadsToGrafts, realFolder } from './paths.ts'
import type { Places } from './paths.ts'
import { rpathRisks } from './risks.ts'
import { readingOf, runPathOf } from './run-path-entry.ts'
import { sourceLabel } from './supply.ts'
import { offeredFiles } from './offered.ts'

/** Where grafts are taken from, by the kind and name of their source; null where it was not opened. */
export type GraftSource = (source: GraftEntry['source']) => Tree | null

export interface LayOptions {
  readonly context: Context
  /** Package files first, then those of the context: the later one wins. */
  readonly repairs: readonly NamedRepair[]
  /** Where the packages lie. */
  readonly machine: Tree
  readonly base: System | null
  readonly source: GraftSource
  readonly index: PackageIndex | null
  readonly graftRoot: string
  readonly drivers: Drivers
}

/** A context as repaired, and what is laid over its worlds. */
export interface LaidRepairs {
  readonly context: Context
  /** Changes inside packages: they hold in every world. */
  readonly packages: ReadonlyMap<string, OverlayEntry>
  /** What the image gets beside its packages. */
  readonly image: ReadonlyMap<string, OverlayEntry>
  /** Whether a file of the image is there by decision: packages may rely on it. */
  grants(path: string): boolean
  /** OS packages that the base is to have and has not, sorted. */
  readonly missing: readonly string[]
  readonly problems: readonly RepairProblem[]
  readonly accepts: readonly AcceptEntry[]
}

/** Lays repairs over a context. Nothing is written; guards that do not match are problems, and their entries are left out. */
export function layRepairs(options: LayOptions): LaidRepairs {
  const layer = new Layer(options)
  for (const repair of options.repairs) layer.add(repair)
  return layer.finish()
}

class Layer {
  readonly #options: LayOptions
  readonly #places: Places
  /** The same by names without links, as worlds ask for files. */
  readonly #files: Places
  readonly #packages = new Map<string, OverlayEntry>()
  readonly #image = new Map<string, OverlayEntry>()
  readonly #problems: RepairProblem[] = []
  readonly #accepts: AcceptEntry[] = []
  readonly #relied = new Set<string>()
  readonly #missing = new Set<string>()

  constructor(options: LayOptions) {
    this.#options = options
    const { context, graftRoot, machine } = options
    this.#places = { packages: context.packages, graftRoot }
    const packages = context.packages.map(({ name, payload }) => ({
      name,
      payload: payload.map((folder) => realFolder(machine, folder)),
    }))
    this.#files = { packages, graftRoot }
  }

  add(repair: NamedRepair): void {
    const { file } = repair
    const item = subjectOf(file, this.#options.context.packages)
    if (file.kind === 'package' && item === null) return
    const owner = item === null ? null : packageId(item)
    const report: Report = (rule, entry, message, evidence = {}) => {
      this.#problems.push({ rule, file: repair.path, entry, package: owner, message, evidence })
    }
    this.#removals(repair, report)
    this.#grafts(repair, report)
    this.#links(repair, report)
    this.#runPaths(repair, report)
    this.#osPackages(repair)
    this.#accepts.push(...Object.values(file.accept ?? {}))
  }

  finish(): LaidRepairs {
    const { context, repairs, graftRoot } = this.#options
    return {
      context: repairedContext(context, repairs, this.#places),
      packages: this.#packages,
      image: this.#image,
      grants: (path) => this.#relied.has(path) || path.startsWith(`${graftRoot}/`),
      missing: [...this.#missing].sort(),
      problems: [...this.#problems, ...conflictsOf(repairs)],
      accepts: this.#accepts,
    }
  }

  #removals({ file }: NamedRepair, report: Report): void {
    for (const [key, { sha256 }] of Object.entries(file.remove_files ?? {})) {
      const path = this.#path(key, `remove_files ${key}`, report)
      if (path === null) continue
      const digest = fileDigest(this.#options.machine, path)
      if (digest === null) continue
      if (digest === sha256) this.#packages.set(path, { kind: 'removed' })
      else
        report('FIX001', `remove_files ${key}`, `another file stands at ${path}`, { expected: sha256, found: digest })
    }
  }

  #grafts({ file }: NamedRepair, report: Report): void {
    for (const [name, graft] of Object.entries(file.grafts ?? {})) {
      const entry = `grafts ${name}`
      const kept = neverGrafted(name, this.#options.drivers)
      if (kept !== null) {
        report('FIX003', entry, `${name} must not be grafted: ${kept}`)
        continue
      }
      const dest = this.#path(graft.dest, entry, report)
      const tree = this.#options.source(graft.source)
      if (dest === null) continue
      if (tree === null) {
        report(
          'FIX001',
          entry,
          `its source, ${sourceLabel(graft.source)}, is not known here, so the file was not compared`,
        )
        continue
      }
      const digest = fileDigest(tree, graft.source.path)
      if (digest !== graft.sha256) {
        const found = digest === null ? 'is not there' : 'is another file'
        const message = `${graft.source.path} of its source ${found}`
        report('FIX001', entry, message, { expected: graft.sha256, found: digest })
        continue
      }
      this.#layGraft(dest, tree, graft)
    }
  }

  #layGraft(dest: string, tree: Tree, graft: GraftEntry): void {
    const { path } = graft.source
    const entry: OverlayEntry =
      graft.rpath === undefined
        ? { kind: 'from', source: tree, path }
        : withRunPath(tree, path, { tag: 'runpath', value: graft.rpath })
    this.#image.set(dest, entry)
    const folder = dest.slice(0, dest.lastIndexOf('/'))
    for (const [name, target] of Object.entries(graft.symlinks ?? {})) {
      if (!name.includes('/')) this.#image.set(`${folder}/${name}`, { kind: 'link', target })
    }
  }

  #links({ file }: NamedRepair, report: Report): void {
    for (const [key, { target }] of Object.entries(file.symlinks ?? {})) {
      const entry = `symlinks ${key}`
      const path = this.#path(key, entry, report)
      if (path === null) continue
      const to = target.startsWith('{') ? this.#path(target, entry, report) : target
      if (to === null) continue
      const inPackage = key.startsWith('{') && !leadsToGrafts(key)
      const tree = inPackage ? this.#options.machine : (this.#options.base?.tree ?? null)
      const there = tree === null ? null : linkState(tree, path)
      if (there !== null && there !== to) {
        report('FIX001', entry, `${path} is there already: ${there}`, { expected: 'nothing', found: there })
        continue
      }
      // Grafts are in the image alone, so that a link to one leads nowhere else.
      ;(inPackage && !leadsToGrafts(target) ? this.#packages : this.#image).set(path, { kind: 'link', target: to })
    }
  }

  #runPaths({ file }: NamedRepair, report: Report): void {
    const { machine } = this.#options
    for (const [key, wanted] of Object.entries(file.rpath ?? {})) {
      const entry = `rpath ${key}`
      const path = this.#path(key, entry, report)
      if (path === null) continue
      const { object } = readingOf(machine, path)
      const found = runPathOf(object)
      const digest = fileDigest(machine, path)
      const set = { ...wanted.set, value: wanted.set.value.map((part) => this.#expanded(part)) }
      if (sameData(found, set.value)) continue
      if (digest !== wanted.guard.sha256 || !sameData(found, wanted.guard.runpath)) {
        const evidence = { expected: wanted.guard, found: { sha256: digest, runpath: found } }
        report('FIX001', entry, `${path} is not the file that was planned for`, evidence)
        continue
      }
      for (const risk of rpathRisks(object, { ...wanted, set })) report('FIX006', entry, `${path}: ${risk}`)
      const elsewhere = wanted.set.value.filter((part) => !leadsToGrafts(part)).map((part) => this.#expanded(part))
      this.#packages.set(path, withRunPath(machine, path, { ...set, value: elsewhere }))
      // Grafts are in the image alone.
      if (elsewhere.length < set.value.length) this.#image.set(path, withRunPath(machine, path, set))
    }
  }

  #expanded(part: string): string {
    return part.startsWith('{') ? (expandPath(part, this.#places) ?? part) : part
  }

  #osPackages({ file }: NamedRepair): void {
    const { index, base } = this.#options
    if (base === null) return
    for (const [name, entry] of Object.entries(file.os_packages ?? {})) {
      if (!isInstalled(base, name, entry)) this.#missing.add(name)
      for (const path of base.packageFiles(name)) this.#rely(base, path)
      if (index === null) continue
      for (const [path, offered] of offeredFiles(index, name, entry, base)) {
        this.#image.set(path, offered)
        this.#relied.add(path)
      }
    }
  }

  /** A file of an OS package and, where it is a link, what the link leads to. */
  #rely(base: System, path: string): void {
    this.#relied.add(path)
    const found = path.includes('.so') ? base.tree.lookup(path) : null
    if (found !== null && !failed(found)) this.#relied.add(found.path)
  }

  #path(text: string, entry: string, report: Report): string | null {
    const path = expandPath(text, this.#files)
    if (path === null) report('FIX001', entry, `${text} names no package of the context, or leads out of it`)
    return path
  }
}

type Report = (
  rule: RepairProblem['rule'],
  entry: string,
  message: string,
  evidence?: Readonly<Record<string, unknown>>,
) => void

/** The file of a tree as it reads after a change of its run path. */
function withRunPath(tree: Tree, path: string, set: RpathEntry['set']): OverlayEntry {
  const reading = readingOf(tree, path)
  const text = set.value.length === 0 ? null : set.value.join(':')
  const paths = set.tag === 'runpath' ? { runpath: text, rpath: null } : { runpath: null, rpath: text }
  const object = reading.object === null ? null : { ...reading.object, ...paths }
  const content = {
    size: reading.size,
    read: (offset: number, length: number): Uint8Array => {
      const file = tree.open(path)
      if (failed(file)) return new Uint8Array(0)
      try {
        return Uint8Array.from(file.read(offset, length))
      } finally {
        file.close()
      }
    },
  }
  return { kind: 'file', content, mode: 0o755, reading: { ...reading, object } }
}

/** The target of a link, or what else stands at a path; null for nothing. */
function linkState(tree: Tree, path: string): string | null {
  const target = tree.link(path)
  if (target !== null) return failed(tree.lookup(path)) ? null : target
  const found = tree.lookup(path)
  return failed(found) ? null : `a ${found.kind}`
}

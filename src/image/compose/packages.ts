/** Puts the packages of contexts into the tree: all files below their payload roots, and the definitions Rez would read. */
import { dirname, join, resolve } from 'node:path'
import { printable } from '../../domain/bytes.ts'
import { packageId } from '../../domain/context.ts'
import type { Environment, Package } from '../../domain/context.ts'
import type { Fault } from '../../domain/fault.ts'
import { faultAt } from '../../domain/fault.ts'
import { failed } from '../../domain/tree.ts'
import type { Tree } from '../../domain/tree.ts'
import type { Relocation } from '../../runtime/relocate.ts'
import { relocated } from '../../runtime/relocate.ts'
import type { Clock } from './clock.ts'
import type { Composition, LinkOf, Node, Owner } from './composition.ts'
import { FIXED_TIME, below } from './composition.ts'
import type { DiskEntry } from './disk.ts'
import { walkDisk } from './disk.ts'

export interface PackageSetting {
  readonly composition: Composition
  /** Where the packages lie today. */
  readonly machine: Tree
  readonly relocations: readonly Relocation[]
  readonly clock: Clock
  readonly progress: (label: string, done: number, total: number) => void
}

/** A package with the environment of a context that holds it. */
export interface PlacedPackage {
  readonly item: Package
  readonly environment: Environment
}

/** One file or folder of this machine that went into the tree as a whole. */
export interface CopiedSource {
  readonly item: Package
  /** Absolute on this machine, without links. */
  readonly from: string
  /** Path in the image. */
  readonly to: string
  readonly isFile: boolean
  /** Paths in the image of folders of other variants that were passed over. */
  readonly leftOut: readonly string[]
}

export interface AddedPackages {
  /** Deepest packages first: what comes later does not replace what is there. */
  readonly copies: readonly CopiedSource[]
  /** Links on the way to packages, by their paths in the image; they belong to packages and lie in no copy. */
  readonly links: readonly string[]
  /** Files of ordinary users that would run as root in the image, and lost the bits that say so. */
  readonly plainer: readonly string[]
  readonly notes: readonly string[]
  readonly faults: readonly Fault[]
}

/** Puts packages into the tree. A package below another one keeps its own files, whatever the order. */
export async function addPackages(packages: readonly PlacedPackage[], setting: PackageSetting): Promise<AddedPackages> {
  const faults: Fault[] = []
  const copies: CopiedSource[] = []
  const links: string[] = []
  const plainer: string[] = []
  let skipped = 0
  const deepest = [...packages].sort((a, b) => b.item.root.length - a.item.root.length)
  for (const [at, { item, environment }] of deepest.entries()) {
    setting.progress(packageId(item), at, deepest.length)
    const adder = new Adder(item, environment, setting)
    await adder.add()
    faults.push(...adder.faults)
    copies.push(...adder.copies)
    links.push(...adder.links)
    plainer.push(...adder.plainer)
    skipped += adder.skipped
  }
  const notes = [
    ...(skipped === 0 ? [] : [`${skipped} devices, sockets or pipes of packages are left out`]),
    ...plainerNotes(plainer),
  ]
  return { copies, links, plainer, notes, faults }
}

function plainerNotes(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return []
  const shown = paths.slice(0, SHOWN).map((path) => `/${printable(path)}`)
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : ''
  const what = 'are setuid or setgid and do not belong to root, and are neither in the image, where all belongs to root'
  return [`files of packages ${what}: ${shown.join(', ')}${more}`]
}

/** How many paths a note names. */
const SHOWN = 5
const SETUID = 0o4000
const SETGID = 0o2000

/** The mode that a file has when it is root's: setuid and setgid of another owner would hand out what that one had not. */
function modeForRoot({ kind, mode, uid, gid }: DiskEntry): number {
  if (kind !== 'file') return mode
  return mode & ~(uid === 0 ? 0 : SETUID) & ~(gid === 0 ? 0 : SETGID)
}

class Adder {
  readonly faults: Fault[] = []
  readonly copies: CopiedSource[] = []
  readonly links: string[] = []
  readonly plainer: string[] = []
  skipped = 0
  readonly #item: Package
  readonly #environment: Environment
  readonly #setting: PackageSetting
  readonly #owner: Owner

  constructor(item: Package, environment: Environment, setting: PackageSetting) {
    this.#item = item
    this.#environment = environment
    this.#setting = setting
    this.#owner = { kind: 'package', id: packageId(item) }
  }

  async add(): Promise<void> {
    const { payload, excluded, base, root, definition } = this.#item
    const { machine } = this.#setting
    const others = new Set(excluded.map((folder) => this.#real(folder) ?? folder))
    for (const folder of payload) await this.#tree(folder, others)
    if (root !== base) {
      const children = machine.children(base)
      for (const { name, kind } of failed(children) ? [] : children) {
        if (kind === 'file') await this.#tree(join(base, name))
      }
    } else if (!definition.startsWith(`${base}/`)) await this.#tree(definition)
    for (const path of this.#shared()) await this.#tree(path)
  }

  /** What variables name below the definition's folder and outside the variant: `{this.base}/python`. */
  #shared(): readonly string[] {
    const { base, root, payload } = this.#item
    if (root === base) return []
    const found = new Set<string>()
    for (const { entries } of this.#environment.variables) {
      for (const { value } of entries) {
        // The folder of all variants is not meant by those who name it.
        if (!value.startsWith(`${base}/`) || payload.some((folder) => inside(value, folder))) continue
        if (!failed(this.#setting.machine.lookup(value)) && !root.startsWith(`${value}/`)) found.add(value)
      }
    }
    return [...found].sort()
  }

  #real(path: string): string | null {
    const found = this.#setting.machine.lookup(path)
    return failed(found) ? null : found.path
  }

  /** Puts a file, or a folder and all below it, where its path leads in the image. */
  async #tree(path: string, others: ReadonlySet<string> = new Set()): Promise<void> {
    const { composition, relocations } = this.#setting
    const real = this.#real(path)
    if (real === null) {
      this.faults.push(faultAt('missing', path, null, `of ${packageId(this.#item)} is not there`))
      return
    }
    const wanted = relocated(path, relocations)
    const isFile = failed(this.#setting.machine.children(path))
    const top = composition.folder((isFile ? dirname(wanted) : wanted).slice(1), this.#linkOf)
    if (typeof top !== 'string') {
      this.faults.push(top)
      return
    }
    const to = isFile ? below(top, wanted.slice(wanted.lastIndexOf('/') + 1)) : top
    const nested = [...others].filter((other) => other.startsWith(`${real}/`)).sort()
    const leftOut = nested.map((other) => below(to, other.slice(real.length + 1)))
    this.copies.push({ item: this.#item, from: real, to, isFile, leftOut })
    const walk = await walkDisk(real, (other) => others.has(other))
    this.faults.push(...walk.faults)
    this.skipped += walk.skipped.length
    for (const entry of walk.entries) {
      if (entry.relative !== '') this.#put(below(to, entry.relative), entry)
      else if (to !== '') this.#put(to, entry)
    }
  }

  #put(path: string, entry: DiskEntry): void {
    const { composition } = this.#setting
    // Of a package that lies in another one, the other one's files are there already.
    if (entry.kind !== 'folder' && composition.nodes.get(path)?.owner.kind === 'package') return
    const fault = composition.put(path, this.#node(entry))
    if (fault !== null) this.faults.push(fault)
    else if (modeForRoot(entry) !== entry.mode) this.plainer.push(path)
  }

  #node(entry: DiskEntry): Node {
    const { clock, relocations } = this.#setting
    const status = { owner: this.#owner, mode: modeForRoot(entry), uid: 0, gid: 0 }
    switch (entry.kind) {
      case 'folder':
        return { ...status, kind: 'folder', modified: FIXED_TIME }
      case 'link':
        return {
          ...status,
          kind: 'link',
          modified: clock.clamped(entry.modifiedNs),
          target: entry.target.startsWith('/') ? relocated(entry.target, relocations) : entry.target,
        }
      case 'file': {
        const { path, size, modifiedNs } = entry
        const identity = entry.identity === null ? null : `${packageId(this.#item)} ${entry.identity}`
        const modified = clock.clamped(modifiedNs)
        return { ...status, kind: 'file', modified, size, identity, content: { kind: 'disk', path, modifiedNs } }
      }
    }
  }

  /** Links on the way to a package are kept, so that both names of a folder work in the image. */
  readonly #linkOf: LinkOf = (path) => {
    const full = `/${path}`
    const { machine, relocations } = this.#setting
    const moved = relocations.filter(({ to }) => inside(full, to)).sort((a, b) => b.to.length - a.to.length)[0]
    // On the way to where packages were moved to, nothing of this machine stands.
    if (moved === undefined && relocations.some(({ to }) => to.startsWith(`${full}/`))) return null
    const today = moved === undefined ? full : moved.from + full.slice(moved.to.length)
    const target = machine.link(today)
    if (target === null) return null
    const own = today.startsWith(`${this.#item.base}/`)
    // With a folder that was moved come its package's links that stay in it: Rez looks for `_v/a` of a hashed variant.
    if (moved !== undefined && !(own && inside(resolve(dirname(today), target), moved.from))) return null
    if (own) this.links.push(path)
    return {
      target: target.startsWith('/') ? relocated(target, relocations) : target,
      owner: own ? this.#owner : { kind: 'environment' },
    }
  }
}

function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

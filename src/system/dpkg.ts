/** Owners of files by dpkg's database: status, the lists of /var/lib/dpkg/info, diversions, and status.d of slim images. */
import { isAscii } from 'node:buffer'
import { decodeBytes, nameOrder } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { OsPackage } from '../domain/system.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import { paragraphs } from './control.ts'
import type { PackageDatabase } from './package-database.ts'
import { folderFollower } from './package-database.ts'

const ROOT = '/var/lib/dpkg'
const MAX_FILE = 128 * 1024 * 1024

/** One installed package and the file that lists what it owns. */
interface Installed {
  readonly package: OsPackage
  /** `name` or `name:architecture`, as the list file is called. */
  readonly list: string
  /** An md5sums file of status.d, whose paths have no leading slash. */
  readonly sums: boolean
}

/** Where a file of other packages went, and the package that took its place. */
interface Diversion {
  readonly to: string
  /** The diverting package, `:` for the administrator. */
  readonly by: string
}

type Diversions = ReadonlyMap<string, Diversion>

/** Searches through all lists before a map of every path pays. */
const MAX_SEARCHES = 16
/** What marks the paths that are asked for most. */
const LIKELY = ['.so', 'bin/']

/** The dpkg database of a tree, null where there is none. Lists are read when the first owner is asked for. */
export function openDpkg(tree: Tree): PackageDatabase | null {
  const top = tree.lookup(ROOT)
  if (failed(top) || top.kind !== 'folder') return null
  const faults: Fault[] = []
  const follow = folderFollower(tree)
  const read = (file: string, plain = false): string | null => readText(tree, file, plain, faults)
  let installed: readonly Installed[] | null = null
  let diversions: Diversions | null = null
  let index: Index | null = null
  const all = (): readonly Installed[] => (installed ??= findInstalled(tree, read))
  const moved = (): Diversions => (diversions ??= parseDiversions(read(`${ROOT}/diversions`)))
  return {
    owner: (path) => {
      index ??= buildIndex(
        all().map((item) => [item, read(item.list) ?? '']),
        moved(),
        follow,
      )
      return index.find(path)
    },
    files: (name) =>
      all()
        .filter((item) => item.package.name === name)
        .flatMap((item) => listedPaths(read(item.list) ?? '', item, moved()).map(follow)),
    packages: () => all().map((item) => item.package),
    faults,
    notes: [],
  }
}

/** Every path of a list; its first line is `/.`, the root. */
function listedPaths(text: string, item: Installed, moved: Diversions): readonly string[] {
  const lines = text.split('\n').filter((line) => line !== '' && line !== '/.')
  return lines.map((line) => pathOf(line, item, moved))
}

interface Index {
  find(path: string): OsPackage | null
}

/** A package and the text of its list. */
type Listed = readonly [Installed, string]

/**
 * Libraries and programs go into a map at once; another path is looked for in the lists, which stay as text. With
 * hundreds of thousands of paths a map of all would cost more than everything else.
 */
function buildIndex(lists: readonly Listed[], moved: Diversions, follow: (path: string) => string): Index {
  const likely = new Map<string, OsPackage>()
  for (const [item, text] of lists) {
    for (const line of linesWith(text, LIKELY)) {
      const real = follow(pathOf(line, item, moved))
      if (!likely.has(real)) likely.set(real, item.package)
    }
  }
  const others = new Map<string, OsPackage | null>()
  let complete: Map<string, OsPackage> | null = null
  const search = (path: string): OsPackage | null => {
    const wanted = [path.slice(path.lastIndexOf('/'))]
    for (const [item, text] of lists) {
      for (const line of linesWith(text, wanted)) {
        if (follow(pathOf(line, item, moved)) === path) return item.package
      }
    }
    return null
  }
  return {
    find: (path) => {
      const known = likely.get(path) ?? others.get(path)
      if (known !== undefined) return known
      if (LIKELY.some((part) => path.includes(part))) return null
      if (others.size >= MAX_SEARCHES) complete ??= indexAll(lists, moved, follow)
      const found = complete === null ? search(path) : (complete.get(path) ?? null)
      others.set(path, found)
      return found
    },
  }
}

function indexAll(
  lists: readonly Listed[],
  moved: Diversions,
  follow: (path: string) => string,
): Map<string, OsPackage> {
  const all = new Map<string, OsPackage>()
  for (const [item, text] of lists) {
    for (const path of listedPaths(text, item, moved)) {
      const real = follow(path)
      if (!all.has(real)) all.set(real, item.package)
    }
  }
  return all
}

/** Lines that hold one of the parts; a line that holds two may come twice. */
function* linesWith(text: string, parts: readonly string[]): Generator<string> {
  for (const part of parts) {
    for (let at = text.indexOf(part); at >= 0;) {
      const newline = text.indexOf('\n', at)
      const end = newline < 0 ? text.length : newline
      yield text.slice(text.lastIndexOf('\n', at) + 1, end)
      at = text.indexOf(part, end)
    }
  }
}

/** Where the file of one line of a list lies, diversions heeded. */
function pathOf(line: string, item: Installed, moved: Diversions): string {
  const path = item.sums ? `/${line.replace(/^[0-9a-f]{32} {2}/, '')}` : line
  const diversion = moved.size === 0 ? undefined : moved.get(path)
  return diversion !== undefined && diversion.by !== item.package.name ? diversion.to : path
}

function findInstalled(tree: Tree, read: (file: string, plain?: boolean) => string | null): readonly Installed[] {
  const lists = new Set(childNames(tree, `${ROOT}/info`).filter((name) => name.endsWith('.list')))
  const out: Installed[] = []
  for (const fields of paragraphs(read(`${ROOT}/status`, true) ?? '', ['Package', 'Version', 'Architecture'])) {
    const name = fields.get('Package') ?? ''
    const qualified = `${name}:${fields.get('Architecture') ?? ''}`
    const list = [qualified, name].find((candidate) => lists.has(`${candidate}.list`))
    if (list === undefined) continue
    out.push({ package: osPackage(fields), list: `${ROOT}/info/${list}.list`, sums: false })
  }
  for (const name of childNames(tree, `${ROOT}/status.d`)) {
    if (name.endsWith('.md5sums')) continue
    const file = `${ROOT}/status.d/${name}`
    for (const fields of paragraphs(read(file) ?? '', ['Package', 'Version'])) {
      out.push({ package: osPackage(fields), list: `${file}.md5sums`, sums: true })
    }
  }
  return out.sort((a, b) => nameOrder(a.package.name, b.package.name))
}

function osPackage(fields: ReadonlyMap<string, string>): OsPackage {
  return { manager: 'dpkg', name: fields.get('Package') ?? '', version: fields.get('Version') ?? '' }
}

/** Three lines, of which the last need not end. */
const GROUP = /([^\n]*)\n([^\n]*)\n([^\n]+)(?:\n|$)/gy

/** Groups of three lines: the name that was taken, the name the file got, who took it (dpkg-divert(1)). */
export function parseDiversions(text: string | null): Diversions {
  const out = new Map<string, Diversion>()
  for (const [, from = '', to = '', by = ''] of (text ?? '').matchAll(GROUP)) out.set(from, { to, by })
  return out
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function childNames(tree: Tree, folder: string): readonly string[] {
  const children = tree.children(folder)
  return failed(children) ? [] : children.map((child) => child.name)
}

/** A file as a byte string; `plain` where only fields that are ASCII count. */
function readText(tree: Tree, file: string, plain: boolean, faults: Fault[]): string | null {
  const content = tree.content(file, MAX_FILE)
  // Nearly every list is ASCII, for which decoding byte by byte would take longer than all the rest.
  if (!failed(content)) return plain || isAscii(content) ? latin1(content) : decodeBytes(content)
  if (content.errno !== 'ENOENT') {
    faults.push(faultAt('unreadable', file, null, `cannot read the package database: ${content.errno}`))
  }
  return null
}

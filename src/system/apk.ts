/** Owners of files by apk's database, one text file of all installed packages. */
import { decodeBytes, nameOrder } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { OsPackage } from '../domain/system.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import type { PackageDatabase } from './package-database.ts'
import { folderFollower } from './package-database.ts'

const FILES = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']
const MAX_FILE = 128 * 1024 * 1024

/** A package and its files as the database lists them. */
export interface ApkPackage {
  readonly package: OsPackage
  readonly files: readonly string[]
}

/** The apk database of a tree, null where there is none. */
export function openApk(tree: Tree): PackageDatabase | null {
  const file = FILES.find((path) => {
    const found = tree.lookup(path)
    return !failed(found) && found.kind === 'file'
  })
  if (file === undefined) return null
  const faults: Fault[] = []
  const follow = folderFollower(tree)
  let all: readonly ApkPackage[] | null = null
  let index: Map<string, OsPackage> | null = null
  const load = (): readonly ApkPackage[] => {
    if (all !== null) return all
    const content = tree.content(file, MAX_FILE)
    if (!failed(content)) return (all = parseApk(decodeBytes(content)))
    faults.push(faultAt('unreadable', file, null, `cannot read the package database: ${content.errno}`))
    return (all = [])
  }
  return {
    owner: (path) => {
      if (index === null) {
        index = new Map()
        for (const item of load()) for (const name of item.files) index.set(follow(name), item.package)
      }
      return index.get(path) ?? null
    },
    files: (name) =>
      load()
        .filter((item) => item.package.name === name)
        .flatMap((item) => item.files.map(follow)),
    packages: () => load().map((item) => item.package),
    faults,
    notes: [],
  }
}

/** Packages sorted by name. A line is a letter, a colon and a value: P name, V version, F folder, R file in that folder. */
export function parseApk(text: string): readonly ApkPackage[] {
  const out: ApkPackage[] = []
  let name = ''
  let version = ''
  let folder = ''
  let files: string[] = []
  const finish = (): void => {
    if (name !== '') out.push({ package: { manager: 'apk', name, version }, files })
    name = ''
    version = ''
    folder = ''
    files = []
  }
  for (const line of text.split('\n')) {
    if (line === '') finish()
    if (line[1] !== ':') continue
    const value = line.slice(2)
    if (line.startsWith('P')) name = value
    else if (line.startsWith('V')) version = value
    else if (line.startsWith('F')) folder = value === '' ? '' : `/${value}`
    else if (line.startsWith('R')) files.push(`${folder}/${value}`)
  }
  finish()
  return out.sort((a, b) => nameOrder(a.package.name, b.package.name))
}

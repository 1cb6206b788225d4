/** Owners of files by the rpm database, asked through the `rpm` program where the user named it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeBytes, nameOrder } from '../domain/bytes.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { OsPackage } from '../domain/system.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'
import type { PackageDatabase } from './package-database.ts'
import { folderFollower } from './package-database.ts'

const FOLDERS = ['/usr/lib/sysimage/rpm', '/var/lib/rpm', '/usr/share/rpm']
/** The files that hold packages, one per database format: sqlite, ndb, Berkeley DB; the rest are indices. */
const FILES = ['rpmdb.sqlite', 'rpmdb.sqlite-wal', 'Packages.db', 'Index.db', 'Packages']
const MAX_FILE = 1024 * 1024 * 1024
const MAX_OUTPUT = 512 * 1024 * 1024
const TIMEOUT_MS = 60_000
const FORMAT = '[%{=NAME}\\t%|EPOCH?{%{=EPOCH}:}|%{=VERSION}-%{=RELEASE}\\t%{FILENAMES}\\n]'

/** The rpm database of a tree, null where there is none. Without a program it answers nothing and says so in a note. */
export function openRpm(tree: Tree, program: string | null): PackageDatabase | null {
  const folder = FOLDERS.find((path) => FILES.some((name) => !failed(tree.lookup(`${path}/${name}`))))
  if (folder === undefined) return null
  const faults: Fault[] = []
  const notes: string[] = []
  const follow = folderFollower(tree)
  let rows: ReadonlyMap<string, RpmPackage> | null = null
  let index: Map<string, OsPackage> | null = null
  const load = (): ReadonlyMap<string, RpmPackage> => {
    if (rows !== null) return rows
    if (program === null) {
      notes.push(`${folder} is an rpm database: owners of files are unknown, because no rpm program was named`)
      return (rows = new Map())
    }
    return (rows = parseRpm(query(tree, folder, program, faults)))
  }
  return {
    owner: (path) => {
      if (index === null) {
        index = new Map()
        for (const item of load().values()) {
          for (const name of item.files) {
            const real = follow(name)
            if (!index.has(real)) index.set(real, item.package)
          }
        }
      }
      return index.get(path) ?? null
    },
    files: (name) => load().get(name)?.files.map(follow) ?? [],
    packages: () => [...load().values()].map((item) => item.package),
    faults,
    notes,
  }
}

interface RpmPackage {
  readonly package: OsPackage
  readonly files: readonly string[]
}

/** Packages by name, sorted, from lines of name, version and file separated by tabs. */
export function parseRpm(text: string): ReadonlyMap<string, RpmPackage> {
  const found = new Map<string, { package: OsPackage; files: string[] }>()
  for (const line of text.split('\n')) {
    const [name, version, ...rest] = line.split('\t')
    const file = rest.join('\t')
    if (name === undefined || version === undefined || !file.startsWith('/')) continue
    let item = found.get(name)
    if (item === undefined) found.set(name, (item = { package: { manager: 'rpm', name, version }, files: [] }))
    item.files.push(file)
  }
  return new Map([...found].sort(([a], [b]) => nameOrder(a, b)))
}

/** Asks the program about a copy of the database, for rpm writes locks beside what it reads. */
function query(tree: Tree, folder: string, program: string, faults: Fault[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'airtight-rpm-'))
  // Loaded here alone: it brings all of net, and every command would pay for it at its start.
  const { execFileSync } = process.getBuiltinModule('node:child_process')
  try {
    for (const name of FILES) {
      const content = tree.content(`${folder}/${name}`, MAX_FILE)
      if (!failed(content)) writeFileSync(join(copy, name), content)
    }
    const output = execFileSync(program, ['--dbpath', copy, '-qa', '--queryformat', FORMAT], {
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', HOME: copy },
    })
    if (output.length === 0) {
      const text = `${program} found no package in the rpm database; it may not know its format`
      faults.push(faultAt('unsupported', folder, null, text))
    }
    return decodeBytes(output)
  } catch (error) {
    const reason = String(error).replace(/^Error: |\n.*/gs, '')
    faults.push(faultAt('unreadable', folder, null, `cannot read the rpm database with ${program}: ${reason}`))
    return ''
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

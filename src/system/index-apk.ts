/** Packages that an apk repository offers, from the text of its APKINDEX (apk-tools, apk-repositories(5), apk-package(5)). */
import { faultAtLine } from '../domain/fault.ts'
import type { Fault } from '../domain/fault.ts'
import type { OfferedPackage } from '../domain/package-index.ts'
import { MAX_NAMES, MAX_PACKAGES, newestOfEach } from './index-entries.ts'
import type { IndexEntries } from './index-entries.ts'

/**
 * Reads an APKINDEX: a line is a letter, a colon and a value, an empty line ends a package. P is its name, V its version, D
 * what it needs, p what it provides. Libraries are provided as `so:libfoo.so.1=1.2.3`; their version nodes and folders are
 * not told, nor the paths of commands.
 *
 * @param file what faults name
 */
export function readApkIndex(text: string, file: string): IndexEntries {
  const packages: OfferedPackage[] = []
  const faults: Fault[] = []
  let fields = new Map<string, string>()
  let line = 0
  const finish = (): void => {
    const item = fields.size === 0 ? null : entryOf(fields)
    if (item !== null) packages.push(item)
    else if (fields.size > 0)
      faults.push(faultAtLine('malformed', file, line, 'a package without name (P) or version (V)'))
    fields = new Map()
  }
  for (let start = 0; start <= text.length && packages.length < MAX_PACKAGES && faults.length < 20;) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    line++
    if (end === start) finish()
    else if (text[start + 1] === ':') fields.set(text.charAt(start), text.slice(start + 2, end))
    else faults.push(faultAtLine('malformed', file, line, 'expected a letter, a colon and a value'))
    start = end + 1
  }
  finish()
  if (packages.length === 0 && faults.length === 0) {
    faults.push(faultAtLine('malformed', file, null, 'no package in this APKINDEX'))
  }
  return { packages: newestOfEach(packages), faults }
}

function entryOf(fields: ReadonlyMap<string, string>): OfferedPackage | null {
  const name = fields.get('P') ?? ''
  const version = fields.get('V') ?? ''
  if (name === '' || version === '') return null
  const provides = new Set(words(fields.get('p')).map(nameOf))
  // A leading ! is a conflict.
  const depends = new Set(
    words(fields.get('D'))
      .filter((word) => !word.startsWith('!'))
      .map(nameOf),
  )
  const sonames = [...provides]
    .filter((word) => word.startsWith('so:'))
    .map((word) => word.slice(3))
    .sort()
  return {
    name,
    version,
    depends: [...depends].sort().map((word) => [word]),
    provides: [...provides].sort(),
    libraries: sonames.map((soname) => ({ soname, path: null, versions: null })),
    programs: [],
  }
}

function words(value: string | undefined): readonly string[] {
  return (value ?? '').split(' ', MAX_NAMES).filter((word) => word !== '')
}

/** Without `=1.2`, `>=1.2`, `~1` and `@repository`. */
function nameOf(word: string): string {
  return word.replace(/[=<>~@].*$/s, '')
}

/** Packages that a Debian repository offers: `Packages` (deb822(5)) together with `Contents-ARCH`, which names their files. */
import { faultAtLine } from '../domain/fault.ts'
import type { OfferedLibrary, OfferedPackage } from '../domain/package-index.ts'
import { paragraphs } from './control.ts'
import { MAX_NAMES, MAX_PACKAGES, newestOfEach } from './index-entries.ts'
import type { IndexEntries } from './index-entries.ts'

/** Libraries and commands of each package, by its name. */
export interface DebianContents {
  readonly libraries: ReadonlyMap<string, readonly OfferedLibrary[]>
  readonly programs: ReadonlyMap<string, readonly string[]>
}

/** Reads `Packages`; libraries and commands are added by {@link withContents}. */
export function readDebianPackages(text: string, file: string): IndexEntries {
  const packages: OfferedPackage[] = []
  let incomplete = 0
  for (const fields of paragraphs(text, ['Package', 'Version', 'Depends', 'Pre-Depends', 'Provides'])) {
    if (packages.length >= MAX_PACKAGES) break
    const name = fields.get('Package') ?? ''
    const version = fields.get('Version') ?? ''
    if (name === '' || version === '') {
      incomplete++
      continue
    }
    packages.push({
      name,
      version,
      depends: [...relations(fields.get('Pre-Depends')), ...relations(fields.get('Depends'))],
      provides: relations(fields.get('Provides')).flat(),
      libraries: [],
      programs: [],
    })
  }
  const faults =
    incomplete > 0
      ? [faultAtLine('malformed', file, null, `${incomplete} paragraphs lack Package or Version`)]
      : packages.length === 0
        ? [faultAtLine('malformed', file, null, 'no package in this list')]
        : []
  return { packages: newestOfEach(packages), faults }
}

/** `a (>= 1) | b, c:any` as groups of alternatives. */
function relations(value: string | undefined): readonly (readonly string[])[] {
  return (value ?? '')
    .split(',', MAX_NAMES)
    .map((group) =>
      group
        .split('|')
        .map((item) => /^\s*([^\s:(<[]+)/.exec(item)?.[1] ?? '')
        .filter((name) => name !== ''),
    )
    .filter((group) => group.length > 0)
}

/** Folders of 64-bit libraries that the loader of Debian searches by itself; `lib32` and foreign i386 are others'. */
const LIBRARY = /^(?:usr\/)?lib(?:64)?\/(?:(?!i[3-6]86)[a-z0-9_]+-linux-[a-z0-9_]+\/)?([^/]+\.so\.[^/]+)$/
const PROGRAM = /^(?:usr\/)?(?:local\/)?s?bin\/[^/]+$/

/** The longest line that a list of files can have: a path, and the packages that share it. */
const MAX_LINE = 1024 * 1024
/** Debian's largest list names 40,000 libraries and programs. */
const MAX_FILES = 5_000_000

/**
 * Reads `Contents-ARCH` as it comes, for one can be larger than a string: a path without its leading slash, blanks, and the
 * packages that have it, `section/name` parted by commas. The name of a library's file, or of the link to it, stands for
 * its soname; its version nodes are not told.
 */
export class DebianContentsReader {
  readonly #libraries = new Map<string, OfferedLibrary[]>()
  readonly #programs = new Map<string, string[]>()
  readonly #decoder = new TextDecoder()
  #rest = ''
  #files = 0

  /** @returns what is wrong with the list so far, null where nothing is */
  push(bytes: Uint8Array): string | null {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true })
    let start = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#line(text.slice(start, end))
      start = end + 1
    }
    this.#rest = text.slice(start)
    if (this.#rest.length > MAX_LINE) return `has a line of more than ${MAX_LINE} characters`
    return this.#files > MAX_FILES ? `names more than ${MAX_FILES} libraries and programs` : null
  }

  /** The list, whose last line need not end. */
  finish(): DebianContents {
    this.#line(this.#rest + this.#decoder.decode())
    this.#rest = ''
    return { libraries: this.#libraries, programs: this.#programs }
  }

  #line(whole: string): void {
    const line = whole.trimEnd()
    const blank = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'))
    if (blank < 0) return
    const path = line.slice(0, blank).trimEnd()
    const soname = LIBRARY.exec(path)?.[1]
    if (soname === undefined && !PROGRAM.test(path)) return
    for (const owner of line.slice(blank + 1).split(',', MAX_NAMES)) {
      const name = owner.slice(owner.lastIndexOf('/') + 1)
      this.#files += 1
      if (soname === undefined) push(this.#programs, name, `/${path}`)
      else push(this.#libraries, name, { soname, path: `/${path}`, versions: null })
    }
  }
}

/** The packages with what `Contents` knows of them. */
export function withContents(packages: readonly OfferedPackage[], contents: DebianContents): readonly OfferedPackage[] {
  return packages.map((item) => ({
    ...item,
    libraries: withAlternatives(item, contents.libraries.get(item.name) ?? []),
    programs: contents.programs.get(item.name) ?? [],
  }))
}

/** A name that a package provides and that is a soname's: `libblas.so.3` of every package that is an alternative for it. */
const PROVIDED_SONAME = /^lib[^/]*\.so\.\d[^/]*$/

/**
 * Alternatives (update-alternatives(1)) lie in folders of their own, and the link that loaders find is made when one is
 * installed; the packages provide its name.
 */
function withAlternatives(
  { provides }: OfferedPackage,
  libraries: readonly OfferedLibrary[],
): readonly OfferedLibrary[] {
  const sonames = provides.filter(
    (name) => PROVIDED_SONAME.test(name) && !libraries.some((library) => library.soname === name),
  )
  return [...libraries, ...sonames.map((soname) => ({ soname, path: null, versions: null }))]
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}

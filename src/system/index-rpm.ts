/** Packages that an RPM repository offers, from the text of `repodata/*primary.xml` as createrepo_c writes it. */
import { faultAt } from '../domain/fault.ts'
import type { Fault } from '../domain/fault.ts'
import type { OfferedLibrary, OfferedPackage } from '../domain/package-index.ts'
import { MAX_NAMES, MAX_PACKAGES, newestOfEach } from './index-entries.ts'
import type { IndexEntries } from './index-entries.ts'
import { xmlTokens } from './index-xml.ts'
import type { XmlToken } from './index-xml.ts'

/** Sources, and packages of the 32-bit architecture that repositories for x86_64 carry as well. */
const OTHER_ARCH = /^(?:src|nosrc|i[3-6]86)$/
/** `libfoo.so.1()(64bit)`, `libfoo.so.1(FOO_1.2)(64bit)`: what rpm's elfdeps makes of DT_SONAME and of version nodes. */
const LIBRARY = /^([^()]+\.so[^()]*)\(([^()]*)\)\(64bit\)$/
const PROGRAM = /^\/(?:usr\/)?s?bin\/[^/]+$/

/** A package while its element is read. */
interface Draft {
  name: string
  version: string
  arch: string
  readonly provides: string[]
  readonly requires: string[]
  readonly files: string[]
}

/**
 * Reads primary metadata. Libraries come from provides, and with them the version nodes they define; a library without any
 * node in its provides has none. Folders of libraries are not told.
 *
 * @param file what faults name
 */
export function readRpmPrimary(text: string, file: string): IndexEntries {
  const packages: OfferedPackage[] = []
  const faults: Fault[] = []
  let draft: Draft | null = null
  let list: string[] | null = null
  let seen = false
  let ended = false
  for (const token of xmlTokens(text)) {
    if (token.kind === 'fault') {
      faults.push(faultAt('malformed', file, token.offset, token.message))
      break
    }
    if (token.name === 'metadata') {
      seen = true
      ended = token.kind === 'close'
    } else if (token.name === 'package' && token.kind === 'open') draft = emptyDraft()
    else if (token.name === 'package') {
      const entry = draft === null ? null : entryOf(draft)
      if (entry === 'unnamed')
        faults.push(faultAt('malformed', file, token.offset, 'a package without name or version'))
      else if (entry !== null) packages.push(entry)
      draft = null
    } else if (draft !== null) list = takeInto(draft, token, list)
    if (packages.length >= MAX_PACKAGES || faults.length >= 20) break
  }
  if (!seen)
    faults.push(faultAt('malformed', file, null, 'no <metadata> of an RPM repository, as in repodata/*-primary.xml.gz'))
  else if (!ended && faults.length === 0)
    faults.push(faultAt('truncated', file, text.length, 'ends before </metadata>'))
  if (packages.length === 0 && faults.length === 0) {
    faults.push(faultAt('malformed', file, null, 'no binary package of a 64-bit architecture'))
  }
  return { packages: newestOfEach(packages), faults }
}

function emptyDraft(): Draft {
  return { name: '', version: '', arch: '', provides: [], requires: [], files: [] }
}

/** Takes a token in; returns the list to which the entries that follow belong. */
function takeInto(draft: Draft, token: Exclude<XmlToken, { kind: 'fault' }>, list: string[] | null): string[] | null {
  const { name } = token
  if (token.kind === 'close') {
    if (name === 'name') draft.name = token.text
    else if (name === 'arch') draft.arch = token.text
    else if (name === 'file' && PROGRAM.test(token.text) && draft.files.length < MAX_NAMES) draft.files.push(token.text)
    return name === 'rpm:provides' || name === 'rpm:requires' ? null : list
  }
  if (name === 'version') draft.version = versionOf(token.attributes)
  else if (name === 'rpm:provides') return draft.provides
  else if (name === 'rpm:requires') return draft.requires
  // Any other element with entries (conflicts, obsoletes, weak dependencies) is none of ours.
  else if (name.startsWith('rpm:') && name !== 'rpm:entry') return null
  else if (name === 'rpm:entry' && list !== null && list.length < MAX_NAMES)
    list.push(token.attributes.get('name') ?? '')
  return list
}

function versionOf(attributes: ReadonlyMap<string, string>): string {
  const epoch = attributes.get('epoch') ?? '0'
  const version = attributes.get('ver') ?? ''
  const release = attributes.get('rel') ?? ''
  if (version === '') return ''
  return `${epoch === '0' || epoch === '' ? '' : `${epoch}:`}${version}${release === '' ? '' : `-${release}`}`
}

function entryOf(draft: Draft): OfferedPackage | 'unnamed' | null {
  if (OTHER_ARCH.test(draft.arch)) return null
  if (draft.name === '' || draft.version === '') return 'unnamed'
  const nodes = new Map<string, Set<string>>()
  for (const item of draft.provides) {
    const [, soname, node = ''] = LIBRARY.exec(item) ?? []
    if (soname === undefined) continue
    const known = nodes.get(soname) ?? new Set()
    if (node !== '') known.add(node)
    nodes.set(soname, known)
  }
  const libraries = [...nodes].map(([soname, versions]): OfferedLibrary => ({
    soname,
    path: null,
    versions: [...versions].sort(),
  }))
  return {
    name: draft.name,
    version: draft.version,
    depends: names(draft.requires.filter((item) => !item.startsWith('rpmlib('))).map((item) => [item]),
    provides: names(draft.provides).filter((item) => item !== draft.name),
    libraries: libraries.sort((a, b) => (a.soname < b.soname ? -1 : 1)),
    programs: [...new Set(draft.files)].sort(),
  }
}

/** Names once each; the version nodes of a library are left out, for the library itself says who brings it. */
function names(items: readonly string[]): readonly string[] {
  return [...new Set(items.map((item) => item.replace(LIBRARY, '$1()(64bit)')))].filter((item) => item !== '').sort()
}

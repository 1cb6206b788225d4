/** What a source of a system is, told by its name and by a look at the disk. */
import { existsSync, readdirSync } from 'node:fs'
import { isFile } from '../tree/status.ts'

/** How an image is written into one file: an OCI layout in a tar archive, or as `docker save` does it. */
export type ArchiveFormat = 'oci-archive' | 'docker-archive'

const PREFIXES: readonly ('oci' | ArchiveFormat)[] = ['oci', 'oci-archive', 'docker-archive']

/** The parts of a source that says what it is, such as `oci:DIR:TAG`; null for a path. */
export function prefixOf(spec: string): { readonly kind: 'oci' | ArchiveFormat; readonly rest: string } | null {
  const kind = PREFIXES.find((prefix) => spec.startsWith(`${prefix}:`))
  return kind === undefined ? null : { kind, rest: spec.slice(kind.length + 1) }
}

/** Whether a source says what it is. */
export function isPrefixed(spec: string): boolean {
  return prefixOf(spec) !== null
}

/** Whether a folder is an OCI layout. */
export function isLayout(folder: string): boolean {
  try {
    const names = readdirSync(folder)
    return names.includes('oci-layout') && names.includes('index.json')
  } catch {
    return false
  }
}

/** Whether a source is named by what it is, or is a file or an OCI layout, rather than a root folder. */
export function isFileSource(spec: string): boolean {
  if (isPrefixed(spec)) return true
  return isFile(spec) || isLayout(spec)
}

/** Path and tag of a source, `prefixed` where it says what it is: the last colon divides them, unless the whole is a path. */
export function placeOf(text: string, prefixed: boolean): { readonly path: string; readonly reference: string | null } {
  const colon = text.lastIndexOf(':')
  if (!prefixed || colon < 0 || existsSync(text)) return { path: text, reference: null }
  // A tag may itself hold a colon: docker-archive:FILE:NAME:TAG.
  const first = text.indexOf(':')
  const cut = existsSync(text.slice(0, colon)) ? colon : first
  return { path: text.slice(0, cut), reference: text.slice(cut + 1) }
}

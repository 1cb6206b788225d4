/** What stays the same about a file or a context from one audit to another: the names under which they are compared. */
import type { AuditDocument, DocumentObject } from '../document.ts'
import { documentPackageId } from '../document.ts'
import type { FileFacts } from './document.ts'

/** One audit with its files named independently of versions and of where repositories lie. */
export class Side {
  readonly document: AuditDocument
  readonly #keys: readonly string[]

  constructor(document: AuditDocument) {
    this.document = document
    this.#keys = uniqueKeys(document)
  }

  /** The name under which a file is compared: equal for the same file of two releases. */
  key(object: number): string {
    return this.#keys[object] ?? ''
  }

  /** What a person calls a file: its package and the path in it, or its path in the system. */
  label(object: number): string {
    const file = this.document.objects[object]
    const item = this.document.packages[file?.owner ?? -1]
    if (file === undefined) return ''
    return item === undefined ? file.path : `${documentPackageId(item)} ${relativePath(file.path, item.payload)}`
  }

  facts(object: number): FileFacts | null {
    const file = this.document.objects[object]
    if (file === undefined) return null
    return {
      path: file.path,
      owner: this.#owner(file),
      build_id: file.build_id,
      sha256: file.sha256 ?? null,
      size: file.size,
    }
  }

  #owner(file: DocumentObject): string {
    const item = this.document.packages[file.owner ?? -1]
    if (item !== undefined) return documentPackageId(item)
    return file.os_package ?? file.world ?? ''
  }
}

/** Same bytes, as far as both audits can tell: by size and build id, which patchelf and strip leave, or by sha256. */
export function sameContent(a: FileFacts, b: FileFacts): boolean {
  if (a.size !== b.size) return false
  if (a.build_id !== null && b.build_id !== null) return a.build_id === b.build_id
  if (a.sha256 !== null && b.sha256 !== null) return a.sha256 === b.sha256
  return a.build_id === b.build_id
}

/** Keys that several files of one audit share would mix them up: these fall back to their paths. */
function uniqueKeys(document: AuditDocument): readonly string[] {
  const keys = document.objects.map((object) => keyOf(document, object))
  const seen = new Map<string, number>()
  for (const key of keys) seen.set(key, (seen.get(key) ?? 0) + 1)
  return keys.map((key, index) => (seen.get(key) === 1 ? key : `${key} ${document.objects[index]?.path ?? ''}`))
}

function keyOf(document: AuditDocument, object: DocumentObject): string {
  const item = document.packages[object.owner ?? -1]
  // A library of a system is known by its soname: the next build of it may have another file name.
  if (item === undefined) return `${object.world ?? ''} ${object.soname ?? object.path}`
  const relative = relativePath(object.path, item.payload)
  return `package ${item.name} ${item.version === '' ? relative : relative.replaceAll(item.version, '*')}`
}

function relativePath(path: string, payload: readonly string[]): string {
  const roots = payload.filter((root) => path.startsWith(`${root}/`)).sort((a, b) => b.length - a.length)
  return roots[0] === undefined ? path : path.slice(roots[0].length + 1)
}

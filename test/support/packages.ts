/** Rez repositories on disk for tests, and file access that counts its questions. */
import { diskFiles } from '../../src/rez/repository/files.ts'
import { makeFolder } from './system/folder.ts'
import type { Content } from './system/folder.ts'
import type { ContextOptions } from '../../src/rez/context/request.ts'
import type { PackageFiles } from '../../src/rez/repository/files.ts'

/** A folder with package.py files: keys such as `usd/24.8` (two parts, a digit first in the second) stand for `usd/24.8/package.py`, others are paths. */
export function makeRepository(files: Readonly<Record<string, Content>>): string {
  return makeFolder(
    Object.fromEntries(
      Object.entries(files).map(([path, content]) => {
        const [name = '', version = ''] = path.split('/')
        if (typeof content !== 'string' || path !== `${name}/${version}` || !/^\d/.test(version)) return [path, content]
        return [`${path}/package.py`, `name = '${name}'\nversion = '${version}'\n${content}`]
      }),
    ),
  )
}

/** The files of this machine; `asked` lists each question as `list PATH`. */
export function countingFiles(): { readonly files: PackageFiles; readonly asked: string[] } {
  const asked: string[] = []
  const files: PackageFiles = {
    list: (path) => (asked.push(`list ${path}`), diskFiles.list(path)),
    text: (path, limit) => (asked.push(`text ${path}`), diskFiles.text(path, limit)),
    link: (path) => (asked.push(`link ${path}`), diskFiles.link(path)),
    kind: (path) => (asked.push(`kind ${path}`), diskFiles.kind(path)),
    real: (path) => (asked.push(`real ${path}`), diskFiles.real(path)),
  }
  return { files, asked }
}

/** Options that add nothing. */
export const CONTEXT_OPTIONS: ContextOptions = {
  payload: new Map(),
  environmentFile: null,
  implicit: null,
  system: null,
  jobs: 8,
  files: diskFiles,
}

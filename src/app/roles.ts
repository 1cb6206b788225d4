/** What an object is for: a program, a library others link, or something that a running program opens. */
import type { PackageObject } from '../domain/audit.ts'
import type { ElfObject } from '../domain/object.ts'
import { DF_1_PIE, ET_EXEC } from '../domain/object.ts'

const PYTHON_NAME = /\.(?:cpython-|abi3\.|pypy)[^/]*so$|\.abi3\.so$/
const PYTHON_FOLDER = /(?:^|\/)(?:site-packages|dist-packages|lib-dynload)(?:\/|$)/
const PRIVATE_LIBRARY_FOLDER = /(?:^|\/)[^/]*\.libs(?:\/|$)/

export interface RoleFacts {
  readonly name: string
  readonly relative: string
  readonly folder: string
  readonly object: ElfObject
  /** The folder is on the library path, or is lib or lib64 of the payload, and not private. */
  readonly public: boolean
  readonly onLibraryPath: boolean
  /** Some object of the context needs it by its soname or file name. */
  readonly needed: boolean
  readonly pythonFolders: ReadonlySet<string>
  readonly declaredPlugin: boolean
}

/** The role of an object; what nobody links and nobody can find by name is taken for a plugin. */
export function roleOf(facts: RoleFacts): PackageObject['role'] {
  if (isProgram(facts.object)) return 'program'
  if (facts.declaredPlugin) return 'plugin'
  if (isPythonModule(facts)) return 'python-module'
  if (facts.needed || facts.onLibraryPath || PRIVATE_LIBRARY_FOLDER.test(facts.relative)) return 'library'
  if (!facts.name.endsWith('.so')) return 'library'
  return facts.public && facts.object.soname !== null ? 'library' : 'plugin'
}

/** A file that the kernel is meant to start. A library with PT_INTERP, as libc.so.6 has it, stays a library. */
function isProgram(object: ElfObject): boolean {
  if (object.header.type === ET_EXEC || object.kind === 'static' || object.kind === 'static-pie') return true
  if (object.soname !== null) return false
  return object.interpreter !== null || (object.flags1 & DF_1_PIE) !== 0
}

function isPythonModule({ name, relative, folder, needed, pythonFolders }: RoleFacts): boolean {
  if (PYTHON_NAME.test(name)) return true
  if (!name.endsWith('.so') || needed || PRIVATE_LIBRARY_FOLDER.test(relative)) return false
  return pythonFolders.has(folder) || PYTHON_FOLDER.test(relative)
}

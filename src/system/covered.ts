/** Whether a declared base lets packages rely on one of its libraries. */
import type { BaseDeclaration, System } from '../domain/system.ts'
import { failed } from '../domain/tree.ts'

/**
 * Sonames every base provides: the loader, the libraries built with glibc, and the two run times of gcc that must fit
 * the newest object of a process.
 */
const ALWAYS: readonly RegExp[] = [
  /^ld-[^/]*\.so\.\d+$/,
  /^ld64\.so\.\d+$/,
  /^ld\.so\.\d+$/,
  /^lib(?:c|m|mvec|dl|rt|pthread|util|anl|resolv|BrokenLocale|thread_db|c_malloc_debug|nsl|nss_(?:files|dns|compat|db|hesiod))\.so\.\d+$/,
  /^libc\.musl-[^/]*$/,
  /^libgcc_s\.so\.1$/,
  /^libstdc\+\+\.so\.6$/,
]

/** Whether every base provides a soname, whatever it declares. */
export function isAlwaysCovered(soname: string): boolean {
  return ALWAYS.some((pattern) => pattern.test(soname))
}

/** What each declaration covers, resolved once per system. */
const known = new WeakMap<System, { readonly files: ReadonlySet<string>; readonly sonames: readonly RegExp[] }>()

/**
 * Whether a file of the base may be used without being packaged (HST001). True for every file of a system that nobody
 * declared. A declared one covers exactly the files of its `os_packages` and the sonames that match its patterns.
 *
 * @param file path of the library without links
 * @param soname the name it was asked for by
 */
export function coveredByBase(system: System, file: string, soname: string): boolean {
  if (system.declaration === null) return true
  if (isAlwaysCovered(soname)) return true
  let covered = known.get(system)
  if (covered === undefined) {
    covered = { files: providedFiles(system, system.declaration), sonames: system.declaration.sonames.map(namePattern) }
    known.set(system, covered)
  }
  return covered.files.has(file) || covered.sonames.some((pattern) => pattern.test(soname))
}

/** Files of the declared OS packages, as listed and with a link in the last part followed. */
function providedFiles(system: System, declaration: BaseDeclaration): ReadonlySet<string> {
  const files = new Set<string>()
  for (const name of declaration.osPackages) {
    for (const path of system.packageFiles(name)) {
      files.add(path)
      if (!path.includes('.so')) continue
      const found = system.tree.lookup(path)
      if (!failed(found)) files.add(found.path)
    }
  }
  return files
}

/** A soname pattern as an expression: `*` stands for any characters, `?` for one. */
export function namePattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[$()+.[\\\]^{|}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`, 's')
}

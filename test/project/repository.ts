/** The files of this repository as the project tests see them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const REPOSITORY: string = resolve(import.meta.dirname, '../..')

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git'])

/** Every file of the repository, relative to its root, sorted; what is installed, built or not tracked is left out. */
export function repositoryFiles(folder = ''): readonly string[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return repositoryFiles(path)
      return entry.isFile() ? [path] : []
    })
    .sort()
}

/** The content of a repository file as text; bytes that are none become replacement characters. */
export function repositoryText(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8')
}

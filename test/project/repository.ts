/** The files of this repository as the project tests see them. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import glob from 'fast-glob'

export const REPOSITORY: string = resolve(import.meta.dirname, '../..')

const NOT_OURS = ['**/node_modules/**', 'dist/**', 'dist.*/**', 'coverage/**', '**/__pycache__/**', '.git/**']

/** Every file of the repository, or of one of its folders, relative to its root, sorted; links are not followed. */
export function repositoryFiles(folder = '.'): readonly string[] {
  const pattern = folder === '.' ? '**' : `${folder}/**`
  return glob.globSync(pattern, { cwd: REPOSITORY, dot: true, ignore: NOT_OURS, followSymbolicLinks: false }).sort()
}

/** The content of a repository file as text; bytes that are none become replacement characters. */
export function repositoryText(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8')
}

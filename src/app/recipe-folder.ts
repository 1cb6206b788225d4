/** The folder of a recipe: written as a whole beside its final name. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { MARK } from '../image/recipe/containerfile.ts'
import { statusAt } from '../tree/status.ts'

/** What keeps a recipe from being written at `target`, told of the path as it was given. */
export function takenBy(target: string, path: string): Fault | null {
  const status = statusAt(target)
  if (status === null) return null
  if ('message' in status) return { ...status, file: path }
  if (!status.isDirectory()) return faultAt('malformed', path, null, 'is a file; name a folder')
  const names = readdirSync(target)
  if (names.length === 0 || names.some((name) => isOurs(join(target, name)))) return null
  return faultAt('malformed', path, null, 'is a folder with other things in it; name a new one')
}

function isOurs(file: string): boolean {
  if (!/^(?:Containerfile|apptainer\.def)$/.test(basename(file)) || !existsSync(file)) return false
  return readFileSync(file, 'utf8')
    .slice(0, 4096)
    .split('\n')
    .some((line) => line.startsWith(MARK))
}

/** Fills a new folder, then puts it in the place of the old one. @throws what `fill` throws; the old one is there then */
export function replaceFolder(target: string, fill: (folder: string) => void): void {
  const beside = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}`)
  const part = `${beside}.part`
  const old = `${beside}.old`
  try {
    mkdirSync(part, { recursive: true })
    fill(part)
    if (existsSync(target)) renameSync(target, old)
    renameSync(part, target)
  } finally {
    rmSync(part, { recursive: true, force: true })
    // Where the last step failed, the old folder gets its name back.
    if (existsSync(old) && !existsSync(target)) renameSync(old, target)
    rmSync(old, { recursive: true, force: true })
  }
}

/**
 * How much of real recipes' commands the evaluator knows:
 *   tsx tools/count-recipes/run.ts FOLDER [--all] [--caller]
 *       every package.py and package.yaml below FOLDER, one content once; --caller: as if the policy said every variable
 *       of the caller's shell
 * Prints a table, then the statements whose effect is not known, by reason, with file and line (--all: every one).
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import glob from 'fast-glob'
import { collectionOf } from './collection.ts'
import { countRecipe } from './count.ts'
import type { Lost, RecipeCount } from './count.ts'
import type { ParentEnvironment } from '../../src/rez/python/facts.ts'

const SHOWN = 3

/** Files in the order of their paths, without those whose text another one has. */
function recipes(folder: string): readonly string[] {
  const seen = new Set<string>()
  return glob
    .sync('**/package.{py,yaml}', { cwd: folder, dot: true })
    .sort()
    .map((name) => join(folder, name))
    .filter((file) => {
      const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
      return !seen.has(hash) && seen.add(hash)
    })
}

/** The reason without what is particular to one place. */
function kindOf(reason: string): string {
  return reason
    .replace(/^it depends on code that was not evaluated \((.*)\)$/, '$1')
    .replace(/^inside try: /, '')
    .replace(/\$\w+/g, '$NAME')
}

/** The folder directly below the given one: recipes in it are resolved together. */
function topFolder(folder: string, file: string): string {
  return file.slice(folder.length).replace(/^\//, '').split('/')[0] ?? ''
}

function grouped<Item>(items: readonly Item[], key: (item: Item) => string): readonly (readonly [string, Item[]])[] {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
}

function sum(counts: readonly RecipeCount[], field: 'statements' | 'evaluated' | 'referring' | 'elsewhere'): number {
  return counts.reduce((total, count) => total + count[field], 0)
}

function table(counts: readonly RecipeCount[], lost: readonly Lost[]): void {
  const counted = counts.filter((count) => count.left === null)
  const statements = sum(counted, 'statements')
  const rows: readonly (readonly [string, number])[] = [
    ['recipes of different content', counts.length],
    ['  with commands, counted', counted.length],
    ['  without', counts.length - counted.length],
    ['statements', statements],
    ['  evaluated', sum(counted, 'evaluated')],
    ["    with a reference to the caller's", sum(counted, 'referring')],
    ['  not reached by Rez on Linux', sum(counted, 'elsewhere')],
    ['  not evaluated', lost.length],
    ['recipes in which all is evaluated', counted.filter((count) => count.lost.length === 0).length],
  ]
  for (const [title, value] of rows) console.log(`${title.padEnd(36)}${String(value).padStart(7)}`)
  const known = sum(counted, 'evaluated')
  const share = (100 * known) / Math.max(1, known + lost.length)
  console.log(`evaluated: ${share.toFixed(2)} % of the statements that Rez reaches on Linux\n`)
}

/** A shell that has a value in every variable. */
class EveryVariable extends Map<string, string> {
  override get(name: string): string {
    return `value of ${name}`
  }

  override has(): boolean {
    return true
  }
}

function main(folder: string, all: boolean, parent?: ParentEnvironment): void {
  const files = recipes(folder)
  const collections = new Map(
    grouped(files, (file) => topFolder(folder, file)).map(([top, own]) => [top, collectionOf(own)]),
  )
  const counts = files.map((file) =>
    countRecipe(file, collections.get(topFolder(folder, file)) ?? collectionOf([]), parent),
  )
  const lost = counts.flatMap((count) => count.lost)
  table(counts, lost)
  console.log('recipes without counted commands, by reason')
  const left = counts.filter((count) => count.left !== null)
  for (const [reason, items] of grouped(left, (count) => count.left ?? '')) {
    console.log(`${String(items.length).padStart(5)}  ${reason}`)
  }
  console.log('\nstatements that are not evaluated, by reason')
  for (const [reason, items] of grouped(lost, (item) => kindOf(item.reason))) {
    console.log(`${String(items.length).padStart(5)}  ${reason}`)
    for (const { file, line, code } of all ? items : items.slice(0, SHOWN)) {
      console.log(`         ${file.slice(folder.length).replace(/^\//, '')}:${line}: ${code}`)
    }
  }
}

const [folder, ...options] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: tsx tools/count-recipes/run.ts FOLDER [--all] [--caller]')
main(folder, options.includes('--all'), options.includes('--caller') ? new EveryVariable() : undefined)

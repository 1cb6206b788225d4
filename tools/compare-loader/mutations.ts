/**
 * Switches each loader rule off in a copy of the code and looks whether some stored graph notices.
 *
 * Usage: node --import tsx tools/compare-loader/mutations.ts [--store FILE] [--least 1] [--all] [--only TEXT] [--jobs 2]
 *
 * FILE is what graphs/run.ts --store has written, by default the answers in the repository. Prints for each rule how many
 * graphs disagree without it, counted up to --least unless --all asks for every one. Ends with 1 when a rule decides fewer
 * than --least, or when its text does not stand in the code exactly once.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Mutation } from './mutation-table.ts'
import { MUTATIONS } from './mutation-table.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = ['src', 'tools/compare-loader', 'test/support', 'package.json', 'tsconfig.json']

/** How many graphs disagree; a text where the rule could not be switched off. */
type Outcome = number | string

interface Question {
  readonly store: string
  /** Where counting ends. */
  readonly enough: number
}

function copyRepository(folder: string): void {
  for (const path of COPIED) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    cpSync(join(REPOSITORY, path), join(folder, path), { recursive: true })
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'))
}

/** Runs the graphs with one rule switched off in the copy at `folder`. */
async function tryOut(folder: string, asked: Question, { file, search, replacement }: Mutation): Promise<Outcome> {
  const path = join(folder, 'src', file)
  const text = readFileSync(path, 'utf8')
  const places = text.split(search).length - 1
  if (places !== 1) return `stands ${places} times in src/${file}, once is expected`
  try {
    writeFileSync(
      path,
      text.replace(search, () => replacement),
    )
    return await disagreeing(folder, asked)
  } finally {
    writeFileSync(path, text)
  }
}

async function disagreeing(folder: string, { store, enough }: Question): Promise<Outcome> {
  const script = join(folder, 'tools/compare-loader/graphs/replay.ts')
  const args = ['--import', 'tsx', script, '--store', store, '--json', '--enough', String(enough)]
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_, out, err) => {
      const result = /^\{.*\}$/m.exec(out)?.[0]
      if (result === undefined)
        done(
          `does not run: ${
            err
              .trim()
              .split('\n')
              .find((line) => line.includes('rror')) ?? ''
          }`,
        )
      else done((JSON.parse(result) as { disagreeing: number[] }).disagreeing.length)
    })
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      store: { type: 'string', default: join(REPOSITORY, 'tools/compare-loader/answers.gz') },
      all: { type: 'boolean', default: false },
      least: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      jobs: { type: 'string', default: '2' },
    },
  })
  const least = Number(values.least)
  const asked = { store: resolve(values.store), enough: values.all ? Infinity : least }
  const work = mkdtempSync(join(tmpdir(), 'airtight-mutations-'))
  const queue = MUTATIONS.filter(({ rule }) => rule.includes(values.only))
  let failures = 0
  let tried = 0
  const worker = async (index: number): Promise<void> => {
    const folder = join(work, String(index))
    copyRepository(folder)
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const outcome = await tryOut(folder, asked, next)
      const good = typeof outcome === 'number' && outcome >= least
      tried += 1
      if (!good) failures += 1
      console.log(`${good ? 'decides ' : 'FAILS   '} ${String(outcome).padStart(5)}  ${next.rule}`)
    }
  }
  try {
    copyRepository(join(work, 'plain'))
    const plain = await disagreeing(join(work, 'plain'), { ...asked, enough: Infinity })
    if (plain !== 0) throw new Error(`the unchanged code disagrees already: ${plain}`)
    await Promise.all(Array.from({ length: Number(values.jobs) }, (_, index) => worker(index)))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  console.log(`${tried - failures} of ${tried} rules decide at least ${least} of the graphs when they are switched off`)
  process.exitCode = failures === 0 && tried > 0 ? 0 : 1
}

await main()

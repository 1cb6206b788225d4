/**
 * Holds resolves against Rez: `node --import tsx tools/compare-solver/run.ts [WORLDS] [SEED] [REPOSITORY]`. Ten
 * requests over each of WORLDS generated repositories, and over the studio at REPOSITORY where one is named.
 * AIRTIGHT_REZ_PYTHON names a Python that has rez. Exits 1 on a difference.
 */
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { compareTasks } from './compare.ts'
import { randomFrom } from '../compare-rez/questions.ts'
import { rezPython } from '../compare-rez/python.ts'
import { configured, studioRequests } from './requests.ts'
import { makeWorld } from './worlds.ts'
import { plainTask } from './tasks.ts'
import type { Task } from './tasks.ts'

const REQUESTS = 10

async function main(): Promise<number> {
  const python = rezPython()
  if (python === null) return 0
  const worlds = Number(process.argv[2] ?? 30)
  const seed = Number(process.argv[3] ?? 1)
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/worlds-`))
  const random = randomFrom(seed)
  const generated: Task[] = []
  const settings: Task[] = []
  for (let i = 0; i < worlds; i += 1) {
    const { repositories, requests } = makeWorld(`${folder}/${i}`, seed * 100_000 + i, REQUESTS)
    for (const list of requests) {
      generated.push(plainTask(repositories, list))
      settings.push(configured(plainTask(repositories, list), random))
    }
  }
  let different = await compareTasks('generated', python, generated)
  different += await compareTasks('with filters, orderers, modes and times', python, settings)
  const studio = process.argv[4]
  if (studio !== undefined) {
    const repository = realpathSync(studio)
    const names = readdirSync(repository)
      .filter((name) => !name.startsWith('.'))
      .sort()
    const lists = studioRequests(repository, names, 10 * REQUESTS, random)
    const tasks = lists.map((list) => plainTask([repository], list))
    different += await compareTasks('studio', python, tasks)
  }
  if (different === 0) rmSync(folder, { recursive: true })
  else console.log(`the generated repositories are kept in ${folder}`)
  return different === 0 ? 0 : 1
}

process.exitCode = await main()

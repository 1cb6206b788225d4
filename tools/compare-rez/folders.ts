/**
 * Holds package folders with their repositories against Rez: each package of generated studios as the only request.
 * `node --import tsx tools/compare-rez/folders.ts [COUNT] [SEED]`; AIRTIGHT_REZ_PYTHON names a Python that has rez. One
 * of the contexts of a folder must be what Rez resolves, and there must be none where Rez finds none.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { diskFiles } from '../../src/rez/repository/files.ts'
import { loadContexts } from '../../src/rez/context/load.ts'
import { openRepository } from '../../src/rez/repository/repository.ts'
import { packageId } from '../../src/domain/context.ts'
import { makeStudio } from './studios.ts'
import { ask, rezPython } from './python.ts'
import type { Asked } from './compare-contexts.ts'

interface Start extends Asked {
  readonly folder: string
}

interface Resolved {
  readonly packages?: readonly { name: string; version: string; index: number | null }[]
}

/** The packages of a studio that Rez finds for an exact request and that have a folder. */
async function starts({ requests, repositories }: Asked): Promise<readonly Start[]> {
  const found: Start[] = []
  for (const request of requests) {
    const [, name = '', version = ''] = /^(\w[^=]*)==(.*)$/.exec(request) ?? []
    const families = await Promise.all(repositories.map((location) => openRepository(location, diskFiles).family(name)))
    const entries = families.flatMap((family) => family?.packages ?? [])
    const entry = entries.find((candidate) => candidate.version.text === version)
    const folder = entry?.folder ?? null
    if (folder !== null) found.push({ folder, requests: [request], repositories })
  }
  return found
}

function line(packages: readonly { name: string; version: string; index: number | null }[]): string {
  return packages.map((item) => `${packageId(item)}[${item.index ?? ''}]`).join(' ')
}

async function main(): Promise<number> {
  const python = rezPython()
  if (python === null) return 0
  const count = Number(process.argv[2] ?? 100)
  const seed = Number(process.argv[3] ?? 1)
  const top = realpathSync(mkdtempSync(`${tmpdir()}/folders-`))
  const contexts: Record<string, Start> = {}
  for (let i = 0; i < count; i += 1) {
    for (const [k, start] of (await starts(makeStudio(`${top}/${i}`, seed * 100_000 + i))).entries()) {
      contexts[`${i}-${k}`] = start
    }
  }
  const answers = ask(python, 'resolve.py', { contexts, save: null }) as Record<string, Resolved>
  const tally = { same: 0, none: 0, different: 0 }
  for (const [name, { folder, repositories }] of Object.entries(contexts)) {
    const options = {
      payload: new Map(),
      environmentFile: null,
      implicit: null,
      system: null,
      jobs: 16,
      files: diskFiles,
    }
    const reading = await loadContexts({ kind: 'folder', folder, repositories }, options)
    const resolved = answers[name]?.packages
    if ('faults' in reading) {
      tally[resolved === undefined ? 'none' : 'different'] += 1
      if (resolved !== undefined) console.log(`DIFFERS ${folder}\n  rez      ${line(resolved)}\n  airtight none`)
      continue
    }
    // Rez refuses a package of which one variant contradicts itself; here the others are looked at, and it is a fault.
    if (resolved === undefined && reading.contexts.some(({ faults }) => faults.length > 0)) {
      tally.none += 1
      continue
    }
    // A folder gives one context for each variant; Rez chooses one of them.
    const own = reading.contexts.map(({ packages }) =>
      line(packages.map((item) => ({ name: item.name, version: item.version, index: item.variant }))),
    )
    const theirs = resolved === undefined ? 'none' : line(resolved)
    if (own.includes(theirs)) tally.same += 1
    else {
      tally.different += 1
      console.log(`DIFFERS ${folder}\n  rez      ${theirs}\n  airtight ${own.join('\n           ')}`)
    }
  }
  rmSync(top, { recursive: true })
  console.log(
    `${Object.keys(contexts).length} folders: same ${tally.same}, none for both ${tally.none}, different ${tally.different}`,
  )
  return tally.different === 0 ? 0 : 1
}

process.exitCode = await main()

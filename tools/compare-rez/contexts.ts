/**
 * Holds contexts from exact requests, and from the .rxt files Rez writes for them, against Rez:
 * `node --import tsx tools/compare-rez/contexts.ts REPOSITORY CONTEXTS.json`, where the JSON maps names to
 * `{"packages": ["NAME-VERSION", ...]}`. AIRTIGHT_REZ_PYTHON names a Python that has rez. Exits 1 on a difference.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { diskFiles } from '../../src/rez/repository/files.ts'
import { faultText } from '../../src/domain/fault.ts'
import { loadContexts } from '../../src/rez/context/load.ts'
import { ask, rezPython } from './python.ts'
import type { ContextOptions, ContextRequest } from '../../src/rez/context/request.ts'
import type { Package } from '../../src/domain/context.ts'

interface Resolved {
  readonly failed?: string
  readonly rxt?: string
  readonly packages?: readonly { name: string; version: string; index: number | null; root: string; base: string }[]
}

const OPTIONS: ContextOptions = {
  payload: new Map(),
  environmentFile: null,
  implicit: null,
  system: null,
  jobs: 16,
  files: diskFiles,
}

function facts(item: Package): unknown {
  return { name: item.name, version: item.version, index: item.variant, root: item.root, base: item.base }
}

async function own(request: ContextRequest): Promise<unknown> {
  const reading = await loadContexts(request, OPTIONS)
  if ('faults' in reading) return reading.faults.map(faultText)
  return reading.contexts[0]?.packages.map(facts)
}

async function main(): Promise<number> {
  const python = rezPython()
  if (python === null) return 0
  const [repository, list] = process.argv.slice(2)
  if (repository === undefined || list === undefined) throw new Error('REPOSITORY and CONTEXTS.json were expected')
  const given = JSON.parse(readFileSync(list, 'utf8')) as Record<string, { packages: string[] }>
  const requests = Object.fromEntries(
    Object.entries(given).map(([name, { packages }]) => [name, packages.map((id) => id.replace(/^([^-]+)-/, '$1=='))]),
  )
  const save = mkdtempSync(`${tmpdir()}/contexts-`)
  const repositories = [realpathSync(repository)]
  const answers = ask(python, 'resolve.py', { repositories, requests, save }) as Record<string, Resolved>
  let different = 0
  for (const [name, answer] of Object.entries(answers)) {
    const theirs = answer.packages?.map(({ name, version, index, root, base }) => ({
      name,
      version,
      index,
      root,
      base,
    }))
    const fromRequests = await own({ kind: 'requests', requests: requests[name] ?? [], repositories })
    const fromRxt = answer.rxt === undefined ? theirs : await own({ kind: 'rxt', file: answer.rxt, repositories: [] })
    const same = theirs !== undefined && isDeepStrictEqual(fromRequests, theirs) && isDeepStrictEqual(fromRxt, theirs)
    different += same ? 0 : 1
    console.log(`${same ? 'same   ' : 'DIFFERS'} ${name}: ${answer.failed ?? `${theirs?.length ?? 0} packages`}`)
    if (!same) console.log(JSON.stringify({ rez: theirs, fromRequests, fromRxt }, null, 1).slice(0, 4000))
  }
  rmSync(save, { recursive: true })
  console.log(`${Object.keys(answers).length} contexts, ${different} different`)
  return different === 0 ? 0 : 1
}

process.exitCode = await main()

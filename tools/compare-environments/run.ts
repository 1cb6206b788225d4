/**
 * Compares environments with those of an installed Rez, named by AIRTIGHT_REZ_PYTHON:
 *   tsx tools/compare-environments/run.ts            the cases in cases.ts, in a temporary repository
 *   tsx tools/compare-environments/run.ts STUDIO     the contexts in STUDIO/contexts.json over the repository STUDIO/rez
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare, rezVariables } from './compare.ts'
import { askRez, rezPython, toldRez } from './rez.ts'
import type { Asked } from './rez.ts'
import { compareShells, SHELLS } from './shells.ts'
import { writeCases } from './write-cases.ts'

/** Runs all contexts and prints one line for each that is not equal; answers how many are wrong. */
async function runAll(python: string, repository: string, contexts: Readonly<Record<string, Asked>>): Promise<number> {
  const answers = askRez(python, [repository], contexts)
  const counts = { scripts: 0, equal: 0, named: 0, wrong: 0, refused: 0 }
  let named = 0
  for (const [name, asked] of Object.entries(contexts)) {
    const answer = answers[name]
    if (answer === undefined) throw new Error(`no answer for ${name}`)
    if (answer.packages === undefined) {
      console.log(`${name}: ${answer.error ?? 'no packages'}`)
      // What Rez itself refuses to resolve, it gives no environment for.
      if (answer.error?.startsWith('not solved') === true) counts.refused += 1
      else counts.wrong += 1
      continue
    }
    const { verdict, differences, result } = await compare(asked, answer)
    counts[verdict] += 1
    const scripts =
      verdict === 'equal' ? compareShells(result, rezVariables(answer.environment ?? {}), toldRez(asked)) : []
    counts.scripts += verdict === 'equal' && scripts.length === 0 ? 1 : 0
    for (const line of scripts) console.log(`script ${name}: ${line}`)
    named += result.unevaluated.length
    if (verdict === 'equal') continue
    console.log(`${verdict} ${name}`)
    for (const line of differences) console.log(`    ${line}`)
    for (const item of result.unevaluated) console.log(`    line ${item.line}: ${item.code}  [${item.reason}]`)
  }
  console.log(
    `${counts.equal} equal, ${counts.named} differ and say so, ${counts.wrong} wrong, ${counts.refused} without answer because Rez does not resolve them; ${named} statements named`,
  )
  console.log(
    `${counts.scripts} scripts of ${counts.equal} equal environments give the same in ${SHELLS.join(' and ')}`,
  )
  return counts.wrong + counts.equal - counts.scripts
}

function studioContexts(studio: string): Record<string, Asked> {
  const text: unknown = JSON.parse(readFileSync(join(studio, 'contexts.json'), 'utf8'))
  const contexts = text as Record<string, { readonly packages: readonly string[] }>
  return Object.fromEntries(
    Object.entries(contexts).map(([name, { packages }]) => [
      name,
      { requests: packages.map((item) => item.replace(/-/, '==')), parent: {} },
    ]),
  )
}

async function main(): Promise<number> {
  const python = rezPython()
  if (python === null) {
    console.log('AIRTIGHT_REZ_PYTHON names no Python with Rez: nothing was compared')
    return 0
  }
  const studio = process.argv[2]
  if (studio !== undefined) return runAll(python, join(studio, 'rez'), studioContexts(studio))
  const repository = mkdtempSync(join(tmpdir(), 'environments-'))
  try {
    return await runAll(python, repository, writeCases(repository))
  } finally {
    rmSync(repository, { recursive: true })
  }
}

process.exitCode = (await main()) === 0 ? 0 : 1

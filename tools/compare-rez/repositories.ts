/**
 * Holds repository layouts, variants, payload roots, orders and .rxt files against Rez on generated studios:
 * `node --import tsx tools/compare-rez/repositories.ts [COUNT] [SEED]`. AIRTIGHT_REZ_PYTHON names a Python that has rez.
 * Exits 1 on a difference.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { compareContexts } from './compare-contexts.ts'
import { makeStudio } from './studios.ts'
import { rezPython } from './python.ts'
import type { Asked } from './compare-contexts.ts'

async function main(): Promise<number> {
  const python = rezPython()
  if (python === null) return 0
  const count = Number(process.argv[2] ?? 300)
  const seed = Number(process.argv[3] ?? 1)
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/studios-`))
  const contexts: Record<string, Asked> = {}
  for (let i = 0; i < count; i += 1) contexts[`studio${i}`] = makeStudio(`${folder}/${i}`, seed * 100_000 + i)
  const different = await compareContexts(python, contexts)
  if (different === 0) rmSync(folder, { recursive: true })
  else console.log(`the studios are kept in ${folder}`)
  return different === 0 ? 0 : 1
}

process.exitCode = await main()

/**
 * Holds the contexts of a studio against Rez:
 * `node --import tsx tools/compare-rez/contexts.ts REPOSITORY CONTEXTS.json`, where the JSON maps names to
 * `{"packages": ["NAME-VERSION", ...]}`. AIRTIGHT_REZ_PYTHON names a Python that has rez. Exits 1 on a difference.
 */
import { readFileSync, realpathSync } from 'node:fs'
import { compareContexts } from './compare-contexts.ts'
import { rezPython } from './python.ts'

async function main(): Promise<number> {
  const python = rezPython()
  if (python === null) return 0
  const [repository, list] = process.argv.slice(2)
  if (repository === undefined || list === undefined) throw new Error('REPOSITORY and CONTEXTS.json were expected')
  const given = JSON.parse(readFileSync(list, 'utf8')) as Record<string, { packages: string[] }>
  const repositories = [realpathSync(repository)]
  const exact = (id: string): string => id.replace(/^([^-]+)-/, '$1==')
  const contexts = Object.fromEntries(
    Object.entries(given).map(([name, { packages }]) => [name, { requests: packages.map(exact), repositories }]),
  )
  return (await compareContexts(python, contexts)) === 0 ? 0 : 1
}

process.exitCode = await main()

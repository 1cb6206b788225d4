/** The same environments as an installed Rez, for one package per feature. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compare } from '../../../tools/compare-environments/compare.ts'
import { askRez, rezPython } from '../../../tools/compare-environments/rez.ts'
import { writeCases } from '../../../tools/compare-environments/write-cases.ts'

it('makes the environments that Rez makes', async () => {
  const python = rezPython()
  if (python === null) {
    console.log('SKIPPED: environments were not held against Rez: AIRTIGHT_REZ_PYTHON names no Python that has it')
    return
  }
  const repository = mkdtempSync(join(tmpdir(), 'environments-'))
  try {
    const contexts = writeCases(repository)
    const answers = askRez(python, [repository], contexts)
    const wrong: string[] = []
    let equal = 0
    for (const [name, asked] of Object.entries(contexts)) {
      const answer = answers[name]
      if (answer?.packages === undefined) {
        wrong.push(`${name}: ${answer?.error ?? 'no answer'}`)
        continue
      }
      const { verdict, differences } = await compare(asked, answer)
      if (verdict === 'wrong') wrong.push(`${name}: ${differences.join('; ')}`)
      if (verdict === 'equal') equal += 1
    }
    expect(wrong).toEqual([])
    expect(equal).toBeGreaterThan(100)
  } finally {
    rmSync(repository, { recursive: true })
  }
})

/** The gate on layers: it sees every file, passes what is there, and catches what must not be. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REPOSITORY, repositoryFiles } from './repository.ts'

/** The gate must look at more than this; a compiler that it does not know makes it see nothing. */
const FEWEST_MODULES = 40

const PLANTED: readonly [what: string, file: string, imported: string, rule: string][] = [
  ['a lower layer', 'src/domain/bytes.ts', '../report/planted.ts', 'domain-imports-upwards-only'],
  ['a neighbour', 'src/elf/planted.ts', '../rez/planted.ts', 'elf-imports-upwards-only'],
  ['the command line', 'src/rules/planted.ts', '../cli/planted.ts', 'rules-imports-upwards-only'],
  ['a package in the domain', 'src/domain/fault.ts', 'yaml', 'domain-stands-alone'],
  ['the disk', 'src/loader/planted.ts', 'node:fs', 'machine-at-the-edge'],
  ['a test', 'src/app/planted.ts', '../../test/planted.ts', 'no-tests-in-production'],
  ['a package for development only', 'src/tree/planted.ts', 'fast-check', 'no-development-packages'],
  ['a circle', 'src/graph/planted.ts', './circle.ts', 'no-circular'],
  ['a file that is not there', 'src/policy/planted.ts', './absent.ts', 'no-unresolved-import'],
]

let copy = ''

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'airtight-layers-'))
  for (const name of ['bin', 'src', '.dependency-cruiser.js', 'package.json', 'tsconfig.json']) {
    cpSync(join(REPOSITORY, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'))
  plant('test/planted.ts', 'export const planted = 1\n')
  plant('src/graph/circle.ts', "import './planted.ts'\n")
  for (const layer of ['report', 'rez', 'cli']) plant(`src/${layer}/planted.ts`, 'export const planted = 1\n')
  for (const [, file, imported] of PLANTED) plant(file, `import '${imported}'\n`)
})

afterAll(() => {
  rmSync(copy, { recursive: true, force: true })
})

describe('the gate on layers', () => {
  test('passes the source as it is, having seen every file', () => {
    const gate = check(REPOSITORY)
    expect(gate.errors).toEqual([])
    expect(gate.status).toBe(0)
    expect(gate.seen).toBe(repositoryFiles('src').filter((file) => /\.tsx?$/.test(file)).length)
    expect(gate.seen).toBeGreaterThan(FEWEST_MODULES)
  })

  test('catches every import planted where it must not be', () => {
    const gate = check(copy)
    expect(gate.status).toBe(1)
    const caught = PLANTED.filter(([, file, , rule]) => {
      // A circle may be named from either of its ends.
      const from = rule === 'no-circular' ? 'src/graph/' : file
      return gate.errors.some((line) => line.startsWith(`error ${rule}: ${from}`))
    })
    expect(caught).toEqual(PLANTED)
  })
})

function plant(file: string, text: string): void {
  mkdirSync(dirname(join(copy, file)), { recursive: true })
  appendFileSync(join(copy, file), text)
}

function check(folder: string): { status: number | null; errors: string[]; seen: number } {
  const gate = spawnSync(process.execPath, ['--import', 'tsx', 'tools/layers.ts', folder], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  })
  return {
    status: gate.status,
    errors: gate.stderr.split('\n').filter((line) => line.startsWith('error ')),
    seen: Number(/^(\d+) modules seen/m.exec(gate.stdout)?.[1] ?? 0),
  }
}

/** The samples are what their build script makes, and the script makes the same bytes every time. */
import { execFileSync, spawnSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REPOSITORY } from '../project/repository.ts'

const builds = ['gcc', 'ldconfig'].every((tool) => has(tool)) && process.platform === 'linux' && process.arch === 'x64'
const mayBuild = builds && process.getuid?.() === 0
if (!mayBuild) console.warn('SKIPPED: building the samples again needs gcc, ldconfig, root and Linux on x86-64')

describe.skipIf(!mayBuild)('tools/samples/build.sh', () => {
  let folder = ''
  let first: ReadonlyMap<string, string> = new Map()

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'airtight-samples-'))
    first = build('first')
  })

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('makes the same bytes twice', () => {
    expect(first.size).toBeGreaterThan(150)
    expect([...build('second')]).toEqual([...first])
  })

  test('makes every binary and link that is committed, and no other', () => {
    const committed = contents(join(REPOSITORY, 'samples'))
    const made = [...first.keys()]
    expect(made.filter((file) => !committed.has(file))).toEqual([])
    const binaries = [...committed].filter(
      ([, content]) => content.startsWith('\x7fELF') || content.startsWith('link '),
    )
    // The one link that is kept by hand beside the text that it leads to.
    const unmade = binaries
      .map(([file]) => file)
      .filter((file) => !first.has(file) && !file.endsWith('/etc/os-release'))
    expect(unmade).toEqual([])
  })

  function build(name: string): ReadonlyMap<string, string> {
    execFileSync(join(REPOSITORY, 'tools/samples/build.sh'), [join(folder, name)], { stdio: 'inherit' })
    return contents(join(folder, name))
  }
})

/** Files (their bytes as latin1) and links (`link TARGET`) below a folder, sorted by path. */
function contents(folder: string, below = ''): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const name of readdirSync(join(folder, below)).sort()) {
    const path = join(below, name)
    const status = lstatSync(join(folder, path))
    if (status.isSymbolicLink()) found.set(path, `link ${readlinkSync(join(folder, path))}`)
    else if (status.isFile()) found.set(path, readFileSync(join(folder, path), 'latin1'))
    else for (const [inner, content] of contents(folder, path)) found.set(inner, content)
  }
  return found
}

function has(tool: string): boolean {
  return spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined
}

/** The plugins of Rez with a real Rez: a release with a new error is refused, a clean one goes through. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildElf } from '../support/elf/build.ts'
import { INTERPRETER, systemFolder } from '../support/studio.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const PYTHON = process.env['AIRTIGHT_REZ_PYTHON'] ?? ''
if (PYTHON === '') console.error('SKIPPED: the plugins of Rez; AIRTIGHT_REZ_PYTHON names no Python that has Rez')

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'airtight-rez-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Release {
  readonly status: number | null
  readonly text: string
  readonly released: boolean
}

const CONFIGURATION = (settings: object): string => `
plugin_path = [${JSON.stringify(join(REPOSITORY, 'integrations/rez'))}]
release_hooks = ["airtight"]
local_packages_path = ${JSON.stringify(join(folder, 'local'))}
release_packages_path = ${JSON.stringify(join(folder, 'released'))}
packages_path = [local_packages_path, release_packages_path]
implicit_packages = []
plugins = {
    "release_hook": {"airtight": ${JSON.stringify(settings).replaceAll('true', 'True').replaceAll('false', 'False')}},
    "command": {"airtight": {"command": ["node", ${JSON.stringify(join(REPOSITORY, 'bin/airtight.js'))}]}},
}
`

function rez(args: readonly string[], at: string, settings: object): { status: number | null; text: string } {
  const config = join(folder, 'rezconfig.py')
  writeFileSync(config, CONFIGURATION(settings))
  const program = 'import sys; from rez.cli._main import run; sys.argv[0] = "rez"; run()'
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', program, ...args], {
    cwd: at,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, REZ_CONFIG_FILE: config },
  })
  return { status, text: stdout + stderr }
}

/** Releases a package that holds one program with these needs. */
function release(name: string, needs: readonly string[], settings: object = {}): Release {
  const source = join(folder, 'source', name)
  mkdirSync(join(source, 'files'), { recursive: true })
  mkdirSync(join(folder, 'released'), { recursive: true })
  writeFileSync(join(source, 'files', 'app'), buildElf({ type: 'exec', interpreter: INTERPRETER, needs: [...needs] }))
  writeFileSync(join(source, '.stub'), '')
  writeFileSync(
    join(source, 'package.py'),
    [
      `name = '${name}'`,
      "version = '1.0'",
      "build_command = 'mkdir -p {install_path}/bin && cp {root}/files/app {install_path}/bin/'",
      'def commands():',
      "    env.PATH.append('{root}/bin')",
      '',
    ].join('\n'),
  )
  const command = ['node', join(REPOSITORY, 'bin/airtight.js')]
  const run = rez(['release', '--vcs', 'stub'], source, { command, args: ['--base', systemFolder({})], ...settings })
  return { ...run, released: existsSync(join(folder, 'released', name, '1.0', 'package.py')) }
}

describe.skipIf(PYTHON === '')('rez release', () => {
  test('goes through when nothing is wrong', () => {
    const { status, text, released } = release('clean', ['libc.so.6'])
    expect([status, released], text).toEqual([0, true])
  })

  test('is refused when there is an error, and nothing is released', () => {
    const { status, text, released } = release('broken', ['libc.so.6', 'libnowhere.so.1'])
    expect([status, released], text).toEqual([1, false])
    expect(text).toMatch(/error {2}RES001 lib-missing {2}libnowhere\.so\.1/)
    expect(text).toContain('airtight lint found what is not to be released')
  })

  test('goes on with a warning where that is set', () => {
    const { status, text, released } = release('warned', ['libnowhere.so.1'], { on_failure: 'warn' })
    expect([status, released], text).toEqual([0, true])
    expect(text).toContain('warning: airtight lint found')
  })

  test('is refused when airtight cannot be started', () => {
    const { status, text, released } = release('without', [], { command: ['/nowhere/airtight'] })
    expect([status, released], text).toEqual([1, false])
    expect(text).toContain('/nowhere/airtight cannot be started')
  })
})

describe.skipIf(PYTHON === '')('rez airtight', () => {
  test('passes everything on, and the repositories of Rez', () => {
    const explained = rez(['airtight', 'rules', 'HST002'], folder, {})
    expect(explained).toMatchObject({ status: 0, text: expect.stringContaining('HST002 host-leak') as string })
    const refused = rez(['airtight', 'audit', 'nowhere-1', '--host', 'none'], folder, {})
    expect(refused.status).toBe(2)
    expect(refused.text).toContain(join(folder, 'released'))
  })
})

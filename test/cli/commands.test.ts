/** Help, versions, the catalogue and bases, as users start them. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rules } from '../../src/rules/registry.ts'
import type { Run } from './airtight.ts'
import { airtight, inFolder, REPOSITORY } from './airtight.ts'

const COMMANDS = [
  'audit',
  'lint',
  'observe',
  'run',
  'closure',
  'why',
  'env',
  'base capture',
  'base check',
  'base diff',
  'base export',
  'base index',
  'base init',
  'base show',
  'policy show',
  'policy check',
  'repair',
  'repair verify',
  'repair check',
  'repair diff',
  'repair apply',
  'repair script',
  'repair patch-package',
  'image apptainer',
  'image build',
  'image containerfile',
  'image export',
  'image plan',
  'rules',
  'report',
  'completion',
  'diff',
  'migrate',
]

describe('help', () => {
  test('lists every command, and no other', () => {
    const { status, stdout } = airtight(['--help'])
    expect(status).toBe(0)
    const listed = [...(stdout.split('Commands:\n')[1] ?? '').matchAll(/^ {2}(\S+(?: \S+)?) {2,}\S/gm)]
    expect(listed.map((match) => match[1])).toEqual(COMMANDS)
  })

  test('names every exit code that the README has', () => {
    const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8')
    const codes = [...readme.matchAll(/^\| (\d+) +\|/gm)].map(([, code = '']) => code)
    expect(codes).toContain('125')
    const [, said = ''] = airtight(['--help']).stdout.split('Exit codes: ')
    expect([...said.matchAll(/\d+/g)].map(([code]) => code)).toEqual(codes)
  })

  test.each(COMMANDS)('%s explains itself with an example', (name) => {
    const { status, stdout, stderr } = airtight([...name.split(' '), '--help'])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`Usage: airtight ${name}`)
    expect(stdout).toContain(`$ airtight ${name} `)
    for (const option of ['--output', '--quiet', '--no-color']) expect(stdout).toContain(option)
  })

  test('without a command it is a usage error', () => {
    const { status, stdout, stderr } = airtight([])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Commands:')
  })

  test.each([
    [['audti'], "unknown command 'audti'", 'did you mean audit?'],
    [
      ['base'],
      'base what?',
      'there are: base capture, base check, base diff, base export, base index, base init, base show',
    ],
    [
      ['base', 'idex'],
      "unknown command 'base idex'",
      'there are: base capture, base check, base diff, base export, base index, base init, base show',
    ],
    [['--hlep'], "unknown option '--hlep'", 'a command comes first: airtight --help'],
    [['rules', 'HST002', 'HST003'], "unexpected argument 'HST003'", 'airtight rules --help'],
    [['why', 'libz.so.1'], '--context is missing', 'airtight why --help'],
    [['toString'], "unknown command 'toString'", 'airtight --help'],
    [
      ['repair', 'check', 'docs'],
      `${REPOSITORY}/docs: holds no repairs of any context`,
      'airtight repair CONTEXT -o DIR',
    ],
  ])('%j is refused with a hint', (args, message, hint) => {
    const { status, stdout, stderr } = airtight(args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`error: ${message}`)
    expect(stderr).toContain(`hint: ${hint}`)
  })

  test('--version is that of the package', () => {
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string }
    expect(airtight(['--version']).stdout).toBe(`airtight ${version}\n`)
  })
})

describe('rules', () => {
  test('the catalogue has every rule of the code', () => {
    const { stdout } = airtight(['rules'])
    for (const rule of rules) expect(stdout).toMatch(new RegExp(`^${rule.id} +${rule.name} +${rule.severity} `, 'm'))
  })

  test.each(['HST002', 'hst002', 'host-leak'])('%s is explained', (name) => {
    const { status, stdout } = airtight(['rules', name])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^HST002 host-leak {2}error/)
    expect(stdout).toMatch(/^remedy {2}\S/m)
  })

  test('a misspelt rule is recognised', () => {
    const { status, stderr } = airtight(['rules', 'host-leek'])
    expect([status, stderr]).toEqual([2, "error: there is no rule 'host-leek'\nhint: did you mean host-leak?\n"])
  })

  test('json holds the same', () => {
    const data = JSON.parse(airtight(['rules', '--format', 'json']).stdout) as { rules: { id: string }[] }
    expect(data.rules.map((rule) => rule.id)).toEqual(rules.map((rule) => rule.id))
  })
})

describe('base', () => {
  test('init writes a declaration that audit accepts', () => {
    inFolder((folder) => {
      const file = join(folder, 'base.yaml')
      expect(airtight(['base', 'init', 'samples/rough_layout/base', '-o', file]).status).toBe(0)
      const shown = airtight(['base', 'show', file])
      expect(shown.status).toBe(0)
      expect(shown.stdout).toMatch(/^ {2}declared {2}debian-12$/m)
      expect(shown.stdout).toMatch(/provides .*zlib1g/)
    })
  })

  test('show tells what the loader sees', () => {
    const { status, stdout } = airtight(['base', 'show', 'samples/migration/host'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^ {2}loader +\S+, glibc 2\.17/m)
    expect(stdout).toContain('CentOS Linux 7')
    const data = JSON.parse(airtight(['base', 'show', 'samples/migration/host', '--format', 'json']).stdout) as object
    expect(data).toMatchObject({ schema: 'airtight/system/v1', declared: null, loaders: [{ version: '2.17' }] })
  })

  test.each(['/nowhere', 'package.json', 'docs'])('%s is refused', (source) => {
    for (const command of ['init', 'show']) {
      const { status, stdout, stderr } = airtight(['base', command, source])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^error: /)
    }
  })
})

describe('where it writes to and where it stands', () => {
  const whole = (command: string): Run => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command, join(REPOSITORY, 'bin/airtight.js')], {
      encoding: 'utf8',
      cwd: REPOSITORY,
    })
    return { status, stdout, stderr }
  }

  test('a stdout that is full', () => {
    expect(whole('node "$0" rules >/dev/full')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: cannot write to stdout (ENOSPC)\n',
    })
  })

  test('a stderr that is full leaves code and result', () => {
    const { status, stdout } = whole('node "$0" audit "" 2>/dev/full')
    expect([status, stdout]).toEqual([2, ''])
  })

  test('a reader that has read enough', () => {
    expect(whole('node "$0" rules --format json | head -c 1').stdout).toBe('{')
  })

  test.each([
    [['rules', '-o', ''], '--output is empty'],
    [['audit', ''], 'CONTEXT is empty'],
    [['repair', 'x==1', '--graft-from', ''], '--graft-from is empty'],
    [['repair', 'apply', 'samples', '--graft-from', ''], '--graft-from is empty'],
    [['audit', 'samples/rough_layout/contexts/rough_layout.rxt', '--host', ''], '--host is empty'],
    [['audit', 'x==1', '--repo', 'samples', '--repo', ''], '--repo is empty'],
  ])('%s does not mean the working folder', (args, message) => {
    const { status, stdout, stderr } = airtight(args)
    expect([status, stdout, stderr.split('\n')[0]]).toEqual([2, '', `error: ${message}`])
  })

  test('a working folder that was deleted', () => {
    const line = 'd=$(mktemp -d) && cd "$d" && rmdir "$d" && node "$0" audit x.rxt'
    const { status, stderr } = whole(line)
    expect(status).toBe(2)
    expect(stderr).toMatch(/^error: the working folder /)
  })
})

/** Completion scripts in the shells themselves; a shell that is not there is named. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { airtight, inFolder } from './airtight.ts'

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0
const script = (shell: string): string => airtight(['completion', shell]).stdout

/** What bash offers behind these words. */
function bash(words: readonly string[]): readonly string[] {
  return inFolder((folder) => {
    const file = join(folder, 'completion')
    writeFileSync(file, script('bash'))
    const program = `source ${file}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _airtight 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout } = spawnSync('bash', ['--norc', '-c', program, 'x', ...words], { encoding: 'utf8', cwd: folder })
    return stdout.split('\n').filter((line) => line !== '')
  })
}

/** What fish offers behind a line. */
function fish(line: string): readonly string[] {
  return inFolder((folder) => {
    const file = join(folder, 'completion.fish')
    writeFileSync(file, script('fish'))
    const { stdout } = spawnSync('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`], {
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    })
    return stdout
      .split('\n')
      .map((row) => row.split('\t')[0] ?? '')
      .filter((word) => word !== '')
  })
}

describe('bash', () => {
  test.skipIf(!has('bash'))('completes commands, their second words, options and values', () => {
    expect(bash(['airtight', 'au'])).toEqual(['audit'])
    expect(bash(['airtight', 'base', ''])).toEqual(expect.arrayContaining(['init', 'show']))
    expect(bash(['airtight', 'policy', 's'])).toEqual(['show'])
    expect(bash(['airtight', 'audit', '--bas'])).toEqual(['--base', '--baseline'])
    expect(bash(['airtight', 'audit', 'x.rxt', '--format', 'sa'])).toEqual(['sarif'])
    expect(bash(['airtight', 'lint', '--fail-on', ''])).toEqual(['error', 'warn', 'note', 'never'])
    expect(bash(['airtight', 'audit', 'compl'])).toEqual(['completion'])
  })
})

describe('zsh', () => {
  test.skipIf(!has('zsh'))('is read without an error', () => {
    inFolder((folder) => {
      const file = join(folder, '_airtight')
      writeFileSync(file, script('zsh'))
      const program = `autoload -Uz compinit; compinit -u -D; source ${file}; (( $+_comps[airtight] )) && print known`
      const run = spawnSync('zsh', ['-f', '-c', program], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', HOME: folder },
      })
      expect([run.stdout, run.stderr]).toEqual(['known\n', ''])
    })
  })
})

describe('fish', () => {
  test.skipIf(!has('fish'))('completes commands, their second words, options and values', () => {
    expect(fish('airtight au')).toContain('audit')
    expect(fish('airtight base ')).toEqual(expect.arrayContaining(['init', 'show']))
    expect(fish('airtight audit --basel')).toEqual(['--baseline'])
    expect(fish('airtight audit --format sa')).toEqual(['sarif'])
  })
})

test('shells that are not there are named', () => {
  const missing = ['bash', 'zsh', 'fish'].filter((shell) => !has(shell))
  if (missing.length > 0) console.error(`SKIPPED: completion is not tested in ${missing.join(', ')}: not installed`)
  expect(missing.length).toBeLessThanOrEqual(3)
})

test('another shell is refused', () => {
  expect(airtight(['completion', 'tcsh'])).toMatchObject({
    status: 2,
    stderr: "error: no completion for 'tcsh'\nhint: there are bash, zsh and fish\n",
  })
})

test('--explain is rules', () => {
  expect(airtight(['--explain', 'HST002']).stdout).toBe(airtight(['rules', 'HST002']).stdout)
})

test('a value that is none leads to the one that was meant', () => {
  expect(airtight(['audit', 'x.rxt', '--format', 'sarfi']).stderr).toContain('hint: did you mean sarif?')
})

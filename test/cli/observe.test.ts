/** `airtight observe`, as users start it: on real programs, where the machine has glibc and Perl. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ObservationDocument } from '../../src/report/observation.ts'
import { schemaErrors } from '../support/published-schema.ts'
import { inFolder, airtight, REPOSITORY, ROUGH_LAYOUT } from './airtight.ts'

const traced = spawnSync('perl', ['-MPOSIX', '-e', '1'], {
  env: { ...process.env, LD_DEBUG: 'libs' },
  encoding: 'utf8',
})
const canTrace = traced.status === 0 && traced.stderr.includes('calling init')
if (!canTrace) console.warn('SKIPPED: observing real programs needs Perl and the loader of glibc')

const [CONTEXT = '', ...SYSTEMS] = ROUGH_LAYOUT

describe.skipIf(!canTrace)('a command', () => {
  test('loads what its own map of memory shows, and keeps stdout and exit code', () => {
    inFolder((folder) => {
      const script = 'open F, "/proc/self/maps"; print grep { m{\\.so} } <F>; exit 7'
      const file = join(folder, 'seen.json')
      const run = airtight([
        'observe',
        '--format',
        'json',
        '-o',
        file,
        '--',
        'perl',
        '-MPOSIX',
        '-MSocket',
        '-e',
        script,
      ])
      expect(run.status).toBe(7)
      expect(run.stderr).toBe('')
      const mapped = run.stdout.matchAll(/^\S+ r-x\S* .* (\/\S+)$/gm)
      const shown = new Set([...mapped].map(([, path = '']) => path).filter((path) => !/\/ld-[^/]*$/.test(path)))
      expect(shown.size).toBeGreaterThan(2)
      const document = JSON.parse(readFileSync(file, 'utf8')) as ObservationDocument
      expect(schemaErrors('observation', document)).toEqual([])
      expect(document).toMatchObject({ schema: 'airtight/observation/v1', exit: 7 })
      expect(document.processes).toHaveLength(1)
      const [seen] = document.processes
      expect(seen?.program).toBe(realpathSync('/usr/bin/perl'))
      const files = (seen?.loads ?? []).flatMap((load) => (load.file === null ? [] : [realpathSync(load.file)]))
      expect(new Set(files)).toEqual(shown)
      expect(seen?.loads.filter((load) => load.opened === true).length).toBeGreaterThanOrEqual(2)
    })
  })

  test('is told with the programs that it starts, in its own process and in others', () => {
    inFolder((folder) => {
      const file = join(folder, 'seen.json')
      const script = 'perl -e 1; exec perl -MPOSIX -e 1'
      expect(airtight(['observe', '--format', 'json', '-o', file, '--', 'sh', '-c', script]).status).toBe(0)
      const { processes } = JSON.parse(readFileSync(file, 'utf8')) as ObservationDocument
      const perl = realpathSync('/usr/bin/perl')
      const shell = realpathSync('/bin/sh')
      const own = processes.find(({ program }) => program === shell)?.pid
      expect(processes.filter(({ pid }) => pid === own).map(({ program }) => program)).toEqual([shell, perl])
      expect(processes.filter(({ pid }) => pid !== own).map(({ program }) => program)).toEqual([perl])
    })
  })

  test('has its report on stderr', () => {
    const run = airtight(['observe', '--', 'perl', '-MPOSIX', '-e', 'print 5'])
    expect(run.stdout).toBe('5')
    expect(run.stderr).toMatch(/^\/\S*perl.* {2}pid \d+/)
    expect(run.stderr).toContain('1 program loaded')
  })

  test('gets stdin', () => {
    expect(airtight(['observe', '-o', '/dev/null', '--', 'cat'], { input: 'as it is\n' }).stdout).toBe('as it is\n')
  })

  test('gets arguments untouched, those of airtight among them', () => {
    const run = airtight(['observe', '-o', '/dev/null', '--', 'printf', '%s|', '--', '--format', ' x ', ''])
    expect(run.stdout).toBe('--|--format| x ||')
  })

  test('that dies of a signal gives its number as shells do', () => {
    expect(airtight(['observe', '--', 'sh', '-c', 'kill -TERM $$']).status).toBe(143)
  })

  test('gets the signals that are sent to airtight', async () => {
    const script = 'trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done'
    const child = spawn(process.execPath, [join(REPOSITORY, 'bin/airtight.js'), 'observe', '--', 'sh', '-c', script])
    child.stdout.once('data', () => child.kill('SIGTERM'))
    const code = await new Promise((resolve) => child.once('exit', (status) => resolve(status)))
    expect(code).toBe(5)
  })

  test('that leaves no trace is explained', () => {
    const run = airtight(['observe', '--', '/bin/sh', '-c', ':'])
    expect(run.stderr).not.toContain('left no trace')
    inFolder((folder) => {
      const script = join(folder, 'no-such')
      writeFileSync(script, '#!/bin/cat\n')
      expect(airtight(['observe', '--', script]).status).toBe(126)
    })
  })
})

describe('failures of our own', () => {
  test('a command that is not there', () => {
    const run = airtight(['observe', '--', 'no-such-command'])
    expect(run).toMatchObject({ status: 127, stdout: '', stderr: 'error: no-such-command: command not found\n' })
  })

  test('are 125 beside a command, and it is not started', () => {
    inFolder((folder) => {
      const mark = join(folder, 'mark')
      const touch = ['--', 'touch', mark]
      expect(airtight(['observe', '--']).status).toBe(125)
      expect(airtight(['observe', '--nonsense', ...touch]).status).toBe(125)
      expect(airtight(['observe', '--format', 'xml', ...touch]).status).toBe(125)
      expect(airtight(['observe', '--log', 'x', ...touch]).status).toBe(125)
      const run = airtight(['observe', '--context', 'no-such.rxt', ...touch])
      expect(run.status).toBe(125)
      expect(run.stderr).toContain('no-such.rxt')
      expect(existsSync(mark)).toBe(false)
    })
  })

  test.each([
    [[], 'nothing is to be observed'],
    [['ls'], "'ls' is no option"],
    [['--log', 'no-such-log'], 'no-such-log: does not exist'],
    [['--log', 'package.json'], 'is no airtight/observation/v1'],
    [['--log', 'README.md'], 'README.md: holds no line of LD_DEBUG=files,libs'],
    [['--pid', '0'], "--pid is '0'"],
    [['--pid', '4194999'], 'there is no such process'],
    [['--pid', '1', '--log', 'x'], 'three questions'],
  ])('%j', (args, message) => {
    const run = airtight(['observe', ...args])
    expect(run.status).toBe(2)
    expect(run.stdout).toBe('')
    expect(run.stderr).toContain(message)
  })
})

test.skipIf(process.platform !== 'linux')('a process that runs, with its program and libraries', () => {
  const run = airtight(['observe', '--pid', String(process.pid), '--format', 'json'])
  expect(run.status).toBe(0)
  const document = JSON.parse(run.stdout) as ObservationDocument
  expect(schemaErrors('observation', document)).toEqual([])
  const { processes } = document
  expect(processes[0]).toMatchObject({ pid: process.pid, program: realpathSync(process.execPath), source: 'maps' })
})

describe('a log and a context', () => {
  const blender = join(REPOSITORY, 'samples/rough_layout/rez/blender/3.6.5/bin/blender')
  const line = (text: string): string => `       123:\t${text}\n`
  const log = [
    `file=libpotrace.so.0 [0];  needed by ${blender} [0]`,
    'find library=libpotrace.so.0 [0]; searching',
    ' search path=/home/me/lib\t\t(LD_LIBRARY_PATH)',
    '  trying file=/home/me/lib/libpotrace.so.0',
    'file=libpotrace.so.0 [0];  generating link map',
    `transferring control: ${blender}`,
    `file=/usr/lib/x86_64-linux-gnu/plugin.so [0];  dynamically loaded by ${blender} [0]`,
    'file=/usr/lib/x86_64-linux-gnu/plugin.so [0];  generating link map',
  ]
    .map(line)
    .join('')
  const verdicts = (text: string): readonly string[] =>
    (JSON.parse(text) as { readonly findings: readonly { readonly rule: string; readonly subject: string }[] }).findings
      .filter(({ rule }) => rule.startsWith('OBS'))
      .map(({ rule, subject }) => `${rule} ${subject}`)

  test('differences are findings, of observe and of audit', () => {
    const seen = airtight(['observe', '--log', '-', '--context', CONTEXT, ...SYSTEMS, '--format', 'json'], {
      input: log,
    })
    expect(seen.status).toBe(0)
    expect(schemaErrors('observation', JSON.parse(seen.stdout))).toEqual([])
    expect(verdicts(seen.stdout)).toEqual(['OBS001 plugin.so', 'OBS002 libpotrace.so.0'])
    const audited = airtight(['audit', CONTEXT, ...SYSTEMS, '--observed', '-', '--format', 'json'], { input: log })
    expect(audited.status).toBe(1)
    expect(verdicts(audited.stdout)).toEqual(['OBS001 plugin.so', 'OBS002 libpotrace.so.0'])
  })

  test('a saved observation is a log again, and --fail-on decides', () => {
    const first = airtight(['observe', '--log', '-', '--format', 'json'], { input: log })
    const again = airtight(['observe', '--log', '-', '--context', CONTEXT, ...SYSTEMS, '--fail-on', 'warn', '--all'], {
      input: first.stdout,
    })
    expect(again.status).toBe(1)
    expect(again.stdout).toContain('OBS002 observed-elsewhere  libpotrace.so.0  blender-3.6.5')
    expect(again.stdout).toContain('0 of 2 requests by objects of packages went where the audit says')
  })

  test('a world that is not there is said', () => {
    const run = airtight(['observe', '--log', '-', '--context', CONTEXT, '--host', 'none', '--world', 'host'], {
      input: log,
    })
    expect(run.status).toBe(2)
    expect(run.stderr).toContain('held against the host, and there is none')
  })
})

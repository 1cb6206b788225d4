/** `airtight run`, as users start it: really under bubblewrap where that works, else its command lines. */
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFolder } from '../support/system/folder.ts'
import { airtight, inFolder, REPOSITORY } from './airtight.ts'

const bwrap = spawnSync('bwrap', ['--ro-bind', '/', '/', 'true']).status === 0
if (!bwrap) console.warn('SKIPPED: starting programs needs bubblewrap and user namespaces')

/** A package with a script, an alias and a variable. */
function repository(): string {
  return makeFolder({
    'greet/1.0/package.py': `name = 'greet'
version = '1.0'
tools = ['greet']
def commands():
    env.PATH.append('{root}/bin')
    env.GREETING = 'hello'
    alias('wave', 'echo waves')
`,
    'greet/1.0/bin/greet': '#!/bin/sh\necho "$GREETING $*"\n',
  })
}

describe.skipIf(!bwrap)('a context over a root, here that of the machine', () => {
  const start = (folder: string, ...words: readonly string[]): ReturnType<typeof airtight> =>
    airtight(['run', 'greet', '--repo', folder, '--base', '/', '--policy', 'none', '--engine', 'bwrap', ...words], {
      env: { HOME: process.env['HOME'] ?? '/', REZ_PACKAGES_PATH: '', LEAK: 'no' },
      input: 'from stdin',
    })

  test('its commands, aliases and variables are there, and none of the caller', () => {
    const folder = repository()
    expect(start(folder, '--', 'greet', 'a  b', '--help')).toMatchObject({ status: 0, stdout: 'hello a  b --help\n' })
    expect(start(folder, '--', 'wave', 'x y').stdout).toBe('waves x y\n')
    expect(start(folder, '-c', 'echo "$GREETING ${LEAK-none}"; exit 3')).toMatchObject({
      status: 3,
      stdout: 'hello none\n',
    })
    expect(start(folder, '--env', 'LEAK', '-c', 'echo $LEAK').stdout).toBe('no\n')
  })

  test('stdin, exit codes and a command that is not there', () => {
    const folder = repository()
    expect(start(folder, '--', 'cat').stdout).toBe('from stdin')
    expect(start(folder, '--', 'no-such-command').status).toBe(127)
    expect(start(folder, '-c', 'kill -TERM $$').status).toBe(143)
  })

  test('packages are read-only, mounts are where they are wanted', () => {
    const folder = repository()
    const asset = makeFolder({ 'a.txt': 'asset' })
    expect(start(folder, '--', 'touch', join(folder, 'greet/1.0/x')).status).not.toBe(0)
    expect(start(folder, '--mount', `${asset}:/assets/here:ro`, '--', 'cat', '/assets/here/a.txt').stdout).toBe('asset')
  })

  test('the trace of the loader inside is one that observe takes', () => {
    inFolder((trace) => {
      expect(start(repository(), '--trace', join(trace, 't'), '-c', 'exec cat').status).toBe(0)
      const seen = airtight(['observe', '--log', join(trace, 't')])
      expect(seen.status).toBe(0)
      expect(seen.stdout).toContain('libc.so')
    })
  })

  test('signals reach the command', async () => {
    const folder = repository()
    const script = 'trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done'
    const args = [
      'run',
      'greet',
      '--repo',
      folder,
      '--base',
      '/',
      '--policy',
      'none',
      '--engine',
      'bwrap',
      '-c',
      script,
    ]
    const child = spawn(process.execPath, [join(REPOSITORY, 'bin/airtight.js'), ...args])
    child.stdout.once('data', () => child.kill('SIGTERM'))
    expect(await new Promise((resolve) => child.once('exit', (status) => resolve(status)))).toBe(5)
  })

  test('--dry-run prints a line that a shell runs', () => {
    const line = start(repository(), '--dry-run', '--', 'greet', "it's $HOME").stdout
    const run = spawnSync('sh', ['-c', line], { encoding: 'utf8' })
    expect(run.stdout).toBe("hello it's $HOME\n")
  })
})

describe('what cannot be started is told, with 125', () => {
  test.each([
    [[], 'IMAGE|CONTEXT is missing'],
    [['no/such/'], 'does not exist, and is no name of an image'],
    [['oci:no-such'], 'does not exist'],
    [['oci:src'], 'is no OCI layout'],
    [['src'], 'is neither an OCI layout nor a root folder'],
    [['package.json'], 'package.json: is no image; name an OCI layout, an archive, a SIF file or an unpacked root'],
    [['docker-archive:package.json'], 'docker-archive:package.json: is no image; name an OCI layout'],
    [['docker-archive:src'], 'docker-archive:src: is no file; name an archive, or oci:DIR'],
    [['image', '-c', 'a', '--', 'b'], 'two commands'],
    [['image', '--engine', 'lxc'], "--engine is 'lxc'"],
    [['image', '--x11'], 'DISPLAY is not set'],
    [['image', '--mount', 'relative'], 'is no mount'],
    [['image', '--mount', '/no/such/folder'], '/no/such/folder does not exist'],
    [['image', '--engine', 'bwrap'], 'bwrap starts only roots, layouts and archives'],
    [['no-such.rxt', '--base', '/'], 'no-such.rxt'],
    [['x', '--repo', 'samples', '--base', 'rocky-9'], 'rocky-9'],
  ])('%j', (args, message) => {
    const run = airtight(['run', '--policy', 'none', ...args])
    expect(run.status).toBe(125)
    expect(run.stdout).toBe('')
    expect(run.stderr).toContain(message)
    expect(run.stderr).not.toContain('fault of airtight')
  })
})

test('no engine at all: each is told with its reason', () => {
  const root = makeFolder({ 'usr/bin/x': 'x' })
  const run = airtight(['run', root, '--policy', 'none'], { env: { PATH: '/nonexistent' } })
  expect(run.status).toBe(125)
  expect(run.stderr).toContain('podman is not installed; docker starts only')
  expect(run.stderr).toContain('bwrap is not installed')
})

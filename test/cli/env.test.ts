/** `airtight env`, as users start it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from '../support/system/folder.ts'
import { airtight, inFolder } from './airtight.ts'

const CONTEXT = ['samples/rough_layout/contexts/rough_layout.rxt', '--host', 'none']

test('the script and the JSON give the same variables', () => {
  const json = airtight(['env', ...CONTEXT, '--format', 'json'])
  expect(json.status).toBe(0)
  const variables = JSON.parse(json.stdout) as Record<string, string>
  expect(variables['LD_LIBRARY_PATH']).toMatch(/^\//)
  const script = airtight(['env', ...CONTEXT, '--system-path', ''])
  expect(script.status).toBe(0)
  const stdio = ['pipe', 'pipe', 'pipe'] as const
  const run = spawnSync('/bin/sh', ['-c', `${script.stdout}exec /usr/bin/env -0`], {
    env: {},
    encoding: 'utf8',
    stdio: [...stdio],
  })
  const found = run.stdout.split('\0').map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)])
  const own = Object.fromEntries(found.filter(([name]) => name !== '' && name !== 'PWD' && name !== '_')) as unknown
  expect(own).toEqual(variables)
})

test('paths are relocated, and what was not evaluated is said', () => {
  const repository = makeFolder({})
  mkdirSync(join(repository, 'a/1/lib'), { recursive: true })
  const commands = `def commands():\n    import os\n    env.X = '{root}/lib'\n    env.Y = len(os.environ['HOME'])\n    env.Z = os.environ['HOME'] + '/z'\n`
  writeFileSync(join(repository, 'a/1/package.py'), `name = 'a'\nversion = '1'\n${commands}`)
  const args = ['env', 'a', '--repo', repository, '--host', 'none', '--relocate', `${repository}=/rez/`]
  const { status, stdout, stderr } = airtight(args)
  expect(status).toBe(0)
  expect(stdout).toContain('export X="/rez/a/1/lib"')
  expect(stdout).not.toContain(repository)
  expect(stderr).toContain("env.Y = len(os.environ['HOME'])")
  expect(stdout).toContain('export Z="${HOME}/z"')
  expect(stderr).toContain("a-1 lines 6, 7: Z refers to $HOME of the caller's shell")
})

test.each([
  [['--relocate', 'rez=/x'], "--relocate is 'rez=/x'"],
  [['--relocate', '/rez'], "--relocate is '/rez'"],
  [['--format', 'csh'], '--format'],
])('%j is refused', (args, message) => {
  const { status, stderr } = airtight(['env', ...CONTEXT, ...args])
  expect(status).toBe(2)
  expect(stderr).toContain(message)
})

test('--repairs gives the environment as repaired, in both formats', () => {
  inFolder((folder) => {
    const systems = ['--host', 'samples/rough_layout/host', '--base', 'samples/rough_layout/base.yaml']
    const context = ['samples/rough_layout/contexts/rough_layout.rxt', ...systems]
    const { status } = airtight(['repair', ...context, '-o', join(folder, 'repairs')])
    expect(status).toBe(0)
    const env = (...more: readonly string[]): string => airtight(['env', ...context, ...more]).stdout
    const repairs = ['--repairs', join(folder, 'repairs')]
    const json = JSON.parse(env('--format', 'json', ...repairs)) as Record<string, string>
    const shell = spawnSync('sh', ['-c', `${env(...repairs)}\nprintf %s "$LD_LIBRARY_PATH"`], { encoding: 'utf8' })
    expect(json['LD_LIBRARY_PATH']).toMatch(/:\/opt\/airtight\/graft\/lib$/)
    expect(shell.stdout).toBe(json['LD_LIBRARY_PATH'])
    expect(env()).not.toContain('graft')
  })
})

test('the list for an image holds the variables of the JSON', () => {
  const json = airtight(['env', ...CONTEXT, '--format', 'json'])
  const oci = airtight(['env', ...CONTEXT, '--format', 'oci', '--system-path', ''])
  expect(oci.status).toBe(0)
  const variables = Object.entries(JSON.parse(json.stdout) as Record<string, string>)
  expect(JSON.parse(oci.stdout)).toEqual(variables.map(([name, value]) => `${name}=${value}`).sort())
})

test('the policy says what the shell that starts the context has', () => {
  inFolder((folder) => {
    mkdirSync(join(folder, 'rez/a/1'), { recursive: true })
    const commands = `def commands():\n    import os\n    env.X = os.getenv('MAYA_LOCATION') or '/usr/autodesk/maya'\n    if env.SITE == 'LON':\n        env.Y = 'london'\n`
    writeFileSync(join(folder, 'rez/a/1/package.py'), `name = 'a'\nversion = '1'\n${commands}`)
    const args = ['env', 'a', '--repo', join(folder, 'rez'), '--host', 'none', '--format', 'json']
    const silent = airtight(args, { folder })
    expect(silent.stderr).toContain('$MAYA_LOCATION, $SITE: parent_environment of airtight.yaml can say it')
    const said = 'schema: airtight/policy/v1\nparent_environment: {SITE: LON, MAYA_LOCATION: null}\n'
    writeFileSync(join(folder, 'airtight.yaml'), said)
    const { stdout, stderr } = airtight(args, { folder })
    expect(JSON.parse(stdout)).toMatchObject({ X: '/usr/autodesk/maya', Y: 'london' })
    expect(stderr).not.toContain('evaluated')
  })
})

test('what a note brings to paste comes as lines: of env, of image plan, and of repair', () => {
  const folder = makeFolder({
    'rez/dcc/14/package.py': "name = 'dcc'\nversion = '14'\ndef commands():\n    env.PATH.append('/opt/dcc14/bin')\n",
    'base/bin/sh': '',
    'base/usr/lib/': null,
  })
  const context = ['dcc', '--repo', join(folder, 'rez'), '--host', 'none']
  const lines = '\npackages:\n  dcc:\n    payload: ["/opt/dcc{version}"]\n'
  expect(airtight(['env', ...context]).stderr).toContain(lines)
  const base = ['--base', join(folder, 'base')]
  expect(airtight(['image', 'plan', ...context, ...base]).stderr).toContain(lines)
  expect(airtight(['repair', ...context, ...base, '-o', join(folder, 'repairs')]).stdout).toContain(lines)
})

/** `airtight closure`, as users start it. */
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFolder } from '../support/system/folder.ts'
import { airtight, DIST, REPOSITORY } from './airtight.ts'

const PLACE = ['--root', 'samples/rough_layout/host', '--mount', 'samples/rough_layout/rez=/studio']
const BLENDER = '/studio/blender/3.6.5/bin/blender'

describe('formats', () => {
  test('tree shows files with how they were found', () => {
    const { status, stdout, stderr } = airtight(['closure', ...PLACE, BLENDER])
    expect(status).toBe(0)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^\/studio\/blender\/3\.6\.5\/bin\/blender\n[├└]/)
    expect(stdout).toMatch(/libpotrace\.so\.0 => \/(usr\/)?lib\/x86_64-linux-gnu\/libpotrace\.so\.0 \[cache\]/)
  })

  test('jsonl has one line for each file in the order of the arguments, then of the list', () => {
    const tiff = '/studio/tiff/4.5.1/lib/libtiff.so.6.0.1'
    const { stdout } = airtight(['closure', ...PLACE, '--format', 'jsonl', '--files', '-', BLENDER], {
      input: `${tiff}\n`,
    })
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { object: string; loaded: unknown[] })
    expect(lines.map((line) => line.object)).toEqual([BLENDER, tiff])
    expect(lines[1]?.loaded).toContainEqual(['libjbig.so.0', '/usr/local/lib/libjbig.so.0'])
  })

  test('list, jsonl and json agree on what is loaded', () => {
    const run = (format: string): string => airtight(['closure', ...PLACE, '--format', format, BLENDER]).stdout
    const line = JSON.parse(run('jsonl')) as { loaded: [string, string | null][] }
    interface Data {
      closures: { objects: { name: string; path: string | null }[]; trace: number[] }[]
    }
    const closure = (JSON.parse(run('json')) as Data).closures[0]
    const traced = closure?.trace.map((at) => [closure.objects[at]?.name, closure.objects[at]?.path])
    expect(traced).toEqual(line.loaded)
    const listed = line.loaded.map(
      ([name, path]) => `\t${name === path ? name : `${name} => ${path ?? 'not found'}`}\n`,
    )
    expect(run('list')).toBe(listed.join(''))
  })
})

describe('exit codes', () => {
  const alone = '/studio/openimageio/2.4.17/lib/libOpenImageIO.so.2.4.17'

  test('0 whatever is missing, 1 with --fail-on missing', () => {
    const run = airtight(['closure', ...PLACE, alone])
    expect(run.stdout).toContain('not found')
    expect(run.status).toBe(0)
    expect(airtight(['closure', ...PLACE, alone, '--fail-on', 'missing']).status).toBe(1)
    expect(airtight(['closure', ...PLACE, alone, '--format', 'jsonl', '--fail-on', 'missing']).status).toBe(1)
  })

  test('3 for a file that is not there; the others are answered', () => {
    for (const format of ['tree', 'list', 'json', 'jsonl']) {
      const { status, stdout, stderr } = airtight(['closure', ...PLACE, '--format', format, '/nowhere', BLENDER])
      expect(status).toBe(3)
      expect(stderr).toBe('error: /nowhere: no such file in samples/rough_layout/host\n')
      expect(stdout).toContain('libpotrace.so.0')
    }
  })

  test('3 for a folder', () => {
    const { status, stderr } = airtight(['closure', ...PLACE, '/studio'])
    expect([status, stderr]).toEqual([3, 'error: /studio: is a folder, a file is wanted\n'])
  })

  test('a pipe is told as what it is, and not waited for', () => {
    const pipe = join(makeFolder({}), 'pipe.so')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    const { status, stderr } = airtight(['closure', pipe])
    expect([status, stderr]).toEqual([3, `error: ${pipe}: is a device, pipe or socket, a file is wanted\n`])
  })

  test.each([
    ['no file', [], 'no file is named'],
    ['a root that is not there', ['--root', '/nowhere', 'x'], '/nowhere: does not exist'],
    ['a root that is a file', ['--root', 'package.json', 'x'], 'package.json: is no capture and no tar archive'],
    ['a mount without a place', ['--mount', 'samples', 'x'], "--mount 'samples' is not SRC=AT"],
    ['an unknown processor', ['--cpu', 'z80', 'x'], "--cpu: unknown processor 'z80'"],
    ['an unknown format', ['--format', 'xml', 'x'], "--format is 'xml'"],
    ['a list that is not there', ['--files', '/nowhere'], 'the list /nowhere does not exist'],
    ['a program that is not there', ['--in', '/nowhere', '/etc/passwd'], '/nowhere: no such file'],
  ])('2 for %s', (_, args, message) => {
    const { status, stdout, stderr } = airtight(['closure', ...args])
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(`error: ${message}`)
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
  })
})

test('a relative file starts in the working folder for / and at the top of another root', () => {
  const node = process.execPath
  const run = airtight(['closure', node.slice(1), '--format', 'jsonl'], { folder: '/' })
  expect(JSON.parse(run.stdout)).toMatchObject({ object: node })
  const inside = airtight(['closure', ...PLACE, BLENDER.slice(1), '--format', 'jsonl'])
  expect(JSON.parse(inside.stdout)).toMatchObject({ object: BLENDER })
})

test('a name with control characters reaches no terminal', () => {
  const { stderr } = airtight(['closure', '/tmp/\x1b[31mred'])
  expect(stderr).toBe('error: /tmp/\\x1b[31mred: no such file in /\n')
})

describe('pipes', () => {
  const many = `${BLENDER}\n`.repeat(4_000)

  test('a slow reader gets everything', () => {
    const command = `"${process.execPath}" bin/airtight.js closure ${PLACE.join(' ')} --files - --format jsonl`
    const script = `${command} | { sleep 0.3; cat; }`
    const { stdout } = spawnSync('sh', ['-c', script], {
      cwd: REPOSITORY,
      input: many,
      encoding: 'utf8',
      maxBuffer: 1e9,
    })
    expect(stdout.split('\n')).toHaveLength(4_001)
    expect(stdout.endsWith(']]}\n')).toBe(true)
  })

  test('a reader that has gone is no error', async () => {
    const args = ['bin/airtight.js', 'closure', ...PLACE, '--files', '-', '--format', 'jsonl']
    const child = spawn(process.execPath, args, { cwd: REPOSITORY })
    child.stdout.destroy()
    child.stdin.end(many)
    let stderr = ''
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
    const status = await new Promise((done) => child.on('close', done))
    expect([status, stderr]).toEqual([0, ''])
  })
})

/** Prints how often the code that holds each marker ran, for a run of the command line in this process. */
const COVERAGE = `
const { Session } = require('node:inspector')
const { readFileSync } = require('node:fs')
const [bundle, program, markers, ...args] = process.argv.slice(1)
const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
process.on('exit', () => session.post('Profiler.takePreciseCoverage', (_, { result }) => {
  const { functions } = result.find(({ url }) => url.endsWith('/main.js'))
  const ranges = functions.flatMap((one) => one.ranges)
  const code = readFileSync(bundle, 'latin1')
  const runs = (at) => {
    const around = ranges.filter((range) => range.startOffset <= at && at < range.endOffset)
    return around.sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset))[0]?.count ?? 0
  }
  const counts = markers.split(',').map((marker) => {
    let most = -1
    for (let at = code.indexOf(marker); at >= 0; at = code.indexOf(marker, at + 1)) most = Math.max(most, runs(at))
    return [marker, most]
  })
  process.stderr.write(JSON.stringify(Object.fromEntries(counts)))
}))
process.argv = [process.execPath, program, ...args]
require(program)
`

test('starting closure runs no library that it does not need', () => {
  const libraries = ['ZodError"', 'YAMLParseError', 'CommanderError', 'FORCE_HYPERLINK', 'graphlib']
  const markers = ['ld.so.cache', ...libraries].join(',')
  const program = join(REPOSITORY, 'bin/airtight.js')
  const args = ['-e', COVERAGE, join(DIST, 'main.js'), program, markers, 'closure', '/bin/sh']
  const { stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', env: {} })
  expect(status).toBe(0)
  const counts = JSON.parse(stderr) as Readonly<Record<string, number>>
  expect(counts['ld.so.cache']).toBeGreaterThan(0)
  // -1 would mean that the bundle has no such library any more: then its marker here is to be mended.
  expect(libraries.map((name) => [name, counts[name]])).toEqual(libraries.map((name) => [name, 0]))
})

/** `airtight image`, as users start it, on the samples. */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { readlinkSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startScript } from '../../src/image/start.ts'
import { buildElf } from '../support/elf/build.ts'
import { makeFolder } from '../support/system/folder.ts'
import { schemaErrors } from '../support/published-schema.ts'
import type { Run } from './airtight.ts'
import { airtight, REPOSITORY } from './airtight.ts'

const ROUGH = join(REPOSITORY, 'samples/rough_layout')
const CONTEXT = [join(ROUGH, 'contexts/rough_layout.rxt'), '--base', join(ROUGH, 'base.yaml')]
const QUIET = ['--host', join(ROUGH, 'host'), '--quiet']
const FINE = [
  join(REPOSITORY, 'samples/private_app/contexts/karst.rxt'),
  '--base',
  join(REPOSITORY, 'samples/private_app/base.yaml'),
  '--host',
  'none',
  '--quiet',
]

interface Manifest {
  readonly layers: readonly { readonly digest: string; readonly annotations: Readonly<Record<string, string>> }[]
  readonly config: { readonly digest: string }
  readonly annotations: Readonly<Record<string, string>>
}

function blob(layout: string, digest: string): unknown {
  return JSON.parse(readFileSync(join(layout, 'blobs/sha256', digest.replace('sha256:', '')), 'utf8'))
}

function manifestOf(layout: string): Manifest {
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
    readonly manifests: readonly { readonly digest: string }[]
  }
  return blob(layout, index.manifests[0]?.digest ?? '') as Manifest
}

/** The repairs of the sample, in a folder of their own. */
function repaired(folder: string): readonly string[] {
  const made = airtight(['repair', ...CONTEXT, ...QUIET, '-o', join(folder, 'repairs')])
  expect(made.status).toBe(0)
  return ['--repairs', join(folder, 'repairs')]
}

describe('image build', () => {
  test('a context with an error gives no image, and names the layer; --keep gives it all the same', () => {
    const folder = makeFolder({})
    const at = join(folder, 'image')
    const run = airtight(['image', 'build', ...CONTEXT, ...QUIET, '-o', at])
    expect(run.status).toBe(1)
    expect(run.stdout).toMatch(/^error RES001 in layer \d \(openexr-3\.1\.11 and 3 more\): tiff-4\.5\.1/m)
    expect(run.stdout).toContain(`nothing is at ${at}`)
    expect(readdirSync(folder)).toEqual([])
    const kept = airtight(['image', 'build', ...CONTEXT, ...QUIET, '-o', at, '--keep'])
    expect(kept.status).toBe(1)
    expect(existsSync(join(at, 'index.json'))).toBe(true)
    expect(
      airtight(['image', 'build', ...CONTEXT, ...QUIET, '-o', join(folder, 'b'), '--fail-on', 'never']).status,
    ).toBe(0)
  })

  test('with its repairs it is built, read back and clean; it holds audit, materials and plan', () => {
    const folder = makeFolder({})
    const at = join(folder, 'image')
    const args = [...CONTEXT, ...QUIET, ...repaired(folder), '--tag', 'studio/rough:1', '--label', 'team=layout']
    const run = airtight(['image', 'build', ...args, '-o', at, '--annotation', 'x=y'])
    expect([run.status, run.stderr]).toEqual([0, ''])
    expect(run.stdout).toContain('read back and audited: no finding fails it')
    const manifest = manifestOf(at)
    expect(manifest.annotations).toMatchObject({ x: 'y', 'org.opencontainers.image.title': 'rough' })
    const config = blob(at, manifest.config.digest) as { readonly config: unknown }
    expect(config.config).toMatchObject({ Entrypoint: ['/airtight'], Labels: { team: 'layout' } })
    const layers = manifest.layers.map(({ annotations }) => annotations['airtight.layer.class'])
    expect([layers[0], layers[1], layers.at(-1)]).toEqual(['base', 'os', 'environment'])
    const root = join(folder, 'root')
    expect(airtight(['image', 'build', ...args, '--format', 'folder', '-o', root]).status).toBe(0)
    for (const name of ['audit.json', 'sbom.cdx.json', 'plan.json', 'environment.sh']) {
      expect(readFileSync(join(root, 'etc/airtight', name), 'utf8').length).toBeGreaterThan(100)
    }
    expect(lstatSync(join(root, 'lib')).isSymbolicLink()).toBe(true)
    expect(existsSync(join(root, ROUGH, 'rez/tiff/4.5.1/package.py'))).toBe(true)
    const audit = JSON.parse(readFileSync(join(root, 'etc/airtight/audit.json'), 'utf8')) as {
      readonly summary: { readonly findings: Readonly<Record<string, number>> }
    }
    expect(audit.summary.findings).toMatchObject({ error: 0 })
  })

  test('the environment script of the image sets what repairs change', () => {
    const folder = makeFolder({})
    const args = [...CONTEXT, ...QUIET, ...repaired(folder)]
    const script = airtight(['env', ...args, '--system-path', '']).stdout
    const run = spawnSync('/bin/sh', ['-c', `${script}printf %s "$LD_LIBRARY_PATH"`], { env: {}, encoding: 'utf8' })
    expect(run.stdout).toContain('/opt/airtight/graft')
  })

  test('the same packages, copied in another order, give the same digests; one changed file changes one layer', () => {
    const folder = makeFolder({})
    const first = join(folder, 'a')
    cpSync(join(REPOSITORY, 'samples'), join(folder, 'samples'), {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    })
    const args = [
      join(folder, 'samples/private_app/contexts/karst.rxt'),
      '--base',
      join(folder, 'samples/private_app/base.yaml'),
      ...['--host', 'none', '--quiet', '--tag', 'karst:1'],
    ]
    const built = airtight(['image', 'build', ...args, '-o', first])
    expect([built.status, built.stderr]).toEqual([0, ''])
    shuffle(join(folder, 'samples'))
    const second = join(folder, 'b')
    expect(airtight(['image', 'build', ...args, '-o', second]).status).toBe(0)
    expect(readFileSync(join(second, 'index.json'))).toEqual(readFileSync(join(first, 'index.json')))
    const none = airtight(['image', 'plan', ...args, '--against', `oci:${first}:1`])
    expect(none.stdout).toContain('No new image is needed')

    const definition = join(packagesIn(join(folder, 'samples/private_app/rez'))[0] ?? '', 'package.py')
    writeFileSync(definition, `${readFileSync(definition, 'utf8')}# a comment\n`)
    utimesSync(definition, 1_600_000_000, 1_600_000_000)
    const third = join(folder, 'c')
    expect(airtight(['image', 'build', ...args, '-o', third]).status).toBe(0)
    const digests = (layout: string): readonly string[] => manifestOf(layout).layers.map(({ digest }) => digest)
    expect(digests(third).filter((digest) => !digests(first).includes(digest))).toHaveLength(1)
    const plan = airtight(['image', 'plan', ...args, '--against', `oci:${first}:1`])
    expect(plan.stdout).toMatch(/A new image is needed: 1 of \d layers differ/)
  })

  test('packages move with --relocate, and the image is judged where they stand then', () => {
    const folder = makeFolder({})
    const rez = join(REPOSITORY, 'samples/private_app/rez')
    const at = join(folder, 'root')
    const args = [...FINE, '--relocate', `${rez}=/rez`, '--format', 'folder', '-o', at]
    const run = airtight(['image', 'build', ...args])
    expect([run.status, run.stderr]).toEqual([0, ''])
    expect(readdirSync(join(at, 'rez'))).toContain('karst')
    const script = readFileSync(join(at, 'etc/airtight/environment.sh'), 'utf8')
    expect(script).toContain('/rez/karst')
    expect(script).not.toContain(REPOSITORY)
  })

  test('--slim leaves out the library that nothing loads, with its link, and says so', () => {
    const folder = makeFolder({})
    const copy = join(folder, 'app')
    cpSync(join(REPOSITORY, 'samples/private_app'), copy, { recursive: true, verbatimSymlinks: true })
    const lib = packagesIn(join(copy, 'rez')).map((item) => join(item, 'lib'))[0] ?? ''
    writeFileSync(join(lib, 'libspare.so.1'), buildElf({ soname: 'libspare.so.1' }))
    symlinkSync('libspare.so.1', join(lib, 'libspare.so'))
    const args = [join(copy, 'contexts/karst.rxt'), '--base', join(copy, 'base.yaml'), '--host', 'none', '--quiet']
    const build = (at: string, ...more: readonly string[]): Run =>
      airtight(['image', 'build', ...args, '--format', 'folder', '-o', at, '--report', 'json', ...more])
    const whole = join(folder, 'whole')
    const slim = join(folder, 'slim')
    const leftOut = (run: Run): readonly string[] => {
      expect(run.status).toBe(0)
      const report = JSON.parse(run.stdout) as { readonly left_out: readonly { readonly path: string }[] }
      expect(schemaErrors('image-build', report)).toEqual([])
      return report.left_out.map(({ path }) => path)
    }
    expect(leftOut(build(whole))).toEqual([])
    expect(leftOut(build(slim, '--slim'))).toContain(join(lib, 'libspare.so.1'))
    const has = (root: string, name: string): boolean =>
      lstatSync(join(root, lib, name), { throwIfNoEntry: false }) !== undefined
    expect(['libspare.so.1', 'libspare.so'].map((name) => [has(whole, name), has(slim, name)])).toEqual([
      [true, false],
      [true, false],
    ])
    expect(readdirSync(join(slim, lib)).length).toBeGreaterThan(0)
  })

  test('of several contexts AIRTIGHT_CONTEXT chooses one, the first is the default', () => {
    const folder = makeFolder({
      'rez/a/1/package.py': "name = 'a'\nversion = '1'\ndef commands():\n    env.WHO = 'first'\n",
      'rez/b/1/package.py': "name = 'b'\nversion = '1'\ndef commands():\n    env.WHO = 'second'\n",
      'base/bin/sh': 'no program',
      'base/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    })
    const packages = ['a', 'b'].map((name) => join(folder, 'rez', name, '1'))
    const at = join(folder, 'root')
    const args = [
      ...packages,
      '--repo',
      join(folder, 'rez'),
      '--base',
      join(folder, 'base'),
      '--host',
      'none',
      '--quiet',
    ]
    const run = airtight(['image', 'build', ...args, '--format', 'folder', '-o', at, '--keep'])
    expect([run.status, run.stderr]).toEqual([0, ''])
    // Read where it lies: no root is entered.
    const script = readFileSync(join(at, 'airtight'), 'utf8').replaceAll('/etc/airtight', join(at, 'etc/airtight'))
    const start = (context?: string): readonly [number | null, string] => {
      const env = context === undefined ? {} : { AIRTIGHT_CONTEXT: context }
      const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script, 'airtight', 'printenv', 'WHO'], { env })
      return [status, `${stdout.toString()}${stderr.toString()}`]
    }
    const names = readdirSync(join(at, 'etc/airtight/contexts')).map((name) => name.replace(/\.sh$/, ''))
    expect(names).toHaveLength(2)
    expect(start()).toEqual([0, 'first\n'])
    expect(names.map((name) => start(name))).toEqual([
      [0, 'first\n'],
      [0, 'second\n'],
    ])
    const [status, said] = start('nobody')
    expect(status).toBe(127)
    expect(said).toContain(`this image has no context 'nobody'; it has: ${names.join(' ')}`)
  })

  test.each([
    [[], '-o DEST is missing'],
    [['-o', 'x', '--base', '/'], '/: is the running machine'],
    [['-o', 'x', '--base', 'rocky-9'], 'rocky-9: has no files to begin an image with'],
    [['-o', 'x', '--tag', 'Bad Name'], "--tag is 'Bad Name'"],
    [['-o', 'x', '--label', 'none'], "--label is 'none'"],
    [['-o', 'x', '--layers', '3'], "--layers is '3'"],
    [['-o', 'x', '--format', 'folder', '--compress', 'gzip'], '--compress says how layers are packed'],
    [['-o', 'README.md/x'], 'cannot be written'],
  ])('%j is refused in one line', (args, message) => {
    const run = airtight(['image', 'build', ...FINE, ...args])
    expect(run.status).toBe(2)
    expect(run.stderr).toContain(message)
  })
})

describe('image plan', () => {
  test('json holds the plan, and is taken as an earlier one', () => {
    const folder = makeFolder({})
    const file = join(folder, 'plan.json')
    expect(airtight(['image', 'plan', ...FINE, '--format', 'json', '-o', file]).status).toBe(0)
    expect(schemaErrors('image-plan-report', JSON.parse(readFileSync(file, 'utf8')))).toEqual([])
    const since = airtight(['image', 'plan', ...FINE, '--against', file, '--format', 'json'])
    expect(schemaErrors('image-plan-report', JSON.parse(since.stdout))).toEqual([])
    expect(airtight(['image', 'plan', ...FINE, '--against', file]).stdout).toContain('No new image is needed')
    const other = airtight(['image', 'plan', ...FINE, '--against', join(REPOSITORY, 'package.json')])
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('is no plan of an image')])
  })

  test('without a base there is nothing to plan', () => {
    const run = airtight(['image', 'plan', FINE[0] ?? '', '--policy', 'none', '--host', 'none'])
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('an image begins with a base')])
  })
})

describe('image export', () => {
  test('gives a root and a start script, and touches no folder that holds something', () => {
    const folder = makeFolder({})
    const at = join(folder, 'karst')
    expect(airtight(['image', 'export', ...FINE, '-o', at]).status).toBe(0)
    expect(readdirSync(at).sort()).toEqual(['root', 'start'])
    expect(spawnSync('/bin/sh', ['-n', join(at, 'start')]).status).toBe(0)
    const again = airtight(['image', 'export', ...FINE, '-o', at])
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('is a folder with things in it')])
    expect(readdirSync(folder)).toEqual(['karst'])
  })

  const bwrap = spawnSync('bwrap', ['--ro-bind', '/', '/', 'true'], { stdio: 'ignore' }).status === 0

  test.skipIf(!bwrap)('start runs in the root alone, with the home folder and the exit code (needs bwrap)', () => {
    const folder = makeFolder({ 'root/airtight': '#!/bin/sh\nexec "$@"\n', 'home/note': 'mine' })
    shellInto(join(folder, 'root'))
    writeFileSync(join(folder, 'start'), startScript(), { mode: 0o755 })
    const script = 'pwd; read -r line <note; echo "$line"; for f in /*; do printf "%s " "$f"; done; exit 7'
    const home = join(folder, 'home')
    const run = spawnSync(join(folder, 'start'), ['/bin/sh', '-c', script], {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, SECRET: 'x' },
      encoding: 'utf8',
    })
    expect([run.status, run.stderr]).toEqual([7, ''])
    expect(run.stdout.split('\n').slice(0, 2)).toEqual([home, 'mine'])
    expect(run.stdout).not.toContain('/boot')
  })

  test.skipIf(!bwrap || REPOSITORY.startsWith('/tmp/'))(
    'start makes the home folder in a folder of the image that holds other things (needs bwrap)',
    () => {
      const above = `/${REPOSITORY.split('/')[1] ?? ''}`
      const folder = makeFolder({
        'root/airtight': '#!/bin/sh\nexec "$@"\n',
        [`root${above}/mine/file`]: 'of the image\n',
      })
      shellInto(join(folder, 'root'))
      writeFileSync(join(folder, 'start'), startScript(), { mode: 0o755 })
      const script = `pwd; read -r line <${above}/mine/file; echo "$line"`
      const run = spawnSync(join(folder, 'start'), ['/bin/sh', '-c', script], {
        cwd: REPOSITORY,
        env: { PATH: process.env['PATH'], HOME: REPOSITORY },
        encoding: 'utf8',
      })
      expect([run.status, run.stderr, run.stdout]).toEqual([0, '', `${REPOSITORY}\nof the image\n`])
    },
  )
})

/** A shell of this machine with what it loads. */
function shellInto(root: string): void {
  mkdirSync(join(root, 'bin'), { recursive: true })
  copyFileSync('/bin/sh', join(root, 'bin/sh'))
  const loaded = spawnSync('ldd', ['/bin/sh'], { encoding: 'utf8' }).stdout.match(/\/\S+/g) ?? []
  for (const file of loaded) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    copyFileSync(file, join(root, file))
    chmodSync(join(root, file), 0o755)
  }
}

/** Writes every folder anew, names in reverse: a listing comes in another order, times stay. */
function shuffle(folder: string): void {
  const { mtimeMs } = lstatSync(folder)
  for (const name of readdirSync(folder).sort().reverse()) {
    const path = join(folder, name)
    const stats = lstatSync(path)
    if (stats.isDirectory()) shuffle(path)
    if (stats.isSymbolicLink()) {
      const target = readlinkSync(path)
      renameSync(path, `${path}.old`)
      symlinkSync(target, `${path}.new`)
      renameSync(`${path}.new`, path)
      spawnSync('rm', [`${path}.old`])
      spawnSync('touch', ['-h', '-d', `@${stats.mtimeMs / 1000}`, path])
    } else {
      renameSync(path, `${path}.new`)
      renameSync(`${path}.new`, path)
    }
  }
  utimesSync(folder, mtimeMs / 1000, mtimeMs / 1000)
}

/** Folders of versions in a repository. */
function packagesIn(repository: string): readonly string[] {
  return readdirSync(repository)
    .sort()
    .flatMap((name) => readdirSync(join(repository, name)).map((version) => join(repository, name, version)))
}

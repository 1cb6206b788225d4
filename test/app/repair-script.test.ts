/** `repair script` does in a root what `repair apply` does there, in every shell, and refuses the same. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { applyToRoot } from '../../src/app/repair-root.ts'
import { scriptFor } from '../../src/app/repair-script.ts'
import type { RepairFile } from '../../src/domain/repair.ts'
import { GRAFT_ROOT } from '../../src/repair/paths.ts'
import { repairsFolder } from '../support/repairs-folder.ts'
import { makeFolder } from '../support/system/folder.ts'

const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
const SHELLS = (
  [
    ['sh', []],
    ['dash', []],
    ['busybox', ['sh']],
  ] as const
).filter(([shell]) => has(shell))
const COMPILED = has('patchelf') && has('cc')
if (!COMPILED) process.stderr.write('SKIPPED: run paths in a repair script, for patchelf or cc is not installed\n')

const scratch = mkdtempSync(join(tmpdir(), 'airtight-script-'))
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
})
let count = 0
const fresh = (): string => join(scratch, String((count += 1)))

/** The one context there is, and nothing that is elsewhere than the lock says. */
const ALL = { context: null, graftRoot: GRAFT_ROOT, graftFrom: [], unpacking: null }

const digest = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')
const licence = { redistribution: 'review' } as const

const host = makeFolder({ 'usr/lib/libz.so.1.2': 'the library', lib: { link: 'usr/lib' }, 'usr/lib/it’s $x.so': 'odd' })
const root = makeFolder({
  'rez/tiff/4/lib/old.so': 'old',
  'rez/tiff/4/lib/libtiff.so.6.0': 'tiff',
  real: null,
  opt: { link: '/real' },
  'var/lib/dpkg/status':
    'Package: libx\nStatus: install ok installed\nVersion: 1:1.9-2\n\nPackage: liby\nStatus: deinstall ok config-files\n',
})
const places = { tiff: ['/rez/tiff/4'] }
const packages: Readonly<Record<string, RepairFile>> = {
  'packages/tiff/4.yaml': {
    kind: 'package',
    subject: { package: 'tiff', version: '4' },
    remove_files: { '{tiff}/lib/old.so': { reason: 'old', sha256: digest('old') } },
    symlinks: { '{tiff}/lib/libtiff.so.6': { target: 'libtiff.so.6.0' } },
  },
}
const context: Partial<RepairFile> = {
  grafts: {
    'libz.so.1': {
      source: { kind: 'host', path: '/lib/libz.so.1.2' },
      sha256: digest('the library'),
      dest: '{graft}/lib/libz.so.1.2',
      symlinks: { 'libz.so.1': 'libz.so.1.2' },
      visible_to: ['*'],
      licence,
    },
    'odd.so': {
      source: { kind: 'host', path: '/usr/lib/it’s $x.so' },
      sha256: digest('odd'),
      dest: "{graft}/lib/it’s '$(x).so",
      visible_to: ['*'],
      licence,
    },
  },
  symlinks: { '/usr/bin/python3': { target: '{tiff}/bin/python' } },
}

/** Everything below a folder: kind, mode, target or content of each name. */
function contents(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name)
      const stat = lstatSync(path)
      if (stat.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`
      return `${name} ${(stat.mode & 0o7777).toString(8)} ${stat.isFile() ? digest(readFileSync(path)) : ''}`
    })
}

function copyOf(folder: string): string {
  const copy = fresh()
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

function scriptOf(folder: string): string {
  const script = scriptFor({ folder, context: null, graftRoot: GRAFT_ROOT })
  if (typeof script !== 'string') throw new Error(script.map(({ message }) => message).join('; '))
  const file = `${fresh()}.sh`
  writeFileSync(file, script)
  return file
}

function run(shell: readonly [string, readonly string[]], file: string, at: string, ...more: readonly string[]) {
  const [command, args] = shell
  const given = [...args, file, '--root', at, ...more]
  return spawnSync(command, given, { encoding: 'utf8', env: { PATH: process.env['PATH'] } })
}

async function applied(folder: string): Promise<string> {
  const copy = copyOf(root)
  const result = await applyToRoot({ folder, root: copy, host, ...ALL })
  expect(result).toHaveProperty('changed')
  return copy
}

describe.each(SHELLS)('with %s %j', (...shell) => {
  it('makes the same root, byte for byte, and a second run changes nothing', async () => {
    const folder = repairsFolder({ context, packages, places, host })
    const wanted = contents(await applied(folder))
    const copy = copyOf(root)
    const script = scriptOf(folder)
    expect(run(shell, script, copy, '--host', host)).toMatchObject({ status: 0, stdout: '' })
    expect(contents(copy)).toEqual(wanted)
    expect(wanted).toContain('real/airtight/graft/lib/libz.so.1 -> libz.so.1.2')
    expect(run(shell, script, copy, '--host', host).status).toBe(0)
    expect(contents(copy)).toEqual(wanted)
  })

  const other = makeFolder({ 'usr/lib/libz.so.1.2': 'another one', 'usr/lib/it’s $x.so': 'odd' })
  it.each([
    ['a guard does not match', packages, context, { 'rez/tiff/4/lib/old.so': 'new' }, 'old.so is another file'],
    ['a link is in the way', packages, context, { 'usr/bin/python3': 'x' }, '/usr/bin/python3: something else'],
    [
      'a graft is in the way',
      packages,
      context,
      { 'real/airtight/graft/lib/libz.so.1.2': 'x' },
      'another file stands at',
    ],
    [
      'an OS package is too old',
      packages,
      { ...context, os_packages: { libx: { manager: 'dpkg', version: '>=1:1.10-1', provides: [] } } },
      {},
      'not installed in the root yet: libx',
    ],
    [
      'an OS package is missing',
      packages,
      { ...context, os_packages: { liby: { manager: 'dpkg', provides: [] } } },
      {},
      'not installed in the root yet: liby',
    ],
  ] as const)('touches nothing where %s', async (_, files, sections, changed, says) => {
    const folder = repairsFolder({ context: sections, packages: files, places, host })
    const copy = copyOf(root)
    for (const [path, text] of Object.entries(changed)) {
      cpSync(makeFolder({ [path]: text }), copy, { recursive: true })
    }
    const before = contents(copy)
    const { status, stderr } = run(shell, scriptOf(folder), copy, '--host', host)
    expect([status, contents(copy)]).toEqual([2, before])
    expect(stderr).toContain(says)
    expect(await applyToRoot({ folder, root: copy, host, ...ALL })).not.toHaveProperty('changed')
  })

  it('takes a source that is another one for what it is, and says which is missing', () => {
    const script = scriptOf(repairsFolder({ context, packages, places, host }))
    const copy = copyOf(root)
    const before = contents(copy)
    expect(run(shell, script, copy, '--host', other).stderr).toContain('/lib/libz.so.1.2 of host is not the file')
    expect(run(shell, script, copy).stderr).toContain('say where it lies with --host DIR')
    expect(run(shell, script, '/nowhere/at/all').stderr).toContain('/nowhere/at/all is no folder')
    expect(contents(copy)).toEqual(before)
  })

  it('says that a package is not in the root, where its run paths are to be set', async () => {
    const entry = { guard: { sha256: digest('x'), runpath: ['/old'] }, set: { tag: 'runpath' as const, value: ['/x'] } }
    const folder = repairsFolder({ context: { rpath: { '{tiff}/lib/gone.so': entry } }, packages, places, host })
    const says = '/rez/tiff/4/lib/gone.so is not in the root: its package is copied there first'
    expect(run(shell, scriptOf(folder), copyOf(root), '--host', host).stderr).toContain(says)
    const refused = await applyToRoot({ folder, root: copyOf(root), host, ...ALL })
    expect(JSON.stringify(refused)).toContain(says)
  })

  it('knows an OS package that is installed, and new enough where a version is asked for', () => {
    for (const version of ['9.9-1', '>=1:1.9-2', '>= 7.5-1']) {
      const libx = { manager: 'dpkg' as const, version, provides: [] }
      const script = scriptOf(repairsFolder({ context: { ...context, os_packages: { libx } }, packages, places, host }))
      expect([version, run(shell, script, copyOf(root), '--host', host).status]).toEqual([version, 0])
    }
  })

  it.skipIf(!COMPILED)('sets run paths, and leaves the root as it was where a step fails', async () => {
    const library = join(fresh(), 'x.so')
    cpSync(makeFolder({ 'x.c': 'int x;' }), join(library, '..'), { recursive: true })
    const cc = [
      '-shared',
      '-o',
      library,
      '-Wl,--enable-new-dtags',
      '-Wl,-rpath,/long/enough/to/stay/in/place',
      join(library, '../x.c'),
    ]
    expect(spawnSync('cc', cc).status).toBe(0)
    const bytes = readFileSync(library)
    const rpath: RepairFile['rpath'] = {
      '{tiff}/lib/x.so': {
        guard: { sha256: digest(bytes), runpath: ['/long/enough/to/stay/in/place'] },
        set: { tag: 'runpath', value: ['$ORIGIN/../private', '{tiff}/lib'] },
      },
    }
    const folder = repairsFolder({ context: { ...context, rpath }, packages, places, host })
    const start = copyOf(root)
    writeFileSync(join(start, 'rez/tiff/4/lib/x.so'), bytes)
    const [a, b] = [copyOf(start), copyOf(start)]
    expect(await applyToRoot({ folder, root: a, host, ...ALL })).toHaveProperty('changed')
    expect(run(shell, scriptOf(folder), b, '--host', host).status).toBe(0)
    expect(contents(b)).toEqual(contents(a))

    // A file of that digest that patchelf cannot change: the grafts before it are staged already.
    const text = { guard: { sha256: digest('tiff'), runpath: [] }, set: { tag: 'runpath' as const, value: ['/x'] } }
    const broken = { ...context, rpath: { '{tiff}/lib/libtiff.so.6.0': text } }
    const c = copyOf(root)
    const before = contents(c)
    const failed = run(shell, scriptOf(repairsFolder({ context: broken, packages, places, host })), c, '--host', host)
    expect(failed.status).not.toBe(0)
    expect(failed.stderr).toContain('nothing was changed')
    expect(contents(c)).toEqual(before)
    expect(existsSync(join(c, 'real/airtight'))).toBe(false)
  })
})

it('is no script where an entry can be done in no root', () => {
  const folder = repairsFolder({ context: { symlinks: { '{gone}/lib/x': { target: 'y' } } } })
  const result = scriptFor({ folder, context: null, graftRoot: GRAFT_ROOT })
  const messages = typeof result === 'string' ? [] : result.map(({ message }) => message)
  expect(messages).toEqual(['{gone}/lib/x: names a package whose place is not known'])
})

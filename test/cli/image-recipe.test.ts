/** `airtight image containerfile` and `image apptainer`: what engines are told makes the tree that `image build` writes. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fillFolder, makeFolder } from '../support/system/folder.ts'
import { REPOSITORY, airtight } from './airtight.ts'

const ROUGH = join(REPOSITORY, 'samples/rough_layout')
const CONTEXT = [
  join(ROUGH, 'contexts/rough_layout.rxt'),
  ...['--base', join(ROUGH, 'base.yaml'), '--host', join(ROUGH, 'host'), '--quiet'],
]

/** Each path with what it is; times and owners are the engine's. */
function listing(root: string): Readonly<Record<string, string>> {
  const out: Record<string, string> = {}
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(root, name)
    const status = lstatSync(path)
    const mode = (status.mode & 0o777).toString(8)
    if (status.isSymbolicLink()) out[name] = `link ${readlinkSync(path)}`
    else if (status.isDirectory()) out[name] = 'folder'
    else out[name] = `${mode} ${readFileSync(path).toString('base64').slice(0, 400)} ${status.size}`
  }
  return out
}

/** What the %setup of a definition makes of a copy of its base. */
function setUp(folder: string, base: string): string {
  const text = readFileSync(join(folder, 'apptainer.def'), 'utf8')
  const script = /\n%setup\n([\s\S]*?)\n\n%/.exec(text)?.[1] ?? ''
  const root = join(makeFolder({}), 'root')
  cpSync(base, root, { recursive: true, verbatimSymlinks: true })
  const run = spawnSync('/bin/sh', ['-c', script], { env: { PATH: process.env['PATH'] ?? '', APPTAINER_ROOTFS: root } })
  expect([run.status, run.stderr.toString()]).toEqual([0, ''])
  return root
}

/** Two variants, one of them in the context; a link on the way; repairs that change, add and remove. */
function studio(): { readonly folder: string; readonly args: readonly string[] } {
  const folder = makeFolder({
    'rez/tool/1.0/package.py': `
name = 'tool'
version = '1.0'
requires = []
variants = [['flavour-1'], ['flavour-2']]
def commands():
    env.PATH.append('{root}/bin')
    env.PYTHONPATH.append('{this.base}/shared python')
`,
    'rez/tool/1.0/flavour-1/bin/run': '#!/bin/sh\necho a\n',
    'rez/tool/1.0/flavour-1/lib/unwanted': 'wrong',
    'rez/tool/1.0/flavour-2/bin/run': '#!/bin/sh\necho b\n',
    'rez/tool/1.0/shared python/tool.py': 'x = 1\n',
    'rez/flavour/1/package.py': "name = 'flavour'\nversion = '1'\n",
    'rez/flavour/2/package.py': "name = 'flavour'\nversion = '2'\n",
    'rez/plain/2/package.py': "name = 'plain'\nversion = '2'\n",
    'rez/plain/2/data/a name with spaces': 'text',
    'rez/plain/2/data/link': { link: 'a name with spaces' },
    'base/bin/sh': 'no program',
    'base/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'base/usr/lib/': null,
  })
  const sha = spawnSync('sha256sum', [join(folder, 'rez/tool/1.0/flavour-1/lib/unwanted')])
    .stdout.toString()
    .slice(0, 64)
  const repairs = {
    'repairs/packages/tool/1.0/flavour-1.yaml': `schema: airtight/repair/v1
kind: package
subject: {package: tool, version: '1.0', variant: [flavour-1]}
remove_files:
  '{tool}/lib/unwanted': {sha256: ${sha}, reason: not wanted}
symlinks:
  '{tool}/bin/go': {target: run, because: its old name}
`,
  }
  fillFolder(folder, repairs)
  const args = ['tool', 'plain', 'flavour-1', '--repo', join(folder, 'rez'), '--base', join(folder, 'base')]
  return { folder, args: [...args, '--host', 'none', '--quiet', '--repairs', join(folder, 'repairs')] }
}

describe('image apptainer', () => {
  test('%setup makes the tree that image build writes: variants, links, removed files, names with spaces', () => {
    const { folder, args } = studio()
    const made = airtight(['image', 'apptainer', ...args, '-o', join(folder, 'recipe')])
    expect([made.stderr, made.status]).toEqual(['', 0])
    const built = airtight(['image', 'build', ...args, '--format', 'folder', '-o', join(folder, 'root'), '--keep'])
    expect(built.stderr).toBe('')
    const telling = /^etc\/airtight\/(?:audit|sbom\.cdx|plan)\.json$/
    const all = Object.entries(listing(join(folder, 'root')))
    const wanted = Object.fromEntries(all.filter(([name]) => !telling.test(name)))
    const found = listing(setUp(join(folder, 'recipe'), join(folder, 'base')))
    expect(found).toEqual(wanted)
    const inside = Object.keys(found).filter((name) => name.includes('/tool/1.0/'))
    expect(inside.some((name) => name.includes('flavour-2') || name.includes('unwanted'))).toBe(false)
    expect(inside.some((name) => name.endsWith('/flavour-1/bin/go'))).toBe(true)
  })

  test('a setuid file of an ordinary user is no setuid file of root, as image build has it', () => {
    const { folder, args } = studio()
    const tool = join(folder, 'rez/plain/2/data/tool')
    writeFileSync(tool, 'of a user')
    if (process.getuid?.() === 0) chownSync(tool, 4711, 4711)
    chmodSync(tool, 0o4755)
    expect(airtight(['image', 'apptainer', ...args, '-o', join(folder, 'recipe')]).status).toBe(0)
    const made = setUp(join(folder, 'recipe'), join(folder, 'base'))
    expect(lstatSync(join(made, tool)).mode & 0o7777).toBe(0o755)
  })

  test('grafts of the sample are unpacked, and the image of --from is what it begins with', () => {
    const folder = makeFolder({})
    const repairs = ['--repairs', join(folder, 'repairs')]
    expect(airtight(['repair', ...CONTEXT, '-o', join(folder, 'repairs')]).status).toBe(0)
    const recipe = join(folder, 'recipe')
    const args = ['image', 'apptainer', ...CONTEXT, ...repairs, '-o', recipe, '--from', 'registry.example:5000/el9:1']
    expect(airtight(args).status).toBe(0)
    const text = readFileSync(join(recipe, 'apptainer.def'), 'utf8')
    expect(text).toMatch(/^Bootstrap: docker\nFrom: registry\.example:5000\/el9:1\n/)
    const root = setUp(recipe, join(ROUGH, 'base'))
    expect(Object.keys(listing(root)).filter((name) => name.startsWith('opt/airtight/graft/'))).not.toEqual([])
  })
})

describe('image containerfile', () => {
  test('changed packages go through a stage of their own, others straight into the image', () => {
    const { folder, args } = studio()
    const recipe = join(folder, 'recipe')
    const run = airtight([
      'image',
      'containerfile',
      ...args,
      '-o',
      recipe,
      '--from',
      'debian:12',
      '--tag',
      'team/tool:3',
    ])
    expect([run.stderr, run.status, run.stdout]).toEqual(['', 0, `${join(recipe, 'Containerfile')}\n`])
    const text = readFileSync(join(recipe, 'Containerfile'), 'utf8')
    const [head = '', system = '', staged = '', final = ''] = text.split(/^(?=FROM )/m)
    expect(head).toContain(`#     --build-context packages1=${folder}/rez \\\n#     -t team/tool:3 ${recipe}`)
    expect(system).toBe('FROM debian:12 AS system\n\n')
    expect(staged).toContain('FROM system AS packages')
    expect(staged).toContain('/flavour-1/lib/unwanted')
    expect(staged).toContain('ADD packages.tar /')
    expect(staged).toContain('shared python/"')
    expect(final).toContain(`COPY --from=packages1 /plain/2/ ${folder}/rez/plain/2/\n`)
    expect(final).toContain(
      `COPY --from=packages ${folder}/rez/tool/1.0/flavour-1/ ${folder}/rez/tool/1.0/flavour-1/\n`,
    )
    expect(final).toContain('ENTRYPOINT ["/airtight"]')
    expect(text).not.toContain('flavour-2')
    expect(readdirSync(recipe).sort()).toEqual(['Containerfile', 'packages.tar', 'system.tar'])
  })

  test('the short link of a hashed variant lies beside what is copied, and goes straight into the image', () => {
    const hash = createHash('sha1').update("['flavour-1']").digest('hex')
    const definition = "name = 'tool'\nversion = '1'\nhashed_variants = True\nvariants = [['flavour-1']]\n"
    const folder = makeFolder({
      'rez/flavour/1/package.py': "name = 'flavour'\nversion = '1'\n",
      'rez/tool/1/package.py': definition,
      [`rez/tool/1/${hash}/bin/run`]: '#!/bin/sh\n',
      'rez/tool/1/_v/a': { link: `../${hash}` },
      'base/bin/sh': '',
      'base/usr/lib/': null,
    })
    const recipe = join(folder, 'recipe')
    const context = ['tool', '--repo', join(folder, 'rez'), '--host', 'none', '--base', join(folder, 'base'), '--quiet']
    const run = airtight(['image', 'containerfile', ...context, '--from', 'debian:12', '-o', recipe])
    expect([run.stderr, run.status]).toEqual(['', 0])
    expect(readFileSync(join(recipe, 'Containerfile'), 'utf8')).toContain(`COPY --from=packages1 /tool/1/${hash}/ `)
    expect(existsSync(join(recipe, 'packages.tar'))).toBe(false)
    const { stdout } = spawnSync('tar', ['-tvf', join(recipe, 'system.tar')], { encoding: 'utf8' })
    expect(stdout).toContain(`/rez/tool/1/_v/a -> ../${hash}\n`)
  })

  test('OS packages that repairs ask for are installed', () => {
    const { folder, args } = studio()
    fillFolder(folder, {
      'repairs/packages/plain/2.yaml': `schema: airtight/repair/v1
kind: package
subject: {package: plain, version: '2'}
os_packages:
  libfoo1: {manager: dpkg, provides: [libfoo.so.1]}
`,
    })
    const recipe = ['image', 'containerfile', ...args, '-o', join(folder, 'recipe'), '--from', 'debian:12']
    expect(airtight(recipe).stderr).toBe('')
    const text = readFileSync(join(folder, 'recipe/Containerfile'), 'utf8')
    expect(text).toMatch(/RUN apt-get update \\\n && apt-get install -y --no-install-recommends \\\n +libfoo1 \\\n/)
    writeFileSync(join(folder, 'base/etc/os-release'), 'ID=plan9\n')
    const unknown = airtight(recipe)
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      `error: ${join(folder, 'base')}: no package manager is known for 'plan9' to install libfoo1\n`,
    ])
  })

  test('wrong input is met with one line, and what is there stays', () => {
    const { folder, args } = studio()
    const recipe = join(folder, 'recipe')
    const stderr = (...more: readonly string[]): string => {
      const run = airtight(['image', 'containerfile', ...args, ...more])
      expect([run.status, run.stdout]).toEqual([2, ''])
      return run.stderr
    }
    expect(stderr()).toContain('-o FOLDER is missing')
    expect(stderr('-o', recipe)).toMatch(/base: is a folder, and a Containerfile begins with an image.*--from NAME\n$/)
    expect(stderr('-o', recipe, '--from', 'a b')).toContain('a b: is no name of an image')
    expect(stderr('-o', join(folder, 'rez'), '--from', 'x')).toContain('is a folder with other things in it')
    expect(stderr('-o', join(folder, 'base/bin/sh'), '--from', 'x')).toContain('is a file\nhint: name a folder')
    writeFileSync(join(folder, 'rez/tool/1.0/flavour-1/lib/unwanted'), 'another file')
    expect(stderr('-o', recipe, '--from', 'x')).toMatch(
      /packages\/tool\/1\.0\/flavour-1\.yaml: remove_files \{tool\}\/lib\/unwanted: another file stands at /,
    )
    writeFileSync(join(folder, 'rez/tool/1.0/flavour-1/lib/unwanted'), 'wrong')
    expect(existsSync(recipe)).toBe(false)
    fillFolder(folder, { 'rez/plain/2/data/[odd]*': null })
    expect(stderr('-o', recipe, '--from', 'x', '--relocate', `${folder}/rez=/new\nline`)).toContain(
      'a Containerfile cannot hold\nhint: use airtight image build',
    )
    expect(airtight(['image', 'containerfile', ...args, '-o', recipe, '--from', 'x']).status).toBe(0)
    expect(airtight(['image', 'containerfile', ...args, '-o', recipe, '--from', 'y']).status).toBe(0)
    expect(readFileSync(join(recipe, 'Containerfile'), 'utf8')).toContain('FROM y AS system')
    expect(readdirSync(folder).filter((name) => name.startsWith('.recipe'))).toEqual([])
  })
})

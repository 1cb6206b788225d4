/** Run paths of the sample with one package for each fault, from finding to verified repair. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildElf } from '../support/elf/build.ts'
import { INTERPRETER } from '../support/studio.ts'
import { makeFolder } from '../support/system/folder.ts'
import { REPOSITORY, airtight, inFolder } from './airtight.ts'

const SAMPLE = 'samples/many_faults'
const AUDIT = [
  ...['many_faults==1.0', 'kernels==2020.3', '--implicit', '~arch==x86_64', '--repo', `${SAMPLE}/rez`],
  ...['--host', `${SAMPLE}/host`, '--base', `${SAMPLE}/base.yaml`],
]

test('elements go, the rest stays with a reason, and a second run changes nothing', () => {
  inFolder((folder) => {
    const run = [...AUDIT, '--name', 'faults', '--all', '-o', folder]
    const first = airtight(['repair', ...run])
    expect(first.status).toBe(1)
    for (const file of ['render/bin/render', 'scatter/lib/libscatter.so.1', 'viewer/lib/libviewer.so.1']) {
      const [name = '', ...rest] = file.split('/')
      expect(first.stdout).toContain(`set run path of {${name}}/${rest.join('/')}`)
    }
    expect(first.stdout).toMatch(/left: warn RPH005 .*\n {8}not planned: which of the two is meant/)
    expect(first.stdout).toMatch(/left: warn RPH006 .*\n {8}not planned: whether the package is to be required/)
    expect(first.stdout).not.toMatch(/RPH00[1-4]|FIX00/)

    const wrangle = readFileSync(join(folder, 'packages/wrangle/1.0.yaml'), 'utf8')
    expect(wrangle).toContain('runpath: ["$ORIGIN/../lib", ""]')
    expect(wrangle).toContain('value: ["$ORIGIN/../lib"]')

    expect(airtight(['repair', ...run]).stderr).toContain('is up to date')
    expect(airtight(['repair', 'check', folder]).status).toBe(0)
    const audit = airtight(['audit', ...AUDIT, '--repairs', folder, '--all']).stdout
    expect(audit).toContain('RPH005')
    expect(audit).not.toMatch(/RPH00[1-4]|FIX00/)
  })
})

test('none is planned where run paths are forbidden, and later runs remember it', () => {
  inFolder((folder) => {
    const first = airtight(['repair', ...AUDIT, '--name', 'faults', '--never', 'rpath', '--all', '-o', folder])
    expect(first.stdout).not.toContain('set run path')
    expect(first.stdout).toMatch(/left: warn RPH001 .*\n {8}not planned: rpath of repair files are not to be planned/)
    expect(existsSync(join(folder, 'packages/render/1.0.yaml'))).toBe(false)
    expect(airtight(['repair', 'check', folder]).status).toBe(0)
    expect(airtight(['repair', 'diff', folder]).stdout).toBe('')
  })
})

test('a section that nobody can forbid is met with those that can', () => {
  const run = airtight(['repair', ...AUDIT, '--never', 'rpath,requires', '-o', 'nowhere'])
  expect(run.status).toBe(2)
  expect(run.stderr).toContain("--never names 'requires'")
  expect(run.stderr).toContain('use os_packages, grafts, rpath, symlinks, remove_files')
})

test('of a hashed variant, which Rez names by its short link, the run path is set and its folder put on the path', () => {
  const hash = createHash('sha1').update("['flav-1']").digest('hex')
  const tool = { type: 'exec', interpreter: INTERPRETER, needs: ['libown.so.1'], runpath: '/tmp/build/lib' } as const
  const folder = makeFolder({
    'rez/flav/1/package.py': "name = 'flav'\nversion = '1'\n",
    'rez/tool/1/package.py': `name = 'tool'
version = '1'
hashed_variants = True
variants = [['flav-1']]
def commands():
    env.PATH.append('{root}/bin')
`,
    [`rez/tool/1/${hash}/bin/tool`]: buildElf(tool),
    [`rez/tool/1/${hash}/lib/libown.so.1`]: buildElf({ soname: 'libown.so.1' }),
    'rez/tool/1/_v/a': { link: `../${hash}` },
  })
  const run = (...args: string[]) => airtight(args, { folder })
  const base = join(REPOSITORY, 'samples/rough_layout/base')
  const context = ['tool', '--repo', 'rez', '--host', 'none', '--base', base, '--implicit', '']
  const before = run('audit', ...context).stdout
  expect(before).toMatch(/RES001[^]*RPH001/)
  expect(before).toContain("env.LD_LIBRARY_PATH.append('{root}/lib') in commands() of tool-1")
  const made = run('repair', ...context, '--name', 'tool', '-o', 'repairs')
  expect(made.stdout).toContain('put on LD_LIBRARY_PATH: {tool}/lib')
  expect(made.stdout).toContain('set run path of {tool}/bin/tool')
  expect([made.status, readdirSync(join(folder, 'repairs/packages'))]).toEqual([0, ['tool']])
  const after = run('audit', ...context, '--repairs', 'repairs')
  expect([after.status, after.stdout]).toEqual([0, expect.not.stringMatching(/RES001|RPH001/)])
})

test('each variant of a package folder is checked and verified as the context that it was planned as', () => {
  const tool = { type: 'exec', interpreter: INTERPRETER, needs: ['libc.so.6'], runpath: '/tmp/build/lib' } as const
  const folder = makeFolder({
    'rez/flav/1/package.py': "name = 'flav'\nversion = '1'\n",
    'rez/flav/2/package.py': "name = 'flav'\nversion = '2'\n",
    'rez/tool/1/package.py': "name = 'tool'\nversion = '1'\nvariants = [['flav-1'], ['flav-2']]\n",
    'rez/tool/1/flav-1/bin/tool': buildElf(tool),
    'rez/tool/1/flav-2/bin/tool': buildElf(tool),
  })
  const run = (...args: string[]) => airtight(args, { folder })
  const base = join(REPOSITORY, 'samples/rough_layout/base')
  const systems = ['--repo', 'rez', '--host', 'none', '--base', base, '--implicit', '']
  expect(run('repair', 'rez/tool/1', ...systems, '-o', 'repairs').status).toBe(0)
  const checked = run('repair', 'check', 'repairs')
  expect([checked.status, checked.stderr]).toEqual([0, ''])
  const verified = run('repair', 'verify', 'repairs')
  expect([verified.status, verified.stdout]).toEqual([0, 'tool-1[0]: no error is left\ntool-1[1]: no error is left\n'])
})

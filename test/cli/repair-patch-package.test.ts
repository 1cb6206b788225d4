/** From findings to a changed package.py that has none left, as users do it. */
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fillFolder } from '../support/system/folder.ts'
import { airtight, inFolder, REPOSITORY } from './airtight.ts'

const PYTHON = process.env['AIRTIGHT_REZ_PYTHON']
if (PYTHON === undefined)
  process.stderr.write('AIRTIGHT_REZ_PYTHON is not set: real Rez does not load patched packages\n')

const LOAD = `
import sys
from rez.packages import get_package
package = get_package('openimageio', '2.4.17', [sys.argv[1]])
print(' '.join(str(item) for item in package.requires))
`

test('the requirements of repair files go into package.py, and the audit has none left', () => {
  inFolder((folder) => {
    cpSync(join(REPOSITORY, 'samples/rough_layout'), folder, { recursive: true, verbatimSymlinks: true })
    const context = ['contexts/rough_layout.rxt', '--host', 'host', '--base', 'base.yaml']
    const run = (...args: string[]) => airtight(args, { folder })
    const file = join(folder, 'rez/openimageio/2.4.17/package.py')
    const before = readFileSync(file, 'utf8')
    const wanted = before.replace("['openexr-3.1']", "['openexr-3.1', 'imath-3.1.9+<4', 'tiff-4.5.1+<5']")
    expect(run('audit', ...context).stdout).toContain('REQ001')
    expect(run('repair', ...context, '-o', 'repairs').status).toBe(0)

    const shown = run('repair', 'patch-package', 'repairs')
    expect([shown.status, shown.stderr]).toEqual([0, ''])
    expect(shown.stdout).toContain("\n-requires = ['openexr-3.1']\n+requires = ['openexr-3.1', 'imath-3.1.9+<4', ")
    expect(readFileSync(file, 'utf8')).toBe(before)

    expect(run('repair', 'patch-package', 'repairs', 'openimageio-2.4.17', '--write').status).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(wanted)
    expect(run('audit', ...context).stdout).not.toContain('REQ0')
    const again = run('repair', 'patch-package', 'repairs')
    expect([again.status, again.stdout]).toEqual([0, ''])
    expect(run('repair', 'patch-package', 'repairs', 'nuke')).toMatchObject({ status: 2, stdout: '' })

    if (PYTHON === undefined) return
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', LOAD, join(folder, 'rez')], { encoding: 'utf8' })
    expect([stdout, stderr]).toEqual(['openexr-3.1 imath-3.1.9+<4 tiff-4.5.1+<5\n', ''])
  })
})

test.each([
  ['/nowhere', '/nowhere is no folder'],
  ['docs', 'docs holds no repair files'],
])('%s without repairs is a question gone wrong', (folder, says) => {
  const { status, stdout, stderr } = airtight(['repair', 'patch-package', folder])
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain(says)
})

test('repairs without requirements and paths leave every package.py as it is, which is no fault', () => {
  inFolder((folder) => {
    const context = ['imath==3.1.9', '--repo', 'samples/rough_layout/rez', '--host', 'samples/rough_layout/host']
    const base = ['--base', 'samples/rough_layout/base.yaml']
    expect(airtight(['repair', ...context, ...base, '--name', 'clean', '-o', folder]).status).toBe(0)
    const run = airtight(['repair', 'patch-package', folder])
    expect([run.status, run.stdout]).toEqual([0, ''])
    expect(run.stderr).toContain('no package.py is to be changed')
  })
})

test("a vendor's folder is written as it stands; an entry without words in Rez is named, and is exit code 2", () => {
  inFolder((folder) => {
    const vendor = join(folder, 'opt/dcc')
    const library = readFileSync(join(REPOSITORY, 'samples/rough_layout/rez/tiff/4.5.1/lib/libtiff.so.6.0.1'))
    fillFolder(folder, {
      'rez/dcc/1/package.py': `name = 'dcc'\nversion = '1'\ndef commands():\n    env.PATH.append('${vendor}/bin')\n`,
      'opt/dcc/lib/libtiff.so.6': library,
      'airtight.yaml': `schema: airtight/policy/v1\npackages: { dcc: { payload: ['${vendor}'] } }\n`,
    })
    const base = ['--host', 'none', '--base', join(REPOSITORY, 'samples/rough_layout/base.yaml')]
    const run = (...args: string[]) => airtight(args, { folder })
    run('repair', 'dcc', '--repo', 'rez', ...base, '--name', 'dcc', '-o', 'repairs')
    const file = 'repairs/packages/dcc/1.yaml'
    const entries = (text: string) => ({
      [file]: `schema: airtight/repair/v1
kind: package
subject: { package: dcc, version: '1' }
env:
  LD_LIBRARY_PATH:
    '{dcc:1}/lib': { op: append }
${text}`,
    })
    const context = readFileSync(join(folder, 'repairs/contexts/dcc.yaml'), 'utf8')
    fillFolder(folder, entries(''))
    fillFolder(folder, { 'repairs/contexts/dcc.yaml': `${context}includes: [packages/dcc/1.yaml]\n` })
    const written = run('repair', 'patch-package', 'repairs')
    expect([written.stderr, written.status]).toEqual(['', 0])
    expect(written.stdout).toContain(`\n+    env.LD_LIBRARY_PATH.append('${vendor}/lib')\n`)
    fillFolder(folder, entries("    '{dcc:1}/old': { op: remove }\n"))
    const left = run('repair', 'patch-package', 'repairs')
    expect(left.status).toBe(2)
    expect(left.stderr).toContain('rez/dcc/1/package.py: LD_LIBRARY_PATH: remove {dcc:1}/old has no line in package.py')
    expect(left.stdout).toBe(written.stdout)
  })
})

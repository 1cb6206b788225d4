/** From findings to a changed package.py that has none left, as users do it. */
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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

/** Run paths of the sample with one package for each fault, from finding to verified repair. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { airtight, inFolder } from './airtight.ts'

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

/** An index of OS packages from a repository's files to the repair that is planned with it, as a user does it. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { REPOSITORY, ROUGH_LAYOUT, airtight, inFolder } from './airtight.ts'

// As Debian 12 has it: /lib for some, /usr/lib for others.
const PACKAGES = `Package: libjbig0
Version: 2.1-6.1
Depends: libc6 (>= 2.4)

Package: libpotrace0
Version: 1.16-2
Depends: libc6 (>= 2.14), zlib1g (>= 1:1.1.4)

Package: a-potrace-with-much
Version: 1
Depends: much, more

Package: much
Version: 1

Package: more
Version: 1
`
const CONTENTS = `lib/x86_64-linux-gnu/libjbig.so.0 libs/libjbig0
usr/lib/x86_64-linux-gnu/libpotrace.so.0 libs/libpotrace0,libs/a-potrace-with-much
`

describe('base index', () => {
  test('repair --index names the OS packages, and proves that they help', () => {
    inFolder((folder) => {
      writeFileSync(join(folder, 'Packages'), PACKAGES)
      writeFileSync(join(folder, 'Contents-amd64'), CONTENTS)
      const index = join(folder, 'index.json')
      const made = airtight(['base', 'index', folder, '--label', 'debian-12', '-o', index])
      expect([made.status, made.stderr]).toEqual([0, '5 OS packages with 3 libraries\n'])
      const repairs = join(folder, 'repairs')
      const wish = ['--index', index, '--prefer', 'os_packages', '-o', repairs]
      const { status, stdout } = airtight(['repair', ...ROUGH_LAYOUT, ...wish])
      expect(stdout).toContain('proved: resolved and judged again, no error is left')
      expect(status).toBe(0)
      const file = readFileSync(join(repairs, 'contexts/rough_layout.yaml'), 'utf8')
      expect(file).toMatch(/os_packages:\n {2}libjbig0:\n {4}manager: dpkg\n {4}version: "2\.1-6\.1"/)
      expect(file).toMatch(/\n {2}libpotrace0:\n/)
      expect(file).not.toMatch(/a-potrace-with-much|grafts:/)
    })
  })

  test('an index that tells no paths: libraries are taken for where the loader of the base finds them', () => {
    inFolder((folder) => {
      const entry = (name: string, arch: string, soname: string): string =>
        `<package type="rpm"><name>${name}</name><arch>${arch}</arch><version ver="1" rel="1"/><format><rpm:provides>` +
        `<rpm:entry name="${soname}()(64bit)"/></rpm:provides></format></package>`
      const both = entry('jbigkit-libs', 'x86_64', 'libjbig.so.0') + entry('potrace-libs', 'x86_64', 'libpotrace.so.0')
      mkdirSync(join(folder, 'repodata'))
      writeFileSync(join(folder, 'repodata/0a-primary.xml'), `<metadata>${both}</metadata>`)
      const index = join(folder, 'index.json')
      expect(airtight(['base', 'index', folder, '-o', index]).status).toBe(0)
      const wish = ['--index', index, '--prefer', 'os_packages', '-o', join(folder, 'repairs')]
      const refused = airtight(['repair', ...ROUGH_LAYOUT, ...wish])
      expect([refused.status, refused.stdout]).toEqual([2, ''])
      expect(refused.stderr).toContain('index.json: lists packages of rpm, and those of debian-12 are of dpkg')
      // A base that does not tell its package manager takes what it is given.
      const base = join(folder, 'base')
      cpSync(join(REPOSITORY, 'samples/rough_layout/base'), base, { recursive: true, verbatimSymlinks: true })
      rmSync(join(base, 'var/lib/dpkg'), { recursive: true })
      const context = [...ROUGH_LAYOUT.slice(0, -1), base]
      const { status, stdout } = airtight(['repair', ...context, ...wish])
      expect(stdout).toMatch(/install jbigkit-libs .*\n {2}install potrace-libs /)
      expect(stdout).toContain('proved: resolved and judged again, no error is left')
      expect(status).toBe(0)
    })
  })

  test.each([
    ['nothing known', 'hello\n', 'is no index'],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1]), 'compressed by xz'],
    ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x64, 0x40]), 'the lists of apt by /usr/lib/apt/apt-helper cat-file'],
    ['damaged gzip', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]), 'gzip data is damaged'],
  ])('%s is refused with the name of the file', (_, content, message) => {
    inFolder((folder) => {
      writeFileSync(join(folder, 'index'), content)
      const { status, stderr } = airtight(['base', 'index', join(folder, 'index')])
      expect(status).toBe(2)
      expect(stderr).toContain(join(folder, 'index'))
      expect(stderr).toContain(message)
    })
  })
})

const hasTools = ['rpmbuild', 'createrepo_c', 'gcc'].every((tool) => spawnSync(tool, ['--version']).status === 0)
if (!hasTools)
  console.warn('SKIPPED: RPM metadata as createrepo_c writes it, for rpmbuild, createrepo_c or gcc is missing')

const SPEC = `Name: libjig
Version: 2.1
Release: 3
Summary: x
License: MIT
%global debug_package %{nil}
%description
x
%install
mkdir -p %{buildroot}/usr/lib64 %{buildroot}/usr/bin
echo 'int jig(void) { return 1; }' > jig.c
echo 'JIG_2.1 { global: jig; local: *; };' > jig.map
gcc -shared -fPIC -Wl,-soname,libjig.so.0,--version-script,jig.map -o %{buildroot}/usr/lib64/libjig.so.0 jig.c
chmod 755 %{buildroot}/usr/lib64/libjig.so.0
printf '#!/bin/sh\\n' > %{buildroot}/usr/bin/jig
chmod 755 %{buildroot}/usr/bin/jig
%files
/usr/lib64/libjig.so.0
/usr/bin/jig
`

test.skipIf(!hasTools)('RPM metadata, as rpmbuild and createrepo_c make it', { timeout: 60_000 }, () => {
  inFolder((folder) => {
    const repository = join(folder, 'rpms')
    mkdirSync(repository)
    writeFileSync(join(folder, 'jig.spec'), SPEC)
    const defines = ['--define', `_topdir ${folder}/top`, '--define', `_rpmdir ${repository}`]
    const built = spawnSync('rpmbuild', ['-bb', ...defines, 'jig.spec'], { cwd: folder, encoding: 'utf8' })
    expect(built.status, built.stderr).toBe(0)
    const made = spawnSync('createrepo_c', ['--general-compress-type=gz', repository], { encoding: 'utf8' })
    expect(made.status, made.stderr).toBe(0)
    const { status, stdout, stderr } = airtight(['base', 'index', repository, '--label', 'el9'])
    expect([status, stderr]).toEqual([0, '1 OS packages with 1 libraries\n'])
    const index: unknown = JSON.parse(stdout)
    expect(index).toMatchObject({
      manager: 'rpm',
      label: 'el9',
      packages: [
        {
          name: 'libjig',
          version: '2.1-3',
          libraries: [{ soname: 'libjig.so.0', versions: ['JIG_2.1'] }],
          programs: ['/usr/bin/jig'],
        },
      ],
    })
  })
})

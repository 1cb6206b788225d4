/** Repairs by real RPMs, from the index that createrepo_c's metadata makes to the database that rpm writes. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemFolder } from '../support/studio.ts'
import { airtight, inFolder } from './airtight.ts'

const TOOLS = ['rpmbuild', 'rpm', 'createrepo_c', 'gcc']
const lacking = TOOLS.filter((tool) => spawnSync(tool, ['--version']).status !== 0)
if (lacking.length > 0) console.warn(`SKIPPED: repairs by real RPMs, for ${lacking.join(', ')} is missing`)
const skip = lacking.length > 0 || process.arch !== 'x64' || process.getuid?.() !== 0

/** A library of one function for each version; what it is linked with is its own need. */
interface Library {
  readonly soname: string
  readonly versions: readonly string[]
  readonly needs?: readonly string[]
}

interface Rpm {
  readonly name: string
  readonly version: string
  readonly libraries: readonly Library[]
}

function must(command: string, args: readonly string[], cwd: string): void {
  const run = spawnSync(command, args, { cwd, encoding: 'utf8' })
  expect(run.status, `${command} ${args.join(' ')}\n${run.stdout}${run.stderr}`).toBe(0)
}

/** Compiles a library into `folder`, beside those that it needs. */
function compile(folder: string, { soname, versions, needs = [] }: Library): string {
  const functions = versions.map((version) => version.toLowerCase().replace('.', '_'))
  const source = functions.map((name) => `int ${name}(void) { return 1; }`).join('\n')
  const nodes = versions.map((version, at) => `${version} { global: ${functions[at] ?? ''}; };`).join('\n')
  writeFileSync(join(folder, 'a.c'), source)
  writeFileSync(join(folder, 'a.map'), nodes)
  const linked = needs.map((name) => join(folder, name))
  const how = ['-nostdlib', '-shared', '-fPIC', `-Wl,-soname,${soname},--version-script,a.map,--no-as-needed`]
  must('gcc', [...how, '-o', soname, 'a.c', ...linked], folder)
  return join(folder, soname)
}

/** Builds an RPM of libraries; what they need and provide is found out by rpmbuild. */
function build(folder: string, { name, version, libraries }: Rpm): void {
  const paths = libraries.map((library) => compile(folder, library))
  const spec = [
    `Name: ${name}`,
    `Version: ${version}`,
    'Release: 1',
    'Summary: x',
    'License: MIT',
    '%global debug_package %{nil}',
    '%description',
    'x',
    '%install',
    'mkdir -p %{buildroot}/usr/lib',
    ...paths.map((path) => `install -m 755 ${path} %{buildroot}/usr/lib/`),
    '%files',
    ...libraries.map(({ soname }) => `/usr/lib/${soname}`),
    '',
  ]
  writeFileSync(join(folder, `${name}.spec`), spec.join('\n'))
  const defines = ['--define', `_topdir ${folder}/top`, '--define', `_rpmdir ${folder}/rpms`]
  must('rpmbuild', ['-bb', ...defines, `${name}.spec`], folder)
}

/** A package whose program calls functions of libraries that lie in `folder`. */
function rezPackage(folder: string, calls: readonly string[], libraries: readonly string[]): string {
  const root = join(folder, 'rez/paint/1.0')
  mkdirSync(join(root, 'bin'), { recursive: true })
  writeFileSync(join(root, 'package.py'), "name = 'paint'\nversion = '1.0'\ntools = ['paint']\n")
  const source = `${calls.map((name) => `int ${name}(void);`).join('\n')}\nvoid _start(void) { ${calls.map((name) => `${name}();`).join(' ')} for (;;); }`
  writeFileSync(join(folder, 'paint.c'), source)
  const linked = libraries.map((name) => join(folder, name))
  must('gcc', ['-nostdlib', '-o', join(root, 'bin/paint'), 'paint.c', ...linked, `-Wl,-rpath-link,${folder}`], folder)
  return root
}

function indexOf(folder: string): string {
  must('createrepo_c', ['--general-compress-type=gz', 'rpms'], folder)
  const index = join(folder, 'index.json')
  expect(airtight(['base', 'index', join(folder, 'rpms'), '--label', 'el9', '-o', index]).status).toBe(0)
  return index
}

/** rpm as it installs into an image; nothing of this machine counts. */
function install(folder: string, base: string, ...rpms: string[]): void {
  const paths = rpms.map((name) => join(folder, 'rpms/x86_64', name))
  must('rpm', ['-U', '--root', base, '--dbpath', '/var/lib/rpm', '--nodeps', '--noscripts', ...paths], folder)
}

function repair(folder: string, root: string, base: string, index: string): ReturnType<typeof airtight> {
  const systems = ['--host', 'none', '--base', base, '--implicit', '', '--policy', 'none']
  const how = ['--index', index, '--prefer', 'os_packages', '--name', 'paint', '-o', join(folder, 'repairs')]
  return airtight(['repair', root, ...systems, ...how])
}

const planned = (folder: string): string => readFileSync(join(folder, 'repairs/contexts/paint.yaml'), 'utf8')

describe.skipIf(skip)('repairs by RPMs', () => {
  test(
    'name the package that has library and version, not what it brings, and help once it is installed',
    { timeout: 120_000 },
    () => {
      inFolder((folder) => {
        build(folder, {
          name: 'pin-libs',
          version: '1.0',
          libraries: [{ soname: 'libpin.so.1', versions: ['PIN_1.0'] }],
        })
        const jig = { soname: 'libjig.so.0', versions: ['JIG_2.0', 'JIG_2.1'], needs: ['libpin.so.1'] }
        build(folder, { name: 'jig-libs', version: '2.1', libraries: [jig] })
        const root = rezPackage(folder, ['jig_2_1'], ['libjig.so.0'])
        const old = { soname: 'libjig.so.0', versions: ['JIG_2.0'] }
        build(folder, { name: 'compat-jig', version: '2.0', libraries: [old] })
        const [base, index] = [systemFolder({}), indexOf(folder)]
        const { status, stdout, stderr } = repair(folder, root, base, index)
        expect([status, stderr], stdout).toEqual([0, expect.any(String)])
        expect(planned(folder)).toContain('os_packages:\n  jig-libs:\n    manager: rpm\n    version: "2.1-1"\n')
        expect(planned(folder)).not.toMatch(/pin-libs:|compat-jig/)
        const apply = ['repair', 'apply', join(folder, 'repairs'), '--root', base]
        expect(airtight(apply).stderr).toContain('not installed in the root yet: jig-libs')
        install(folder, base, 'jig-libs-2.1-1.x86_64.rpm', 'pin-libs-1.0-1.x86_64.rpm')
        expect(airtight(apply).status).toBe(0)
        expect(
          airtight(['audit', root, '--host', 'none', '--base', base, '--implicit', '', '--policy', 'none']).status,
        ).toBe(0)
      })
    },
  )

  test('ask for a newer one where the installed one lacks a version', { timeout: 120_000 }, () => {
    inFolder((folder) => {
      const library = (...versions: string[]) => [{ soname: 'libjig.so.0', versions }]
      build(folder, { name: 'jig-libs', version: '2.0', libraries: library('JIG_2.0') })
      build(folder, { name: 'jig-libs', version: '2.1', libraries: library('JIG_2.0', 'JIG_2.1') })
      const root = rezPackage(folder, ['jig_2_0', 'jig_2_1'], ['libjig.so.0'])
      const [base, index] = [systemFolder({}), indexOf(folder)]
      install(folder, base, 'jig-libs-2.0-1.x86_64.rpm')
      expect(repair(folder, root, base, index).status).toBe(0)
      expect(planned(folder)).toContain('os_packages:\n  jig-libs:\n    manager: rpm\n    version: ">=2.1-1"\n')
      const apply = ['repair', 'apply', join(folder, 'repairs'), '--root', base]
      expect(airtight(apply).stderr).toContain('not installed in the root yet: jig-libs (2.1-1 or newer)')
      install(folder, base, 'jig-libs-2.1-1.x86_64.rpm')
      expect(airtight(apply).status).toBe(0)
    })
  })
})

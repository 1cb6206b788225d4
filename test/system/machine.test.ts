/** Comparison with the programs of this machine: its loader, ldconfig, dpkg and rpm. Each is skipped where it is absent. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { ELFCLASS64, EM_AARCH64, EM_X86_64 } from '../../src/domain/object.ts'
import type { LoaderSetup } from '../../src/domain/system.ts'
import { failed } from '../../src/domain/tree.ts'
import { cacheRows, openCache } from '../../src/system/cache.ts'
import { cpuOfLevel, nativeCpu } from '../../src/system/cpu.ts'
import { compareNames } from '../../src/system/libcmp.ts'
import { openSystem } from '../../src/system/open.ts'
import { openOwners } from '../../src/system/owners.ts'
import { parsePreload } from '../../src/system/preload.ts'
import { staleness } from '../../src/system/staleness.ts'
import { atLeast } from '../../src/system/subfolders.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { buildElf } from '../support/elf/build.ts'
import type { WrittenCache } from '../support/system/cache-writer.ts'
import { namedHwcap, writeCache } from '../support/system/cache-writer.ts'
import { makeFolder } from '../support/system/folder.ts'
import { loaderHeader } from '../support/system/loader-image.ts'
import { LOADER, canChangeRoot, hasLoader, hasProgram, itWhere, printed } from '../support/system/machine.ts'

const machine = openSystem(openFolderTree('/'), { cpu: nativeCpu() })
const setup: LoaderSetup | null = hasLoader ? machine.loader(LOADER, EM_X86_64, ELFCLASS64) : null
const diagnostics = hasLoader ? printed(LOADER, ['--list-diagnostics']) : ''
const hasDiagnostics = diagnostics.includes('path.system_dirs')
const value = (name: string): string | null => new RegExp(`^${name}="(.*)"$`, 'm').exec(diagnostics)?.[1] ?? null

describe("this machine's loader", () => {
  itWhere(
    hasDiagnostics,
    'loader with --list-diagnostics',
    'has the folders, version and names it lists itself',
    () => {
      const folders = [...diagnostics.matchAll(/^path\.system_dirs\[0x[0-9a-f]+\]="(.*)"$/gm)].map((match) => match[1])
      expect(setup?.systemFolders).toEqual(folders)
      expect(setup?.version?.join('.')).toBe(value('version.version')?.split('.').slice(0, 2).join('.'))
      expect(setup?.platform).toBe(value('dl_platform'))
      expect(setup?.lib).toBe(value('dl_dst_lib') ?? setup?.lib)
      expect(setup?.evidence).toBe('loader-file')
    },
  )

  itWhere(hasDiagnostics, 'loader with --help', 'searches the subfolders that its help names', () => {
    const help = printed(LOADER, ['--help'])
    const searched = [...help.matchAll(/^ {2}(x86-64-v\d) \(supported, searched\)$/gm)].map((match) => match[1] ?? '')
    const ours = setup?.subfolders.filter((folder) => folder.startsWith('glibc-hwcaps/'))
    expect(ours).toEqual(searched.map((level) => `glibc-hwcaps/${level}/`))
  })

  const searchable = hasLoader && canChangeRoot && atLeast(setup?.version ?? [2, 0], 2, 30)

  itWhere(searchable, 'loader in a changed root', 'finds in made-up caches what Airtight finds', () => {
    const root = loaderRoot()
    let hits = 0
    for (const [round, cache] of madeUpCaches(40).entries()) {
      const bytes = writeCache(cache)
      writeFileSync(join(root, 'etc/ld.so.cache'), bytes)
      const ours = openCache(bytes, { header: loaderHeader({}), version: setup?.version ?? null, cpu: nativeCpu() })
      const trace = traceOf(root, NAMES.join(':'))
      for (const name of NAMES) {
        const theirs = cachedIn(trace, name)
        hits += theirs === null ? 0 : 1
        const text = name === 'lib\u00e9.so' ? 'lib\udce9.so' : name
        expect([round, name, ours?.lookup(text)?.path ?? null]).toEqual([round, name, theirs])
      }
    }
    expect(hits).toBeGreaterThan(20)
  })

  itWhere(searchable, 'loader in a changed root', 'preloads the names that Airtight reads', () => {
    const root = loaderRoot()
    const files = [
      'liba.so\n',
      '# no\nliba.so # it\n',
      'a:b\tc d\n\ne',
      '/x/liba.so # one\nlibb.so # two\n',
      'a\0 b c',
      'a #',
    ]
    for (const text of files) {
      writeFileSync(join(root, 'etc/ld.so.preload'), text, 'latin1')
      const tried = [...traceOf(root, '').matchAll(/object '(.*)' from \/etc\/ld\.so\.preload/g)].map(
        (match) => match[1],
      )
      expect(tried).toEqual(parsePreload(Buffer.from(text, 'latin1')))
    }
  })
})

describe('ldconfig', () => {
  const possible = hasProgram('ldconfig') && canChangeRoot
  const library = (soname: string): Uint8Array => buildElf({ soname, needs: ['libc.so.6'] })

  itWhere(possible, 'ldconfig', 'writes caches in which every entry it lists is found', () => {
    const names = ['liba.so.1', 'libb.so.2', 'libb.so.10', 'libb.so.9', 'lib_c-2.0.so.0']
    const files = Object.fromEntries(names.map((name) => [`lib/${name}`, library(name)]))
    for (const format of ['old', 'compat', 'new']) {
      const root = makeFolder({ ...files, 'usr/lib/libz.so.1': library('libz.so.1'), 'etc/ld.so.conf': '/usr/lib\n' })
      printed('ldconfig', ['-r', root, '-c', format])
      const bytes = readFileSync(join(root, 'etc/ld.so.cache'))
      const cache = openCache(bytes, { header: loaderHeader({}), version: [2, 36], cpu: cpuOfLevel(1) })
      const listed = [...printed('ldconfig', ['-r', root, '-p']).matchAll(/^\t(\S+) \(.*\) => (\S+)$/gm)]
      expect(listed).toHaveLength(6)
      for (const [, soname, path] of listed) expect(cache?.lookup(soname ?? '')?.path).toBe(path)
      expect(cacheRows(bytes, false).map((row) => row.soname)).toEqual(listed.map((match) => match[1]))
    }
  })

  itWhere(possible, 'ldconfig', 'puts glibc-hwcaps entries where each level finds its own', () => {
    const root = makeFolder({
      'lib/liba.so.1': library('liba.so.1'),
      'lib/glibc-hwcaps/x86-64-v2/liba.so.1': library('liba.so.1'),
      'lib/glibc-hwcaps/x86-64-v3/liba.so.1': library('liba.so.1'),
      'etc/ld.so.conf': '',
    })
    printed('ldconfig', ['-r', root])
    const bytes = readFileSync(join(root, 'etc/ld.so.cache'))
    const find = (level: 1 | 2 | 4): string | undefined =>
      openCache(bytes, { header: loaderHeader({}), version: [2, 41], cpu: cpuOfLevel(level) })?.lookup('liba.so.1')
        ?.path
    expect(find(1)).toBe('/lib/liba.so.1')
    expect([find(2), find(4)]).toEqual(
      // ldconfig knows these folders from 2.33 on.
      cacheRows(bytes, false).length === 3
        ? ['/lib/glibc-hwcaps/x86-64-v2/liba.so.1', '/lib/glibc-hwcaps/x86-64-v3/liba.so.1']
        : ['/lib/liba.so.1', '/lib/liba.so.1'],
    )
  })

  itWhere(
    possible && setup !== null,
    'ldconfig and loader',
    'leaves a cache that goes stale when libraries come and go',
    () => {
      const root = makeFolder({
        'lib64/ld-linux-x86-64.so.2': readFileSync(LOADER),
        'lib/liba.so.1': library('liba.so.1'),
        'lib/libb.so.1': library('libb.so.1'),
        'etc/ld.so.conf': '/opt/lib\n',
        'opt/lib': null,
      })
      printed('ldconfig', ['-r', root])
      writeFileSync(join(root, 'opt/lib/libnew.so.3'), library('libnew.so.3'))
      writeFileSync(join(root, 'opt/lib/libforeign.so.3'), buildElf({ soname: 'libforeign.so.3', machine: EM_AARCH64 }))
      writeFileSync(join(root, 'opt/lib/libtext.so'), 'INPUT(-lx)')
      rmSync(join(root, 'lib/libb.so.1'))
      const system = openSystem(openFolderTree(root), { cpu: cpuOfLevel(1) })
      const own = system.loader(null, EM_X86_64, ELFCLASS64)
      expect(own === null ? null : staleness(system, own)).toEqual({
        dangling: ['/lib/libb.so.1'],
        unlisted: [{ path: '/opt/lib/libnew.so.3', soname: 'libnew.so.3' }],
      })
    },
  )
})

describe('package managers', () => {
  itWhere(hasProgram('dpkg-query'), 'dpkg', 'owns by dpkg -S what Airtight says', () => {
    const tree = openFolderTree('/')
    const owners = openOwners(tree, null)
    const files = owners
      .packages()
      .slice(0, 60)
      .flatMap((item) => owners.files(item.name).slice(0, 12))
    const shared = new Set<string>()
    const truth = new Map<string, string>()
    for (const line of printed('dpkg-query', ['-S', ...files]).split('\n')) {
      const [, names, path] = /^(?!diversion by)(.*): (\/.*)$/.exec(line) ?? []
      if (names === undefined || path === undefined) continue
      if (names.includes(', ')) shared.add(path)
      truth.set(path, names.split(':')[0] ?? '')
    }
    const isFile = (path: string): boolean => {
      const found = tree.lookup(path)
      return !failed(found) && found.kind === 'file' && found.path === path
    }
    const own = [...truth].filter(([path]) => !shared.has(path) && files.includes(path) && isFile(path))
    expect(own.length).toBeGreaterThan(20)
    for (const [path, name] of own) expect([path, owners.owner(path)?.name]).toEqual([path, name])
  })

  itWhere(hasProgram('rpmbuild') && hasProgram('rpm'), 'rpmbuild', 'owns by rpm what a package put there', () => {
    const root = rpmRoot()
    const owners = openOwners(openFolderTree(root), 'rpm')
    expect(owners.owner('/usr/lib64/libdemo.so.1.0')).toEqual({ manager: 'rpm', name: 'demo', version: '1:1.2-3' })
    expect(owners.owner('/usr/lib64/libother.so.1')).toBeNull()
    expect(owners.files('demo')).toEqual(['/usr/lib64/libdemo.so.1.0'])
    expect(owners.faults).toEqual([])
  })
})

const NAMES = [
  'liba.so.1',
  'liba.so.9',
  'liba.so.10',
  'libb.so',
  'libb.so.01',
  'libb.so.1',
  'lib1.so',
  'libZ.so',
  'lib\u00e9.so',
]

/** A root with this machine's loader and a program that needs nothing. */
function loaderRoot(): string {
  return makeFolder({
    'lib64/ld-linux-x86-64.so.2': readFileSync(LOADER),
    program: buildElf({ interpreter: LOADER, flags1: 0x08000000 }),
    etc: null,
  })
}

/** What the loader says of its search when it traces the program; nothing is run. */
function traceOf(root: string, preload: string): string {
  const list = Buffer.from(preload, 'latin1').toString('latin1')
  const script = `exec chroot "$1" ${LOADER} --list --preload "$(printf "$2")" /program`
  const args = ['-c', script, 'sh', root, list.replace(/\u00e9/g, '\\351')]
  return printed('sh', args, { LD_DEBUG: 'libs' })
}

/** The path that the loader took out of the cache for a name. */
function cachedIn(trace: string, name: string): string | null {
  const start = trace.indexOf(`find library=${name} [`)
  if (start < 0) return null
  const next = trace.indexOf('find library=', start + 1)
  const part = trace.slice(start, next < 0 ? undefined : next)
  return /search cache=[^\n]*\n[^\n]*trying file=(\/entry\d+)\n/.exec(part)?.[1] ?? null
}

/** Caches with equal names, foreign ids, capabilities and disorder, the same on every run. */
function madeUpCaches(count: number): readonly WrittenCache[] {
  let seed = 20
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const capabilities = [
    0n,
    0n,
    0n,
    0n,
    namedHwcap(0, 1),
    namedHwcap(1, 2),
    namedHwcap(7),
    1n << 63n,
    2n,
    1n << 50n,
    1n << 61n,
  ]
  return Array.from({ length: count }, () => {
    const entries = Array.from({ length: random(12) }, (_, index) => ({
      soname: pick(NAMES),
      path: `/entry${index}`,
      flags: pick([0x303, 0x303, 0x303, 0x3, 0x803]),
      hwcap: pick(capabilities),
    }))
    if (random(4) > 0) {
      const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
      entries.sort((a, b) => compareNames(bytes(b.soname), bytes(a.soname), 0, true))
    }
    const hwcaps = pick([
      ['x86-64-v2', 'x86-64-v3'],
      ['other', 'x86-64-v3'],
      ['x86-64-v3', 'x86-64-v2'],
    ])
    return { entries, hwcaps, layout: pick(['old', 'compat', 'new'] as const), mark: pick([0, 2, 2, 2, 3]) }
  })
}

/** A root with an rpm database of one package that was built here. */
function rpmRoot(): string {
  const folder = mkdtempSync(join(tmpdir(), 'airtight-rpmbuild-'))
  const root = makeFolder({ 'usr/lib64': null, 'var/lib/rpm': null })
  const top = join(folder, 'top')
  mkdirSync(join(top, 'SPECS'), { recursive: true })
  const spec = join(top, 'SPECS/demo.spec')
  const head = 'Name: demo\nVersion: 1.2\nRelease: 3\nEpoch: 1\nSummary: demo\nLicense: MIT\nBuildArch: noarch\n'
  const rest =
    '%description\ndemo\n%install\nmkdir -p %{buildroot}/usr/lib64\necho x > %{buildroot}/usr/lib64/libdemo.so.1.0\n'
  writeFileSync(spec, `${head}${rest}%files\n/usr/lib64/libdemo.so.1.0\n`)
  printed('rpmbuild', ['--define', `_topdir ${top}`, '-bb', spec], { HOME: folder })
  const database = ['--root', root, '--dbpath', '/var/lib/rpm']
  printed('rpm', [...database, '--initdb'])
  printed('rpm', [...database, '-i', '--nodeps', join(top, 'RPMS/noarch/demo-1.2-3.noarch.rpm')])
  rmSync(folder, { recursive: true, force: true })
  return root
}

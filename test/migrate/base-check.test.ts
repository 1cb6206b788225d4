/** Whether a candidate gives what a base promises, and what a base gives to other tools. */
import { describe, expect, test } from 'vitest'
import type { BaseDeclaration, OsPackage } from '../../src/domain/system.ts'
import type { Candidate } from '../../src/migrate/base-check.ts'
import { checkBase } from '../../src/migrate/base-check.ts'
import { exportBase } from '../../src/system/base-export.ts'
import { namePattern } from '../../src/system/covered.ts'
import type { Inventory } from '../../src/system/inventory.ts'

const DECLARATION: BaseDeclaration = {
  name: 'rocky-9',
  image: 'docker.io/rockylinux/rockylinux:9',
  os: { family: 'rocky', version: '9', arch: 'x86_64' },
  osPackages: ['zlib', 'libX11'],
  sonames: ['libcuda*', 'libz.so.1'],
  drivers: [],
  cpu: 2,
}

function inventory(
  packages: Readonly<Record<string, string>>,
  sonames: Readonly<Record<string, string[]>>,
  version = '2.34',
): Inventory {
  return {
    interpreter: null,
    libc: 'glibc',
    version,
    folders: [],
    libraries: new Map(
      Object.entries(sonames).map(([soname, versions]) => [
        soname,
        { soname, path: soname, owner: null, versions, needs: [] },
      ]),
    ),
    packages: Object.entries(packages).map(([name, number]): OsPackage => ({ manager: 'rpm', name, version: number })),
  }
}

const GOOD = inventory({ zlib: '1.2.11', libX11: '1.7' }, { 'libz.so.1': ['ZLIB_1.2.9'], 'libcuda.so.1': [] })

function candidate(more: Partial<Candidate> = {}): Candidate {
  const os = { id: 'rocky', version: '9.4', name: 'Rocky Linux 9.4' }
  return {
    label: 'image',
    os,
    inventory: GOOD,
    libraryPackages: ['libX11', 'zlib'],
    cpu: null,
    machine: false,
    ...more,
  }
}

const covers = (pattern: string, soname: string): boolean => namePattern(pattern).test(soname)
const check = (more: Partial<Candidate>, reference: Inventory | null = null): ReturnType<typeof checkBase> =>
  checkBase(DECLARATION, candidate(more), reference, covers, { drivers: [], missing: [], different: [] })

describe('base check', () => {
  test('what keeps every promise', () => {
    expect(check({}, GOOD)).toMatchObject({ missing: [], different: [], extra: [], checked: 5 })
  })

  test('packages and sonames that are not there', () => {
    const { missing } = check({ inventory: inventory({ zlib: '1' }, { 'libz.so.1': [] }) })
    expect(missing.map(({ aspect, name }) => `${aspect} ${name}`)).toEqual(['package libX11', 'soname libcuda*'])
  })

  test('packages that nobody promised', () => {
    expect(check({ libraryPackages: ['libX11', 'libtiff', 'zlib'] }).extra).toEqual(['libtiff'])
  })

  test('versions, version nodes and the C library, where the base has a capture to compare with', () => {
    const other = inventory({ zlib: '1.3', libX11: '1.7' }, { 'libz.so.1': [], 'libcuda.so.1': [] }, '2.28')
    const { different } = check({ inventory: other }, GOOD)
    expect(different.map(({ aspect, name }) => `${aspect} ${name}`)).toEqual([
      'libc libc',
      'package zlib',
      'version-node libz.so.1',
    ])
    expect(check({ inventory: other }).different).toEqual([])
  })

  test('another distribution; a kin of the family and a later minor are none', () => {
    expect(check({ os: { id: 'debian', version: '12', name: 'Debian' } }).different[0]?.aspect).toBe('os')
    expect(check({ os: { id: 'rocky', version: '8.9', name: 'Rocky' } }).different[0]?.aspect).toBe('os')
    expect(check({ os: { id: 'almalinux', version: '9.2', name: 'Alma' } }).different).toEqual([])
    expect(check({ os: null }).different[0]).toMatchObject({ aspect: 'os', found: null })
  })

  test('a weaker processor', () => {
    expect(check({ cpu: 1 }).different).toMatchObject([{ aspect: 'cpu', expected: 'x86-64-v2', found: 'x86-64' }])
    expect(check({ cpu: 3 }).different).toEqual([])
  })
})

describe('base export', () => {
  const text = (
    base: BaseDeclaration,
    format: 'containerfile' | 'rez' | 'list',
    versions: ReadonlyMap<string, OsPackage> | null = null,
  ): string => {
    const out = exportBase(base, { format, versions })
    return typeof out === 'string' ? out : `problem: ${out.problem}`
  }
  const family = (name: string, version: string): BaseDeclaration => ({
    ...DECLARATION,
    os: { family: name, version, arch: 'x86_64' },
  })

  test('a Containerfile by the package manager of the base', () => {
    expect(text(DECLARATION, 'containerfile')).toBe(
      'FROM docker.io/rockylinux/rockylinux:9\nRUN dnf install -y \\\n      libX11 \\\n      zlib \\\n && dnf clean all\n',
    )
    expect(text(family('debian', '12'), 'containerfile')).toContain('apt-get install -y --no-install-recommends \\\n')
    expect(text(family('centos', '7'), 'containerfile')).toContain('yum install -y')
    expect(text(family('alpine', '3.20'), 'containerfile')).toContain('apk add --no-cache')
    expect(text(family('plan9', '4'), 'containerfile')).toContain('problem: no package manager is known')
  })

  test('pinned versions', () => {
    const versions = new Map([['zlib', { manager: 'rpm', name: 'zlib', version: '1.2.11-40.el9' } as const]])
    expect(text(DECLARATION, 'containerfile', versions)).toContain(' zlib-1.2.11-40.el9')
  })

  test('names that a shell would take for more are refused', () => {
    expect(text({ ...DECLARATION, osPackages: ['zlib; rm -rf /'] }, 'containerfile')).toContain('problem: ')
    expect(text({ ...DECLARATION, osPackages: ['$(id)'] }, 'rez')).toContain('problem: ')
    expect(text({ ...DECLARATION, image: 'x\nRUN id' }, 'containerfile')).toContain('problem: ')
  })

  test('a Rez package and a list', () => {
    const rez = text({ ...DECLARATION, name: "it's" }, 'rez')
    expect(rez).toContain("name = 'it_s'\nversion = '9'\n")
    expect(rez).toContain("    env.AIRTIGHT_BASE = 'it\\'s'")
    expect(text(DECLARATION, 'list')).toBe('libX11\nzlib\n')
  })
})

/** What changes from one base to another, for the programs that rely on them. */
import { expect, test } from 'vitest'
import { diffBases } from '../../src/migrate/base-diff.ts'
import { baseDiffMarkdown, baseDiffText } from '../../src/report/base-diff.ts'
import { plainStyle } from '../../src/report/style.ts'
import type { Inventory, Library } from '../../src/system/inventory.ts'
import { stemOf } from '../../src/system/inventory.ts'

function library(soname: string, owner: string | null, versions: readonly string[] = []): Library {
  const named = owner === null ? null : ({ manager: 'dpkg', name: owner, version: '1' } as const)
  return { soname, path: `/usr/lib/${soname}`, owner: named, versions, needs: [] }
}

function inventory(libraries: readonly Library[], more: Partial<Inventory> = {}): Inventory {
  const packages = [
    ...new Map(libraries.flatMap(({ owner }) => (owner === null ? [] : [[owner.name, owner]]))).values(),
  ]
  return {
    interpreter: '/lib64/ld-linux-x86-64.so.2',
    libc: 'glibc',
    version: '2.17',
    folders: ['/lib64', '/usr/lib64'],
    libraries: new Map(libraries.map((item) => [item.soname, item])),
    packages,
    ...more,
  }
}

const OLD = inventory([
  library('libssl.so.10', 'openssl-libs'),
  library('libpng15.so.15', 'libpng'),
  library('libgone.so.1', null),
  library('libcrypt.so.1', 'glibc'),
  library('libc.so.6', 'glibc', ['GLIBC_2.17', 'OLD']),
  library('libz.so.1', 'zlib', ['ZLIB_1.2.5']),
])
const NEW = inventory(
  [
    library('libssl.so.3', 'openssl-libs'),
    library('libpng16.so.16', 'libpng'),
    library('libcrypt.so.1', 'libxcrypt-compat'),
    library('libc.so.6', 'glibc', ['GLIBC_2.17', 'GLIBC_2.34']),
    library('libz.so.1', 'zlib', ['ZLIB_1.2.5']),
  ],
  { version: '2.34', folders: ['/lib64', '/usr/lib64', '/opt/lib'] },
)
const diff = diffBases({ label: 'old', inventory: OLD }, { label: 'new | base', inventory: NEW })

test('a soname with another number is bumped, one whose library is not there is gone', () => {
  expect(diff.bumped).toEqual([
    { soname: 'libssl.so.10', package: 'openssl-libs', now: [{ soname: 'libssl.so.3', package: 'openssl-libs' }] },
  ])
  // libpng15 and libpng16 are two libraries by name: nothing says that one follows the other.
  expect(diff.gone.map(({ soname }) => soname)).toEqual(['libpng15.so.15', 'libgone.so.1'])
  expect(diff.new.map(({ soname }) => soname)).toEqual(['libpng16.so.16'])
})

test('owners, version nodes, libc and folders', () => {
  expect(diff.moved).toEqual([{ soname: 'libcrypt.so.1', a: 'glibc', b: 'libxcrypt-compat' }])
  expect(diff.versions).toEqual([{ soname: 'libc.so.6', lost: ['OLD'], won: ['GLIBC_2.34'] }])
  expect(diff.libc).toEqual({ a: 'glibc 2.17', b: 'glibc 2.34' })
  expect(diff.interpreter).toBeNull()
  expect(diff.folders).toEqual({ gone: [], new: ['/opt/lib'] })
  expect(diff.packages).toEqual({ gone: [], new: ['libxcrypt-compat'], changed: [] })
  expect(diff.same).toBe(1)
})

test('a base beside itself differs in nothing', () => {
  const none = diffBases({ label: 'a', inventory: OLD }, { label: 'b', inventory: OLD })
  expect([none.gone, none.bumped, none.new, none.moved, none.versions].flat()).toEqual([])
  expect(none.same).toBe(OLD.libraries.size)
})

test('as text and as Markdown', () => {
  expect(baseDiffText(diff, plainStyle)).toContain('  libssl.so.10  openssl-libs  -> libssl.so.3 (openssl-libs)')
  const markdown = baseDiffMarkdown(diff)
  expect(markdown).toContain(String.raw`# old to new \| base`)
  expect(markdown).toContain('| libcrypt.so.1 | glibc | -&gt; libxcrypt-compat |'.replace('-&gt;', String.raw`-\>`))
})

test.each([
  ['libssl.so.3', 'libssl'],
  ['libicuuc.so.72', 'libicuuc'],
  ['libdb-5.3.so', 'libdb'],
  ['libbfd-2.40-system.so', 'libbfd'],
  ['libfoo.so', 'libfoo'],
  ['libglib-2.0.so.0', 'libglib'],
])('the stem of %s is %s', (soname, stem) => {
  expect(stemOf(soname)).toBe(stem)
})

/** Indexes of Debian, RPM and apk repositories: what is taken from them, and what becomes of bytes that are none. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readApkIndex } from '../../src/system/index-apk.ts'
import { compareVersions } from '../../src/system/index-entries.ts'
import { readRpmPrimary } from '../../src/system/index-rpm.ts'
import { indexPart, readIndexSources } from '../../src/system/index-source.ts'
import { openPackageIndex, readIndexFile, writeIndex } from '../../src/system/package-index.ts'
import { indexOf } from '../support/system/package-index.ts'

const PACKAGES = `Package: libjbig0
Version: 2.1-6.1
Pre-Depends: dpkg (>= 1.15)
Depends: libc6 (>= 2.4) | musl:any, zlib1g
Provides: jbig (= 2.1)
Description: a library
 Version: none of this

Package: potrace
Version: 1.16-2
`
const CONTENTS = `usr/bin/potrace                              graphics/potrace
usr/lib/x86_64-linux-gnu/libjbig.so.0        libs/libjbig0,other/section/libjbig0-alt
usr/lib/x86_64-linux-gnu/libjbig.so          libdevel/libjbig-dev
usr/lib/x86_64-linux-gnu/plugins/libx.so.1   libs/libjbig0
usr/lib/i386-linux-gnu/libjbig.so.7          libs/libjbig0
usr/share/doc/a file/with blanks             doc/potrace
`
const PRIMARY = `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="2">
<!-- <package><name>commented</name></package> -->
<package type="rpm">
  <name>libfoo</name><arch>x86_64</arch><version epoch="0" ver="1.2" rel="3.el9"/>
  <summary>a &lt;b&gt; <![CDATA[</package>]]></summary>
  <format>
    <rpm:provides>
      <rpm:entry name="libfoo" flags="EQ" epoch="0" ver="1.2" rel="3.el9"/>
      <rpm:entry name="libfoo(x86-64)" flags="EQ" epoch="0" ver="1.2" rel="3.el9"/>
      <rpm:entry name="libfoo.so.1()(64bit)"/>
      <rpm:entry name="libfoo.so.1(FOO_1.2)(64bit)"/>
      <rpm:entry name="libfoo.so.1(FOO_1.0)(64bit)"/>
    </rpm:provides>
    <rpm:requires>
      <rpm:entry name="libc.so.6(GLIBC_2.34)(64bit)"/>
      <rpm:entry name="libc.so.6()(64bit)"/>
      <rpm:entry name="rpmlib(CompressedFileNames)" pre="1"/>
      <rpm:entry name="/usr/bin/sh"/>
    </rpm:requires>
    <rpm:conflicts><rpm:entry name="never"/></rpm:conflicts>
    <file>/usr/bin/a&amp;b</file><file type="dir">/etc/foo</file>
  </format>
</package>
<package type="rpm">
  <name>libfoo</name><arch>i686</arch><version epoch="9" ver="9" rel="9"/>
  <format><rpm:provides><rpm:entry name="libfoo.so.1"/></rpm:provides></format>
</package>
</metadata>
`
const APK = `C:Q1abc=
P:libfoo
V:1.2-r0
D:so:libc.musl-x86_64.so.1 !old zlib>=1.2
p:so:libfoo.so.1=1.2.3 cmd:foo=1.2-r0

P:musl
V:1.2.4-r2
p:so:libc.musl-x86_64.so.1=1
`

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('Debian', () => {
  test('Packages and Contents make one index', async () => {
    const packages = await indexOf({ 'Packages.gz': gzipSync(PACKAGES), 'Contents-amd64': CONTENTS })
    expect(packages).toEqual([
      {
        name: 'libjbig0',
        version: '2.1-6.1',
        depends: [['dpkg'], ['libc6', 'musl'], ['zlib1g']],
        provides: ['jbig'],
        libraries: [{ soname: 'libjbig.so.0', path: '/usr/lib/x86_64-linux-gnu/libjbig.so.0', versions: null }],
        programs: [],
      },
      { name: 'potrace', version: '1.16-2', depends: [], provides: [], libraries: [], programs: ['/usr/bin/potrace'] },
    ])
  })

  test('a list of files is read as it comes: longer than what is read at once, and no line is lost between', async () => {
    const others = Array.from({ length: 20_000 }, (_, i) => `usr/share/doc/é${i}/copyright   doc/é${i}\n`).join('')
    const [first, ...last] = CONTENTS.split('\n')
    const Contents = gzipSync([first, others + last.join('\n')].join('\n').trimEnd())
    expect(await indexOf({ Packages: PACKAGES, 'Contents-amd64.gz': Contents })).toEqual(
      await indexOf({ Packages: PACKAGES, 'Contents-amd64': CONTENTS }),
    )
    const endless = CONTENTS + 'x'.repeat(2 * 1024 * 1024)
    expect(await indexOf({ Packages: PACKAGES, 'Contents-amd64': endless })).toContain('has a line of more than')
  })

  test('one without the other is refused', async () => {
    expect(await indexOf({ Packages: PACKAGES })).toContain('name Contents-ARCH')
    expect(await indexOf({ 'Contents-amd64': CONTENTS })).toContain('name Packages')
  })
})

describe('RPM', () => {
  test('provides give libraries with their version nodes; other architectures are left out', () => {
    const { packages, faults } = readRpmPrimary(PRIMARY, 'primary.xml')
    expect(faults).toEqual([])
    expect(packages).toEqual([
      {
        name: 'libfoo',
        version: '1.2-3.el9',
        depends: [['/usr/bin/sh'], ['libc.so.6()(64bit)']],
        provides: ['libfoo(x86-64)', 'libfoo.so.1()(64bit)'],
        libraries: [{ soname: 'libfoo.so.1', path: null, versions: ['FOO_1.0', 'FOO_1.2'] }],
        programs: ['/usr/bin/a&b'],
      },
    ])
  })

  test.each([
    ['cut', PRIMARY.replace('</metadata>', ''), 'truncated'],
    ['cut in a tag', PRIMARY.slice(0, PRIMARY.indexOf(' epoch=')), 'malformed'],
    ['another document', '<repomd></repomd>', 'malformed'],
  ])('%s is a fault', (_, text, kind) => {
    expect(readRpmPrimary(text, 'primary.xml').faults.map((fault) => fault.kind)).toEqual(
      expect.arrayContaining([kind]),
    )
  })
})

describe('apk', () => {
  test('so: provides are libraries', () => {
    const { packages, faults } = readApkIndex(APK, 'APKINDEX')
    expect(faults).toEqual([])
    expect(packages[0]).toEqual({
      name: 'libfoo',
      version: '1.2-r0',
      depends: [['so:libc.musl-x86_64.so.1'], ['zlib']],
      provides: ['cmd:foo', 'so:libfoo.so.1'],
      libraries: [{ soname: 'libfoo.so.1', path: null, versions: null }],
      programs: [],
    })
    expect(readApkIndex('V:1\n\n', 'APKINDEX').faults[0]?.message).toContain('without name')
  })

  test('APKINDEX.tar.gz, as tar makes it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'airtight-apk-'))
    try {
      writeFileSync(join(folder, 'APKINDEX'), APK)
      const made = spawnSync('tar', ['--format=ustar', '-cf', 'index.tar', 'APKINDEX'], { cwd: folder })
      expect(made.status).toBe(0)
      const part = indexPart(readFileSync(join(folder, 'index.tar')), 'index.tar')
      expect(part).toMatchObject({
        manager: 'apk',
        entries: { faults: [], packages: [{ name: 'libfoo' }, { name: 'musl' }] },
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

test('versions are ordered as package managers do', () => {
  const sorted = ['1.0~rc1', '1.0', '1.0-1', '1.0-10', '1.0.1-1', '1.9', '1.10', '1:0.1']
  for (const [at, version] of sorted.entries()) {
    for (const [other, against] of sorted.entries()) {
      expect([version, against, Math.sign(compareVersions(version, against))]).toEqual([
        version,
        against,
        Math.sign(at - other),
      ])
    }
  }
})

test('an index is read as it was written, and its closure follows what is provided', () => {
  const { packages } = readApkIndex(APK, 'APKINDEX')
  const folder = mkdtempSync(join(tmpdir(), 'airtight-index-'))
  try {
    const text = writeIndex({ manager: 'apk', label: 'alpine', packages })
    writeFileSync(join(folder, 'index.json.gz'), gzipSync(text))
    const index = readIndexFile(join(folder, 'index.json.gz'))
    if ('message' in index) throw new Error(index.message)
    expect(index.withLibrary('libfoo.so.1').map((item) => item.name)).toEqual(['libfoo'])
    expect(index.closure('libfoo', () => false).map((item) => item.name)).toEqual(['libfoo', 'musl'])
    expect(index.closure('libfoo', (name) => name === 'musl').map((item) => item.name)).toEqual(['libfoo'])
    expect(writeIndex({ manager: 'apk', label: 'alpine', packages: [...packages].reverse() })).toBe(text)
    expect(openPackageIndex({ manager: 'apk', label: '', packages }).package('none')).toBeNull()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('any bytes are an index or a fault', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 2048 }),
    fc
      .tuple(
        fc.constantFrom(PACKAGES, CONTENTS, PRIMARY, APK),
        fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 12 }),
      )
      .map(([text, changes]) => {
        const bytes = bytesOf(text)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        return bytes
      }),
  )
  fc.assert(
    fc.property(anything, (bytes) => {
      const part = indexPart(bytes, 'index')
      if ('message' in part) expect(part.message).not.toBe('')
      else if (part.kind === 'packages') {
        const { packages, faults } = part.entries
        expect(packages.length + faults.length).toBeGreaterThan(0)
        for (const item of packages) expect([item.name, item.version]).not.toContain('')
      }
    }),
  )
})

test('alternatives of Debian: a package that provides the name of a library has it where loaders look', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'airtight-alternatives-'))
  try {
    const providers =
      'Package: libblas3\nVersion: 3.11\nProvides: libblas.so.3, blas\n\nPackage: x\nVersion: 1\nProvides: liby.so\n'
    // As apt names its own copies of them.
    writeFileSync(join(folder, 'mirror_dists_d_main_binary-amd64_Packages'), providers)
    const contents = 'usr/lib/x86_64-linux-gnu/blas/libblas.so.3  libs/libblas3\nusr/bin/x  libs/x\n'
    writeFileSync(join(folder, 'mirror_dists_d_main_Contents-amd64'), contents)
    const read = await readIndexSources([folder], 'd')
    if ('message' in read) throw new Error(read.message)
    const index = openPackageIndex(read.data)
    expect(index.withLibrary('libblas.so.3').map(({ name }) => name)).toEqual(['libblas3'])
    expect(index.package('libblas3')?.libraries).toEqual([{ soname: 'libblas.so.3', path: null, versions: null }])
    expect(index.withLibrary('liby.so')).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

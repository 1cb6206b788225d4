/** Index files that are odd, cut, mixed or none, and the index of Airtight as a file: what is taken, and what is said. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readApkIndex } from '../../src/system/index-apk.ts'
import { compareVersions } from '../../src/system/index-entries.ts'
import { readRpmPrimary } from '../../src/system/index-rpm.ts'
import { indexPart, readIndexSources } from '../../src/system/index-source.ts'
import { readIndexFile, writeIndex } from '../../src/system/package-index.ts'
import { indexOf } from '../support/system/package-index.ts'
import { tar } from '../support/tree/tar-writer.ts'

const PACKAGES = `Package: libjbig0
Version: 2.1-6.1
Depends: libc6 (>= 2.4)

Package: potrace
Version: 1.16-2
`
const CONTENTS = `usr/bin/potrace                              graphics/potrace
usr/lib/x86_64-linux-gnu/libjbig.so.0        libs/libjbig0
`
const PRIMARY = `<?xml version="1.0"?>
<metadata><package type="rpm"><name>libfoo</name><arch>x86_64</arch><version epoch="0" ver="1.2" rel="3.el9"/>
</package></metadata>
`
const APK = `P:libfoo
V:1.2-r0
p:so:libfoo.so.1=1.2.3

`

describe('what XML may hold', () => {
  const package_ = (name: string, more = ''): string =>
    `<package type='rpm'><name>${name}</name><arch>x86_64</arch><version ver='1'/>${more}</package>`
  const read = (inner: string): ReturnType<typeof readRpmPrimary> =>
    readRpmPrimary(`<metadata>${inner}</metadata>`, 'p')

  test('entities by name and number, one quote or two', () => {
    expect(read(package_('a&#45;b&#x2B;&lt;&gt;&amp;&quot;&apos;')).packages[0]?.name).toBe(`a-b+<>&"'`)
    // What is none stays as it is.
    expect(read(package_('a&nbsp;&#1114112;')).packages[0]?.name).toBe('a&nbsp;&#1114112;')
    expect(read(package_('a').replace("ver='1'", `epoch="2" ver='1' rel=''`)).packages[0]?.version).toBe('2:1')
  })

  test('no name and no version are faults, and so is a tag that does not end', () => {
    expect(read(package_('')).faults).toHaveLength(1)
    expect(read(package_('a').replace("ver='1'", "rel='1'")).faults).toHaveLength(1)
    expect(read(`< >${package_('a')}`).packages).toHaveLength(1)
    expect(read(`<a ${'x'.repeat(70_000)}>`).faults[0]?.message).toBe('expected > to end what begins here')
    expect(read('<!-- no end').faults[0]?.message).toBe('expected --> to end what begins here')
  })
})

describe('index files', () => {
  test.each([
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 'compressed by xz'],
    ['lz4', [0x04, 0x22, 0x4d, 0x18, 0x64], 'compressed by lz4'],
    ['a text', [...Buffer.from('hello\n')], 'is no index: expected primary.xml'],
    ['nothing', [], 'is no index: expected primary.xml'],
  ])('of %s are refused with what to do', (_, bytes, message) => {
    const part = indexPart(Uint8Array.from(bytes), 'file')
    expect('message' in part ? part.message : '').toContain(message)
  })

  test('of apk without APKINDEX, or cut, are refused', () => {
    const other = indexPart(tar({ name: '.SIGN', data: 'x' }, { name: 'APKINDEX', type: '5' }), 'a.tar')
    expect(other).toMatchObject({ message: 'no APKINDEX in this archive' })
    const cut = indexPart(tar({ name: 'APKINDEX', data: APK }).subarray(0, 530), 'a.tar')
    expect(cut).toMatchObject({ kind: 'malformed', message: 'the archive ends within the data of an entry' })
    expect(readApkIndex('', 'APKINDEX').faults[0]?.message).toBe('no package in this APKINDEX')
  })

  test('in a folder are found by their names, also those of repodata', async () => {
    const names = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<unknown> => {
      const found = await indexOf(files)
      return typeof found === 'string' ? found : found.map(({ name, version }) => `${name} ${version}`)
    }
    expect(await names({ 'repodata/0a-primary.xml.gz': gzipSync(PRIMARY), 'README.xml': '<no/>' })).toEqual([
      'libfoo 1.2-3.el9',
    ])
    expect(await names({ 'some/Packages': PACKAGES })).toContain('no index in this folder')
    expect(await names({ APKINDEX: APK, Packages: PACKAGES })).toContain('is for dpkg, those before it for apk')
    expect(await names({ APKINDEX: 'V:1\n' })).toContain('without name')
    expect(await names({ Packages: 'Origin: Debian\nLabel: Debian\n', 'Contents-amd64': CONTENTS })).toContain(
      'no package in this list',
    )
    expect(await names({ Packages: 'Version: 1\n', 'Contents-amd64': CONTENTS })).toContain('lack Package or Version')
    expect(await names({ APKINDEX: APK, 'Contents-amd64': CONTENTS })).toContain('nothing of another system')
    expect(await names({ 'Packages.gz': gzipSync(PACKAGES).subarray(0, 90), 'Contents-amd64': CONTENTS })).toMatch(
      /gzip/,
    )
    // The newest of several, from two lists and two Contents.
    expect(
      await names({
        Packages: PACKAGES,
        x_Packages: 'Package: potrace\nVersion: 1.17-1\n\nPackage: potrace\nVersion: 1.9\n\nVersion: 3\n',
        'Contents-amd64': CONTENTS,
        'Contents-all': CONTENTS,
      }),
    ).toEqual(['libjbig0 2.1-6.1', 'potrace 1.17-1'])
    const gone = await readIndexSources(['/nonexistent/x'], 'test')
    expect(gone).toMatchObject({ kind: 'missing', message: 'does not exist' })
  })
})

describe('an index of Airtight', () => {
  const written = (content: string | Uint8Array): ReturnType<typeof readIndexFile> => {
    const folder = mkdtempSync(join(tmpdir(), 'airtight-index-'))
    try {
      writeFileSync(join(folder, 'i.json'), content)
      return readIndexFile(join(folder, 'i.json'))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const head = { schema: 'airtight/package-index/v1', manager: 'rpm', label: 'l' }

  test('says what is wrong with a file that is none', () => {
    expect(readIndexFile('/nonexistent/i.json')).toMatchObject({
      kind: 'unreadable',
      message: 'does not exist',
    })
    expect(written('{"schema": 1')).toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining('made by airtight base index') as string,
    })
    expect(written(gzipSync('{}').subarray(0, 12))).toMatchObject({ kind: 'malformed' })
    expect(written(JSON.stringify({ ...head, packages: [{ name: 1, version: '1' }] }))).toMatchObject({
      message: expect.stringContaining('packages.0.name: ') as string,
    })
    expect(written('{}')).toMatchObject({
      message: expect.stringContaining('no index of OS packages: schema: ') as string,
    })
  })

  test('answers who provides what, plain or compressed, whatever is left out', () => {
    const packages = [
      { name: 'b', version: '1', depends: [['virtual'], ['a', 'c'], ['nobody']], programs: ['/usr/bin/b'] },
      {
        name: 'a',
        version: '1',
        provides: ['virtual'],
        libraries: [{ soname: 'liba.so.1', path: '/lib/liba.so.1', versions: ['A_1'] }],
      },
      { name: 'c', version: '1', provides: ['virtual'], depends: [['/usr/bin/b']] },
    ]
    const text = JSON.stringify({ ...head, packages })
    for (const content of [text, gzipSync(text)]) {
      const index = written(content)
      if ('message' in index) throw new Error(index.message)
      expect(index.package('a')?.libraries).toEqual([
        { soname: 'liba.so.1', path: '/lib/liba.so.1', versions: ['A_1'] },
      ])
      expect(index.withProgram('/usr/bin/b').map(({ name }) => name)).toEqual(['b'])
      expect([index.withProgram('/usr/bin/none'), index.withLibrary('none.so')]).toEqual([[], []])
      const closure = (name: string, has: readonly string[] = []): readonly string[] =>
        index.closure(name, (other) => has.includes(other)).map((item) => item.name)
      expect(closure('b')).toEqual(['b', 'a'])
      expect(closure('b', ['virtual', 'c'])).toEqual(['b'])
      expect(closure('c')).toEqual(['c', 'b'])
      expect(closure('none')).toEqual([])
    }
    // What is written says no more than what it was read from, and reads as the same.
    const read = written(text)
    if ('message' in read) throw new Error(read.message)
    const offered = ['a', 'b', 'c'].flatMap((name) => read.package(name) ?? [])
    const again = writeIndex({ manager: 'rpm', label: 'l', packages: offered.reverse() })
    expect(JSON.parse(again)).toEqual({ ...head, packages: [packages[1], packages[0], packages[2]] })
    const bare = { name: 'd', version: '1', libraries: [{ soname: 'libd.so.1' }] }
    const known = written(JSON.stringify({ ...head, packages: [bare] }))
    if ('message' in known) throw new Error(known.message)
    expect(known.package('d')?.libraries).toEqual([{ soname: 'libd.so.1', path: null, versions: null }])
    const one = writeIndex({ manager: 'rpm', label: 'l', packages: known.withLibrary('libd.so.1') })
    expect(JSON.parse(one)).toEqual({ ...head, packages: [bare] })
    const data = { manager: 'rpm' as const, label: 'l', packages: [] }
    expect(JSON.parse(writeIndex(data))).toEqual({ ...head, packages: [] })
  })
})

test('versions: epochs, leading zeros, letters, and equal ones', () => {
  const signs = [
    ['1:1', '2:0', -1],
    ['0:1', '1', 0],
    ['1.01', '1.1', 0],
    ['1.a', '1.b', -1],
    ['1.b', '1.a', 1],
    ['1.a', '1.1', -1],
    ['1.2', '1.10', -1],
    ['1.3', '1.2', 1],
    ['1', '1.1', -1],
    ['', '', 0],
    ['1-1', '1', 1],
  ] as const
  for (const [a, b, sign] of signs) expect([a, b, Math.sign(compareVersions(a, b))]).toEqual([a, b, sign])
})

/** OS packages: who owns a file by dpkg, apk and rpm, on merged and unmerged systems. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import { parseApk } from '../../src/system/apk.ts'
import { paragraphs } from '../../src/system/control.ts'
import { parseDiversions } from '../../src/system/dpkg.ts'
import { openOwners } from '../../src/system/owners.ts'
import { parseRpm } from '../../src/system/rpm.ts'
import type { Content } from '../support/system/folder.ts'
import { makeTree } from '../support/system/folder.ts'

const status = (name: string, version = '1', architecture = 'amd64'): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: ${architecture}\nDescription: about\n more\n .\nVersion: ${version}\n\n`
const dpkg = (files: Readonly<Record<string, Content>>): ReturnType<typeof openOwners> =>
  openOwners(makeTree(files), null)

describe('dpkg', () => {
  const merged = {
    lib: { link: 'usr/lib' },
    'usr/lib/x86_64-linux-gnu/libz.so.1.2.13': '',
    'usr/share/doc/zlib1g/copyright': '',
    'var/lib/dpkg/status': status('zlib1g', '1:1.2.13') + status('base-files') + status('lost'),
    'var/lib/dpkg/info/zlib1g:amd64.list':
      '/.\n/lib\n/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu/libz.so.1.2.13\n/usr/share/doc/zlib1g/copyright\n',
    'var/lib/dpkg/info/base-files.list': '/.\n/bin/x\n/usr/lib\n',
  } as const

  it('finds a file through the merged folders of its list', () => {
    const owners = dpkg(merged)
    const zlib = { manager: 'dpkg', name: 'zlib1g', version: '1:1.2.13' }
    expect(owners.owner('/usr/lib/x86_64-linux-gnu/libz.so.1.2.13')).toEqual(zlib)
    expect(owners.owner('/usr/share/doc/zlib1g/copyright')).toEqual(zlib)
    expect(owners.owner('/usr/share/doc/zlib1g/copyright')).toEqual(zlib)
    expect(owners.owner('/usr/share/doc/other')).toBeNull()
    expect(owners.owner('/usr/lib/libz.so.1.2.13')).toBeNull()
    expect(owners.owner('/bin/x')?.name).toBe('base-files')
    expect(owners.faults).toEqual([])
  })

  it('follows a folder that is a link to the root', () => {
    const owners = dpkg({
      usr: { link: '/' },
      'lib/liba.so': '',
      'var/lib/dpkg/status': status('a'),
      'var/lib/dpkg/info/a.list': '/.\n/usr/lib/liba.so\n/usr/top\n/usr\n',
    })
    expect(owners.files('a')).toEqual(['/lib/liba.so', '/top', '/usr'])
    expect(['/lib/liba.so', '/top'].map((path) => owners.owner(path)?.name)).toEqual(['a', 'a'])
  })

  it('lists the files and the packages that have a list', () => {
    const owners = dpkg(merged)
    expect(owners.files('zlib1g')).toContain('/usr/lib/x86_64-linux-gnu/libz.so.1.2.13')
    expect(owners.files('lost')).toEqual([])
    expect(owners.packages().map((item) => item.name)).toEqual(['base-files', 'zlib1g'])
  })

  it('reads one list per architecture', () => {
    const owners = dpkg({
      'var/lib/dpkg/status': status('zlib1g', '1', 'amd64') + status('zlib1g', '2', 'i386'),
      'var/lib/dpkg/info/zlib1g:amd64.list': '/.\n/lib/a/libz.so.1\n',
      'var/lib/dpkg/info/zlib1g:i386.list': '/.\n/lib/b/libz.so.1\n',
    })
    expect(owners.owner('/lib/a/libz.so.1')?.version).toBe('1')
    expect(owners.owner('/lib/b/libz.so.1')?.version).toBe('2')
    expect(owners.files('zlib1g')).toEqual(['/lib/a/libz.so.1', '/lib/b/libz.so.1'])
  })

  it('follows diversions: the file of the others moves, that of the diverter stays', () => {
    const owners = dpkg({
      'var/lib/dpkg/status': status('mesa') + status('nvidia'),
      'var/lib/dpkg/info/mesa.list': '/.\n/usr/lib/libGL.so.1\n/usr/lib/libEGL.so.1\n',
      'var/lib/dpkg/info/nvidia.list': '/.\n/usr/lib/libGL.so.1\n',
      'var/lib/dpkg/diversions':
        '/usr/lib/libGL.so.1\n/usr/lib/mesa/libGL.so.1\nnvidia\n/usr/lib/libEGL.so.1\n/usr/lib/libEGL.so.1.local\n:\n',
    })
    expect(owners.owner('/usr/lib/libGL.so.1')?.name).toBe('nvidia')
    expect(owners.owner('/usr/lib/mesa/libGL.so.1')?.name).toBe('mesa')
    expect(owners.owner('/usr/lib/libEGL.so.1')).toBeNull()
    expect(owners.owner('/usr/lib/libEGL.so.1.local')?.name).toBe('mesa')
  })

  it('reads the status.d of an image without dpkg', () => {
    const owners = dpkg({
      'var/lib/dpkg/status.d/libc6': 'Package: libc6\nVersion: 2.36\n',
      'var/lib/dpkg/status.d/libc6.md5sums': `${'0'.repeat(32)}  usr/lib/libc.so.6\n`,
    })
    expect(owners.owner('/usr/lib/libc.so.6')).toEqual({ manager: 'dpkg', name: 'libc6', version: '2.36' })
  })

  it('indexes every path once many are asked for', () => {
    const owners = dpkg({
      'var/lib/dpkg/status': status('a') + status('b'),
      'var/lib/dpkg/info/a.list': `/.\n${Array.from({ length: 40 }, (_, i) => `/usr/share/a/${i}`).join('\n')}\n`,
      'var/lib/dpkg/info/b.list': '/.\n/usr/share/a/1\n/usr/share/b\u00e9/x',
    })
    for (let i = 0; i < 40; i += 1) expect(owners.owner(`/usr/share/a/${i}`)?.name).toBe('a')
    expect(owners.owner('/usr/share/a/40')).toBeNull()
    expect(owners.owner('/usr/share/b\u00e9/x')?.name).toBe('b')
  })

  it('reports a database it cannot read', () => {
    const owners = dpkg({ 'var/lib/dpkg/status': { link: 'status' } })
    expect(owners.faults).toEqual([])
    expect(owners.owner('/usr/lib/libc.so.6')).toBeNull()
    expect(owners.faults.map(faultText)).toEqual(['/var/lib/dpkg/status: cannot read the package database: ELOOP'])
  })

  it('reads any status and any diversions', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect([...paragraphs(text, ['Package'])]).toBeInstanceOf(Array)
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseDiversions(text)).toBeInstanceOf(Map)
      }),
    )
    expect([...paragraphs('A: 1\nB: 2\n c: 3\n\n\nA: 4', ['A'])].map((fields) => fields.get('A'))).toEqual(['1', '4'])
  })
})

describe('apk', () => {
  const text =
    'C:Q1\nP:zlib\nV:1.3.1-r1\nF:lib\nR:libz.so.1.3.1\na:0:0:755\nF:usr\nF:\nR:top\n\nP:musl\nV:1.2.5-r0\nF:lib\nR:ld-musl-x86_64.so.1\n'

  it.each(['lib/apk/db/installed', 'usr/lib/apk/db/installed'])('reads %s', (file) => {
    const owners = openOwners(makeTree({ [file]: text, 'usr/lib/x': '' }), null)
    expect(owners.owner('/lib/libz.so.1.3.1')).toEqual({ manager: 'apk', name: 'zlib', version: '1.3.1-r1' })
    expect(owners.owner('/top')?.name).toBe('zlib')
    expect(owners.owner('/nowhere')).toBeNull()
    expect(owners.files('musl')).toEqual(['/lib/ld-musl-x86_64.so.1'])
    expect(owners.files('none')).toEqual([])
    expect(owners.packages().map((item) => item.name)).toEqual(['musl', 'zlib'])
  })

  it('follows merged folders', () => {
    const owners = openOwners(makeTree({ lib: { link: 'usr/lib' }, 'usr/lib/apk/db/installed': text }), null)
    expect(owners.owner('/usr/lib/libz.so.1.3.1')?.name).toBe('zlib')
  })

  it('reads any text', () => {
    fc.assert(
      fc.property(fc.string(), (any) => {
        expect(parseApk(any)).toBeInstanceOf(Array)
      }),
    )
  })
})

describe('rpm', () => {
  it('says once that owners are unknown without a program', () => {
    const owners = openOwners(makeTree({ 'var/lib/rpm/rpmdb.sqlite': 'SQLite format 3' }), null)
    expect(owners.notes).toEqual([])
    expect(owners.owner('/usr/lib64/libz.so.1')).toBeNull()
    expect(owners.owner('/usr/lib64/libm.so.6')).toBeNull()
    expect(owners.files('zlib')).toEqual([])
    expect(owners.notes).toEqual([
      '/var/lib/rpm is an rpm database: owners of files are unknown, because no rpm program was named',
    ])
  })

  it('reports a program that fails', () => {
    const owners = openOwners(makeTree({ 'var/lib/rpm/Packages': 'junk' }), '/nonexistent/rpm')
    expect(owners.packages()).toEqual([])
    expect(owners.faults.map(faultText)[0]).toMatch(
      /^\/var\/lib\/rpm: cannot read the rpm database with \/nonexistent\/rpm: /,
    )
  })

  it('reports a program that finds nothing', () => {
    const owners = openOwners(makeTree({ 'usr/share/rpm/Packages.db': 'junk' }), '/bin/true')
    expect(owners.packages()).toEqual([])
    expect(owners.faults.map(faultText)).toEqual([
      '/usr/share/rpm: /bin/true found no package in the rpm database; it may not know its format',
    ])
  })

  it('reads the answer of the program', () => {
    const found = parseRpm(
      'zlib\t1.2.11-40.el9\t/usr/lib64/libz.so.1\nzlib\t1.2.11-40.el9\t/usr/lib64/a\tb\nglibc\t2.34-1\t/lib64/libc.so.6\nnoise\nx\t1\t\n',
    )
    expect([...found.keys()]).toEqual(['glibc', 'zlib'])
    expect(found.get('zlib')?.files).toEqual(['/usr/lib64/libz.so.1', '/usr/lib64/a\tb'])
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseRpm(text)).toBeInstanceOf(Map)
      }),
    )
  })
})

it('knows nothing of a tree without a package database', () => {
  const owners = openOwners(makeTree({ usr: null }), null)
  expect(owners.owner('/usr/lib/libz.so.1')).toBeNull()
  expect(owners.packages()).toEqual([])
  expect(owners.files('x')).toEqual([])
})

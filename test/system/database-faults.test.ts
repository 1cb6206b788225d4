/** Package databases that cannot be read, are odd, or were made by hand: what is still known, and what is said. */
import { chmodSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import { parseApk } from '../../src/system/apk.ts'
import { parseDiversions } from '../../src/system/dpkg.ts'
import { openOwners } from '../../src/system/owners.ts'
import { parseRpm } from '../../src/system/rpm.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { makeFolder, makeTree } from '../support/system/folder.ts'

describe('dpkg', () => {
  it('passes over a package without a list, and takes the fields that are there', () => {
    const owners = openOwners(
      makeTree({
        'var/lib/dpkg/status': 'Package: a\n\nVersion: 2\nArchitecture: amd64\n\nPackage: gone\nVersion: 1\n',
        'var/lib/dpkg/info/a.list': '/.\n/usr/lib/liba.so.1',
        'var/lib/dpkg/info/a.md5sums': '',
      }),
      null,
    )
    expect(owners.packages()).toEqual([{ manager: 'dpkg', name: 'a', version: '' }])
    // The last line of a list that was cut off counts.
    expect(owners.owner('/usr/lib/liba.so.1')?.name).toBe('a')
    expect(owners.faults).toEqual([])
  })

  it('knows the other packages where one list cannot be read, and says which', () => {
    const owners = openOwners(
      makeTree({
        'var/lib/dpkg/status': 'Package: a\nVersion: 1\n\nPackage: b\nVersion: 1\n',
        'var/lib/dpkg/info/a.list': { link: 'a.list' },
        'var/lib/dpkg/info/b.list': '/.\n/usr/lib/libb.so.1\n',
      }),
      null,
    )
    expect(owners.owner('/usr/lib/libb.so.1')?.name).toBe('b')
    expect(owners.files('a')).toEqual([])
    expect(owners.faults.map(faultText)).toContain('/var/lib/dpkg/info/a.list: cannot read the package database: ELOOP')
  })

  it('takes of status.d what names a package, a version or both', () => {
    const owners = openOwners(
      makeTree({
        'var/lib/dpkg/status.d/loop': { link: 'loop' },
        'var/lib/dpkg/status.d/odd': 'Version: 3\n',
        'var/lib/dpkg/status.d/tz': 'Package: tzdata\n',
        'var/lib/dpkg/status.d/tz.md5sums': `${'a'.repeat(32)}  usr/share/zoneinfo/UTC`,
      }),
      null,
    )
    expect(owners.packages().map((item) => [item.name, item.version])).toEqual([
      ['', '3'],
      ['tzdata', ''],
    ])
    expect(owners.owner('/usr/share/zoneinfo/UTC')?.name).toBe('tzdata')
    expect(owners.faults.map(faultText)).toEqual([
      '/var/lib/dpkg/status.d/loop: cannot read the package database: ELOOP',
    ])
  })

  it('sorts packages, two of one name in the order of the file', () => {
    const status = ['c', 'a', 'b', 'a'].map((name, at) => `Package: ${name}\nVersion: ${at}\n`).join('\n')
    const lists = Object.fromEntries(['a', 'b', 'c'].map((name) => [`var/lib/dpkg/info/${name}.list`, '/.\n']))
    const owners = openOwners(makeTree({ 'var/lib/dpkg/status': status, ...lists }), null)
    expect(owners.packages().map((item) => item.name + item.version)).toEqual(['a1', 'a3', 'b2', 'c0'])
  })

  it('reads diversions in groups of three lines and leaves out one that was cut', () => {
    expect([...parseDiversions('/a\n/b\np\n/c\n/d\n:\n')]).toEqual([
      ['/a', { to: '/b', by: 'p' }],
      ['/c', { to: '/d', by: ':' }],
    ])
    expect([...parseDiversions('/a\n/b\np\n/c\n/d\n')].map(([from]) => from)).toEqual(['/a'])
    expect([...parseDiversions('/a\r\n/b\u2028\np')]).toEqual([['/a\r', { to: '/b\u2028', by: 'p' }]])
    expect(parseDiversions(null).size).toBe(0)
  })

  it('is absent where its folder is a file', () => {
    expect(openOwners(makeTree({ 'var/lib/dpkg': 'x' }), null).packages()).toEqual([])
  })
})

describe('apk', () => {
  it('says once that a database of absurd size is not read', () => {
    const root = makeFolder({ 'lib/apk/db/installed': 'P:a\nV:1\n' })
    truncateSync(join(root, 'lib/apk/db/installed'), 128 * 1024 * 1024 + 1)
    const owners = openOwners(openFolderTree(root), null)
    expect(owners.packages()).toEqual([])
    expect(owners.owner('/lib/liba.so')).toBeNull()
    expect(owners.faults.map(faultText)).toEqual(['/lib/apk/db/installed: cannot read the package database: EIO'])
  })

  it('sorts packages, takes one without version, and leaves out one without name', () => {
    const found = parseApk('P:b\nV:2\n\nV:9\nF:lib\nR:lost\n\nP:c\n\nP:a\nF:usr/bin\nR:x\nR:y\n\nP:b\nV:1\nnoise\n')
    expect(found.map((item) => item.package.name + item.package.version)).toEqual(['a', 'b2', 'b1', 'c'])
    expect(found[0]?.files).toEqual(['/usr/bin/x', '/usr/bin/y'])
  })

  it('is absent where its file is a folder', () => {
    expect(openOwners(makeTree({ 'lib/apk/db/installed': null }), null).packages()).toEqual([])
  })
})

describe('rpm', () => {
  const program = (text: string): string => {
    const file = join(makeFolder({ rpm: `#!/bin/sh\n${text}` }), 'rpm')
    chmodSync(file, 0o755)
    return file
  }

  it('asks the program about a copy of the database and nothing else', () => {
    const log = join(makeFolder({}), 'log')
    const tree = makeTree({
      lib64: { link: 'usr/lib64' },
      'usr/lib64/libz.so.1': '',
      'usr/lib/sysimage/rpm/rpmdb.sqlite': 'SQLite format 3',
      'usr/lib/sysimage/rpm/rpmdb.sqlite-shm': 'never copied',
    })
    const answer = ['zlib\\t1.2-1\\t/lib64/libz.so.1', 'aaa\\t2:1-1\\t/usr/lib64/libz.so.1', 'zlib\\t1.2-1\\t/etc/z']
    const owners = openOwners(
      tree,
      program(`ls "$2" > ${log}\ncat "$2/rpmdb.sqlite" >> ${log}\nprintf '${answer.join('\\n')}\\n'`),
    )
    expect(owners.packages().map((item) => `${item.name} ${item.version}`)).toEqual(['aaa 2:1-1', 'zlib 1.2-1'])
    // The first package by name keeps a file that two have; names are followed through merged folders.
    expect(owners.owner('/usr/lib64/libz.so.1')).toEqual({ manager: 'rpm', name: 'aaa', version: '2:1-1' })
    expect(owners.files('zlib')).toEqual(['/usr/lib64/libz.so.1', '/etc/z'])
    expect(owners.owner('/etc/none')).toBeNull()
    expect(owners.faults).toEqual([])
    expect(readFileSync(log, 'utf8')).toBe('rpmdb.sqlite\nSQLite format 3')
  })

  it('says in one line what a program that fails has said', () => {
    const owners = openOwners(
      makeTree({ 'var/lib/rpm/Packages': 'x' }),
      program('echo first >&2; echo more >&2; exit 3'),
    )
    expect(owners.packages()).toEqual([])
    const [message = ''] = owners.faults.map(faultText)
    expect(message).toMatch(/^\/var\/lib\/rpm: cannot read the rpm database with .*\/rpm: Command failed: /)
    expect(message).not.toContain('\n')
  })

  it('finds the program where the environment names no folders', () => {
    const path = process.env['PATH']
    delete process.env['PATH']
    try {
      const owners = openOwners(
        makeTree({ 'var/lib/rpm/Packages': 'x' }),
        program(`printf "$PATH\\\\t1\\\\t/etc/x\\\\n"`),
      )
      expect(owners.packages().map((item) => item.name)).toEqual(['/usr/bin:/bin'])
    } finally {
      process.env['PATH'] = path
    }
  })

  it('takes lines of three fields alone', () => {
    expect([...parseRpm('a\t1\n\n\t\t/x\nb\t1\trelative\n').keys()]).toEqual([''])
  })
})

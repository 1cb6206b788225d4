/** The loader's text files: preload list, ld.so.conf, musl's path file, os-release. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import { globExpression, readLoaderConfiguration } from '../../src/system/ld-so-conf.ts'
import { muslPath } from '../../src/system/musl.ts'
import { parseOsRelease, readOsRelease } from '../../src/system/os-release.ts'
import { parsePreload } from '../../src/system/preload.ts'
import { memoryTree } from '../support/tree/memory.ts'
import { makeTree } from '../support/system/folder.ts'

const preload = (text: string): readonly string[] => parsePreload(Buffer.from(text, 'latin1'))

describe('/etc/ld.so.preload', () => {
  it.each([
    ['', []],
    ['liba.so', ['liba.so']],
    ['liba.so\n', ['liba.so']],
    ['liba.so libb.so:libc.so\tlibd.so\n\nlibe.so', ['liba.so', 'libb.so', 'libc.so', 'libd.so', 'libe.so']],
    ['# no\nliba.so # it\n', ['liba.so', 'it']],
    ['# nothing at all\nliba.so #it\n', ['liba.so', '#it']],
    ['liba.so #', ['liba.so']],
    ['  \n', []],
    ['liba.so\\ x', ['liba.so\\', 'x']],
  ])('%j', (text, names) => {
    expect(preload(text)).toEqual(names)
  })

  it('keeps the words of a comment that the loader does not look for far enough', () => {
    // 20 bytes lie behind the first comment, so the second '#' at byte 50 is beyond what is searched again.
    const text = `/usr/lib/a-rather-long-name/libfoo.so # one\nlibb.so # two\n`
    expect(preload(text)).toEqual(['/usr/lib/a-rather-long-name/libfoo.so', 'libb.so', '#', 'two'])
  })

  it('ends at a NUL, but for a last name without separator', () => {
    expect(preload('liba.so\0 libb.so libc.so')).toEqual(['liba.so', 'libc.so'])
    expect(preload('liba.so\0x\n')).toEqual(['liba.so'])
    expect(preload('a b\0c')).toEqual(['a', 'b'])
    expect(preload('a \0')).toEqual(['a'])
  })

  it('keeps bytes that are no text', () => {
    expect(preload('lib\xff.so\n')).toEqual(['lib\udcff.so'])
  })

  it('gives names without separators for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        for (const name of parsePreload(bytes)) expect(name).toMatch(/^[^ \t\n:\0]+$/)
      }),
    )
  })
})

describe('/etc/ld.so.conf', () => {
  it('follows includes in byte order, relative ones from the including file', () => {
    const tree = makeTree({
      'etc/ld.so.conf': 'include ld.so.conf.d/*.conf /opt/*/x[12].conf\n/last\n',
      'etc/ld.so.conf.d/b.conf': '/b',
      'etc/ld.so.conf.d/B.conf': '/B',
      'etc/ld.so.conf.d/.hidden.conf': '/hidden',
      'etc/ld.so.conf.d/b.conf.bak': '/bak',
      'opt/p/x1.conf': 'include deeper/*\n/x1',
      'opt/p/deeper/more': '/more',
      'opt/p/x3.conf': '/x3',
    })
    const { folders, files, faults } = readLoaderConfiguration(tree)
    expect(folders).toEqual(['/B', '/b', '/more', '/x1', '/last'])
    expect(files[0]).toBe('/etc/ld.so.conf')
    expect(faults).toEqual([])
  })

  it('knows comments, blanks, types and repeats', () => {
    const text = ' \t/a/ # why\n#/no\n\n/b=libc6\n/a\n/c \r\nrelative\nhwcap 0 nosegneg\n'
    const { folders, faults } = readLoaderConfiguration(makeTree({ 'etc/ld.so.conf': text }))
    expect(folders).toEqual(['/a', '/b', '/c'])
    expect(faults.map(faultText)).toEqual([
      "/etc/ld.so.conf: line 7: expected an absolute folder, found 'relative'",
      '/etc/ld.so.conf: line 8: hwcap lines have no effect; remove it',
    ])
  })

  it('passes over patterns that match nothing, and folders that are none', () => {
    const tree = makeTree({
      'etc/ld.so.conf': 'include  /nowhere/*.conf\t/etc/file/*.conf /etc/a\\*b /*/c.conf  gone.conf\ninclude\n/end\n',
      'etc/file': '/file',
      'etc/a*b': '/star',
      'etc/axb': '/other',
      'etc/c.conf': '/c',
    })
    const { folders, faults } = readLoaderConfiguration(tree)
    expect(folders).toEqual(['/star', '/c', '/end'])
    // A line of the word alone is a folder's name to ldconfig.
    expect(faults.map(faultText)).toEqual(["/etc/ld.so.conf: line 2: expected an absolute folder, found 'include'"])
  })

  it('takes included files in byte order, and none of a pattern that matches too many', () => {
    const few = Object.fromEntries(['b', 'a', 'c', 'B'].map((name) => [`etc/d/${name}`, `/${name}`]))
    const tree = makeTree({ 'etc/ld.so.conf': 'include d/*\ninclude /etc/m/*/[ab]\n/end\n', ...few })
    expect(readLoaderConfiguration(tree).folders).toEqual(['/B', '/a', '/b', '/c', '/end'])
    const many = memoryTree(
      Object.fromEntries([
        ['/etc/ld.so.conf', Buffer.from('include m/*\n/end\n')],
        ...Array.from({ length: 1001 }, (_, at) => [`/etc/m/${at}`, Buffer.from(`/${at}`)]),
      ]) as Record<string, Uint8Array>,
    )
    expect(readLoaderConfiguration(many).folders).toEqual(['/end'])
  })

  it('is empty where the file is absent, and says what it cannot read', () => {
    expect(readLoaderConfiguration(makeTree({ etc: null }))).toEqual({ folders: [], files: [], faults: [] })
    const { faults } = readLoaderConfiguration(makeTree({ 'etc/ld.so.conf': { link: 'ld.so.conf' } }))
    expect(faults.map(faultText)).toEqual(['/etc/ld.so.conf: cannot read the loader configuration: ELOOP'])
  })

  it('ends where a file includes itself', () => {
    const { folders, faults } = readLoaderConfiguration(makeTree({ 'etc/ld.so.conf': '/a\ninclude ld.so.*\n' }))
    expect(folders).toEqual(['/a'])
    expect(faults).toHaveLength(1)
  })

  it('ends where files include each other many times', () => {
    const twice = 'include /etc/c/*\ninclude /etc/c/*\n'
    const { files } = readLoaderConfiguration(makeTree({ 'etc/ld.so.conf': twice, 'etc/c/a': twice, 'etc/c/b': twice }))
    expect(files.length).toBeLessThanOrEqual(1000)
  })

  it.each([
    ['*.conf', 'a.conf', true],
    ['*.conf', 'a.config', false],
    ['**', 'anything', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[!a]b', 'ab', false],
    ['[!a]b', 'xb', true],
    ['[a-c]', 'b', true],
    ['[]]', ']', true],
    ['[c-a]', 'b', false],
    ['[ab', '[ab', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['a.b(c)', 'a.b(c)', true],
    ['[\\]', '\\', true],
    ['a\\', 'a\\', true],
  ])('glob %s on %s: %s', (pattern, name, matches) => {
    expect(globExpression(pattern).test(name)).toBe(matches)
  })

  it('makes an expression of any pattern and reads any file', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(globExpression(text)).toBeInstanceOf(RegExp)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const { folders } = readLoaderConfiguration(makeTree({ 'etc/ld.so.conf': bytes }))
        for (const folder of folders) expect(folder.startsWith('/')).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})

describe("musl's system path", () => {
  it('has a default', () => {
    expect(muslPath(makeTree({ lib: null }), '/lib/ld-musl-x86_64.so.1', null)).toEqual([
      '/lib',
      '/usr/local/lib',
      '/usr/lib',
    ])
  })

  it('stands in a file beside the folder of the loader', () => {
    const tree = makeTree({
      'etc/ld-musl-x86_64.path': '/a:/b\n\n/c\n',
      'opt/m/etc/ld-musl-aarch64.path': '/m',
      'etc/ld-musl-s390x.path': '/x\0:/y',
    })
    expect(muslPath(tree, '/lib/ld-musl-x86_64.so.1', null)).toEqual(['/a', '/b', '/c'])
    expect(muslPath(tree, '/opt/m/lib/renamed', 'aarch64')).toEqual(['/m'])
    expect(muslPath(tree, '/lib/ld-musl-s390x.so.1', 's390x')).toEqual(['/x'])
  })

  it('is the default where the loader has a name that tells no machine', () => {
    const tree = makeTree({ 'etc/ld-musl-.path': '/nameless', 'etc/ld-musl-x.path': '/x' })
    expect(muslPath(tree, '/lib/ld.so', null)).toEqual(['/nameless'])
    expect(muslPath(tree, '/lib/ld-musl-x.so.1/ld.so', null)).toEqual(['/lib', '/usr/local/lib', '/usr/lib'])
    expect(muslPath(tree, 'ld-musl-x.so.1', null)).toEqual(['/x'])
  })

  it('is nothing where the file is empty or cannot be read', () => {
    const tree = makeTree({
      'etc/ld-musl-a.path': '',
      'etc/ld-musl-b.path': { link: 'ld-musl-b.path' },
      'etc/ld-musl-c.path': null,
    })
    expect(muslPath(tree, '/lib/ld-musl-a.so.1', null)).toEqual([])
    expect(muslPath(tree, '/lib/ld-musl-b.so.1', null)).toEqual([])
    expect(muslPath(tree, '/lib/ld-musl-c.so.1', null)).toEqual([])
  })
})

describe('os-release', () => {
  it('unquotes as a shell does', () => {
    const text = '# c\nID=rocky\nVERSION_ID="9.3"\nPRETTY_NAME=\'Rocky Linux 9.3\'\nNAME="a \\"b\\" \\$c"\nnoise\n'
    expect(parseOsRelease(text)).toEqual({ id: 'rocky', version: '9.3', name: 'Rocky Linux 9.3' })
    expect(parseOsRelease('NAME="a \\"b\\" \\$c"').name).toBe('a "b" $c')
    expect(parseOsRelease('ID="open\nVERSION_ID=\'1').version).toBe('1')
  })

  it('has defaults', () => {
    expect(parseOsRelease('')).toEqual({ id: 'linux', version: '', name: 'linux' })
    expect(parseOsRelease('ID=arch').name).toBe('arch')
  })

  it('is read from /etc, else from /usr/lib', () => {
    expect(
      readOsRelease(makeTree({ 'etc/os-release': { link: '../usr/lib/os-release' }, 'usr/lib/os-release': 'ID=a' }))
        ?.id,
    ).toBe('a')
    expect(readOsRelease(makeTree({ 'usr/lib/os-release': 'ID=b' }))?.id).toBe('b')
    expect(readOsRelease(makeTree({ usr: null }))).toBeNull()
  })

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseOsRelease(text)).toHaveProperty('id')
      }),
    )
  })
})

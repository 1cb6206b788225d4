/** The loader's trace becomes requests and what came of them, as glibc 2.17 to 2.43 write it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ObservedLoad, ObservedProcess } from '../../src/domain/observed.ts'
import { TraceReader } from '../../src/runtime/trace.ts'

/** Lines of one process: the pid stands before each. */
function lines(pid: number, ...texts: readonly string[]): readonly string[] {
  return texts.map((text) => `${String(pid).padStart(10)}:\t${text}`)
}

function read(...given: readonly (readonly string[])[]): readonly ObservedProcess[] {
  const reader = new TraceReader()
  for (const line of given.flat()) reader.line(line)
  return reader.finish()
}

/** `NAME -> FILE how outcome, asked by BY`. */
function short({ name, file, by, opened, how, outcome }: ObservedLoad): string {
  return `${name} -> ${file ?? 'nothing'} [${how ?? '-'} ${outcome}${opened === true ? ' opened' : ''}] ${by ?? 'program'}`
}

function loads(process: ObservedProcess | undefined): readonly string[] {
  return (process?.loads ?? []).map(short)
}

/** A need that the cache answers. */
function needed(name: string, by: string, file = `/lib/${name}`): readonly string[] {
  return [
    '',
    `file=${name} [0];  needed by ${by} [0]`,
    `find library=${name} [0]; searching`,
    ' search cache=/etc/ld.so.cache',
    `  trying file=${file}`,
    '',
    `file=${name} [0];  generating link map`,
    '  dynamic: 0x00007f57f613ee68  base: 0x00007f57f613b000   size: 0x0000000000004010',
    '    entry: 0x00007f57f613b000  phdr: 0x00007f57f613b040  phnum:                  9',
  ]
}

function started(name: string): readonly string[] {
  return ['', `initialize program: ${name}`, '', '', `transferring control: ${name}`, '']
}

describe('one program', () => {
  it('is told with what it needs, from where, and for whom', () => {
    const [seen, ...more] = read(
      lines(
        7,
        '',
        'file=libtiff.so.6 [0];  needed by /rez/app/bin/app [0]',
        'find library=libtiff.so.6 [0]; searching',
        ' search path=/rez/a/lib:/rez/tiff/lib\t\t(LD_LIBRARY_PATH)',
        '  trying file=/rez/a/lib/libtiff.so.6',
        '  trying file=/rez/tiff/lib/libtiff.so.6',
        '',
        'file=libtiff.so.6 [0];  generating link map',
        '',
        'file=libz.so.1 [0];  needed by /rez/tiff/lib/libtiff.so.6 [0]',
        'find library=libz.so.1 [0]; searching',
        ' search path=/rez/a/lib:/rez/tiff/lib\t\t(LD_LIBRARY_PATH)',
        '  trying file=/rez/a/lib/libz.so.1',
        '  trying file=/rez/tiff/lib/libz.so.1',
        ' search path=/rez/z/lib\t\t(RUNPATH from file /rez/tiff/lib/libtiff.so.6)',
        '  trying file=/rez/z/lib/libz.so.1',
        '',
        'file=libz.so.1 [0];  generating link map',
        ...started('/rez/app/bin/app'),
      ),
    )
    expect(more).toEqual([])
    expect(seen).toMatchObject({ pid: 7, parent: null, name: '/rez/app/bin/app', program: null, source: 'trace' })
    expect(loads(seen)).toEqual([
      'libtiff.so.6 -> /rez/tiff/lib/libtiff.so.6 [library-path loaded] program',
      'libz.so.1 -> /rez/z/lib/libz.so.1 [runpath loaded] /rez/tiff/lib/libtiff.so.6',
    ])
  })

  it('opens plugins by path and by name, again and in vain', () => {
    const app = '/bin/app'
    const [seen] = read(
      lines(7, ...needed('libc.so.6', app), ...started(app)),
      lines(
        7,
        'file=/p/a.so [0];  dynamically loaded by /bin/app [0]',
        'file=/p/a.so [0];  generating link map',
        ...needed('libz.so.1', '/p/a.so'),
        'calling init: /p/a.so',
        'opening file=/p/a.so [0]; direct_opencount=1',
        'file=/usr/lib/libz.so.1 [0];  dynamically loaded by /p/a.so [0]',
        'opening file=/lib/libz.so.1 [0]; direct_opencount=2',
        'file=/p/none.so [0];  dynamically loaded by /bin/app [0]',
        'opening file= [0]; direct_opencount=2',
        'file=libno.so.1 [0];  dynamically loaded by /bin/app [0]',
        'find library=libno.so.1 [0]; searching',
        ' search cache=/etc/ld.so.cache',
        ' search path=/lib:/usr/lib\t\t(system search path)',
        '  trying file=/lib/libno.so.1',
        '  trying file=/usr/lib/libno.so.1',
      ),
    )
    expect(loads(seen)).toEqual([
      'libc.so.6 -> /lib/libc.so.6 [cache loaded] program',
      '/p/a.so -> /p/a.so [path loaded opened] program',
      'libz.so.1 -> /lib/libz.so.1 [cache loaded] /p/a.so',
      '/usr/lib/libz.so.1 -> /lib/libz.so.1 [path again opened] /p/a.so',
      '/p/none.so -> nothing [- missing opened] program',
      'libno.so.1 -> nothing [- missing opened] program',
    ])
  })

  it('finds a file that is loaded already under another name', () => {
    const search = [
      'file=libtiff.so [0];  needed by /bin/app [0]',
      'find library=libtiff.so [0]; searching',
      ' search path=/rez/tiff/lib\t\t(RPATH from file /bin/app)',
      '  trying file=/rez/tiff/lib/libtiff.so',
    ]
    const [seen] = read(lines(7, ...needed('libtiff.so.6', '/bin/app'), ...search, ...needed('libc.so.6', '/bin/app')))
    expect(loads(seen)[1]).toBe('libtiff.so -> /rez/tiff/lib/libtiff.so [rpath again] program')
  })

  it('ends at a library that is nowhere', () => {
    const [seen] = read(
      lines(
        7,
        'file=libno.so.1 [0];  needed by ./app [0]',
        'find library=libno.so.1 [0]; searching',
        ' search cache=/etc/ld.so.cache',
        ' search path=/lib\t\t(system search path)',
        '  trying file=/lib/libno.so.1',
        '  (no such file)',
      ),
    )
    expect(loads(seen)).toEqual(['libno.so.1 -> nothing [- missing] program'])
  })

  it('closes what it opened, and opens it anew', () => {
    const once = [
      'file=liba.so [0];  dynamically loaded by /bin/app [0]',
      'find library=liba.so [0]; searching',
      ' search cache=/etc/ld.so.cache',
      '  trying file=/lib/liba.so',
      'file=liba.so [0];  generating link map',
      'opening file=/lib/liba.so [0]; direct_opencount=1',
      'file=/lib/liba.so [0];  destroying link map',
    ]
    const seen = read(lines(7, ...needed('libc.so.6', '/bin/app'), ...started('/bin/app'), ...once, ...once))
    expect(seen.map((item) => item.loads.length)).toEqual([3])
  })

  it('has names with spaces, brackets and bytes that are no text', () => {
    const [seen] = read(
      lines(
        7,
        'file=/a b [0]/\udcff.so [0];  dynamically loaded by /my app [1] [0]',
        'file=/a b [0]/\udcff.so [0];  generating link map',
      ),
    )
    expect(seen?.loads[0]).toMatchObject({ name: '/a b [0]/\udcff.so', by: '/my app [1]', outcome: 'loaded' })
  })
})

describe('several programs in one log', () => {
  it('are told apart where one starts another in its place', () => {
    const seen = read(
      lines(7, ...needed('libc.so.6', 'sh'), ...started('sh')),
      lines(7, ...needed('libm.so.6', 'perl'), ...needed('libc.so.6', 'perl'), ...started('perl')),
      lines(7, ...needed('libm.so.6', 'perl'), ...needed('libc.so.6', 'perl'), ...started('perl')),
    )
    expect(seen.map(({ pid, name, loads: all }) => [pid, name, all.length])).toEqual([
      [7, 'sh', 1],
      [7, 'perl', 2],
      [7, 'perl', 2],
    ])
  })

  it('a fork is one only when it loads something, and knows its parent', () => {
    const plugin = ['file=/p.so [0];  dynamically loaded by /bin/app [0]', 'file=/p.so [0];  generating link map']
    const seen = read(
      lines(7, ...needed('libc.so.6', '/bin/app'), ...started('/bin/app')),
      lines(8, 'calling fini:  [0]'),
      lines(9, ...plugin),
    )
    expect(seen.map(({ pid, parent, name, loads: all }) => [pid, parent, name, all.map(short)])).toEqual([
      [7, null, '/bin/app', ['libc.so.6 -> /lib/libc.so.6 [cache loaded] program']],
      [9, 7, '/bin/app', ['/p.so -> /p.so [path loaded opened] program']],
    ])
  })

  it('share the stderr of a job with its own lines', () => {
    const reader = new TraceReader()
    const all = [...lines(7, ...needed('libc.so.6', 'a'), ...started('a')), 'rendering frame 1', '  12: not a line']
    for (const line of [...all, ...lines(8, ...needed('libc.so.6', 'b'), ...started('b'))]) reader.line(line)
    expect(reader.finish().map(({ pid, name }) => [pid, name])).toEqual([
      [7, 'a'],
      [8, 'b'],
    ])
    expect(reader.foreign).toBe(2)
  })

  it('keep the lists of dlmopen apart', () => {
    const apart = needed('libc.so.6', '/bin/app').map((text) => text.replaceAll('[0]', '[1]'))
    const seen = read(lines(7, ...needed('libc.so.6', '/bin/app'), ...started('/bin/app'), ...apart))
    expect(seen.map((item) => item.loads.length)).toEqual([2])
  })
})

describe('less than both options', () => {
  it('LD_DEBUG=files: paths come with the initialisers', () => {
    const [seen] = read(
      lines(
        7,
        'file=libm.so.6 [0];  needed by ./app [0]',
        'file=libm.so.6 [0];  generating link map',
        'calling init: /lib/libm.so.6',
      ),
    )
    expect(loads(seen)).toEqual(['libm.so.6 -> /lib/libm.so.6 [- loaded] program'])
  })

  it('LD_DEBUG=libs: who asked is not known', () => {
    const [seen] = read(
      lines(
        7,
        'find library=libm.so.6 [0]; searching',
        ' search cache=/etc/ld.so.cache',
        '  trying file=/lib/libm.so.6',
        '',
        'calling init: /lib64/ld-linux-x86-64.so.2',
        'calling init: /lib/libm.so.6',
        ...started('./app'),
        'calling init: /p/plugin.so',
        'find library=libno.so.1 [0]; searching',
        ' search cache=/etc/ld.so.cache',
        ' search path=/lib\t\t(system search path)',
        '  trying file=/lib/libno.so.1',
      ),
    )
    expect(seen?.name).toBe('./app')
    expect(seen?.loads.map((load) => [load.name, load.file, load.opened])).toEqual([
      ['libm.so.6', '/lib/libm.so.6', null],
      ['/p/plugin.so', '/p/plugin.so', null],
      ['libno.so.1', null, null],
    ])
  })
})

describe('any lines', () => {
  const word = fc.constantFrom('liba.so', '/l/liba.so', 'app', '', ' ', '[0]', '\udc80')
  const text = fc.oneof(
    fc.string(),
    fc.tuple(word, word).map(([a, b]) => `file=${a} [0];  needed by ${b} [0]`),
    fc.tuple(word, word).map(([a, b]) => `file=${a} [1];  dynamically loaded by ${b} [0]`),
    word.map((a) => `file=${a} [0];  generating link map`),
    word.map((a) => `file=${a} [0];  destroying link map`),
    word.map((a) => `find library=${a} [0]; searching`),
    word.map((a) => ` search path=${a}\t\t(system search path)`),
    fc.constant(' search cache=/etc/ld.so.cache'),
    word.map((a) => `  trying file=${a}`),
    word.map((a) => `opening file=${a} [0]; direct_opencount=1`),
    word.map((a) => `calling init: ${a}`),
    word.map((a) => `initialize program: ${a}`),
    word.map((a) => `transferring control: ${a}`),
  )

  it('give programs whose loads say what they mean', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), text)), (all) => {
        const seen = read(all.flatMap(([pid, body]) => lines(pid, body)))
        for (const load of seen.flatMap((item) => item.loads)) {
          if (load.outcome === 'missing') expect(load.file).toBeNull()
          if (load.outcome === 'again') expect(load.file).not.toBeNull()
        }
      }),
    )
  })

  it('that are none of a loader are counted', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (all) => {
        const reader = new TraceReader()
        for (const line of all) reader.line(line)
        reader.finish()
        expect(reader.own + reader.foreign).toBe(all.filter((line) => line !== '').length)
      }),
    )
  })
})

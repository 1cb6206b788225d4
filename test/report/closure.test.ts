/** Closures as tree, list, JSON and lines, from small closures. */
import { describe, expect, test } from 'vitest'
import type { Binding, Closure, Loaded, SymbolReport } from '../../src/domain/closure.ts'
import { closureDocument } from '../../src/report/closure-json.ts'
import { TraceWriter } from '../../src/report/closure-jsonl.ts'
import { symbolData } from '../../src/report/closure-symbols.ts'
import { closureList } from '../../src/report/closure-list.ts'
import { closureTrees } from '../../src/report/closure-tree.ts'
import { plainStyle } from '../../src/report/style.ts'

function loaded(index: number, name: string, path: string | null, how: Loaded['how'], loader: number | null): Loaded {
  return { index, name, path, file: path, how, loader }
}

function need(from: number, name: string, to: number, how: Binding['how'], optional = false): Binding {
  return { from, name, to, how, optional }
}

const clean: SymbolReport = { versionErrors: [], unversioned: [], undefined: [], bound: [], unread: [] }

function closure(more: Partial<Closure> = {}): Closure {
  return {
    root: '/bin/app',
    rootIndex: 0,
    interpreter: '/lib64/ld.so',
    libc: 'glibc',
    objects: [
      loaded(0, '/bin/app', '/bin/app', 'root', null),
      loaded(1, 'liba.so', '/opt/liba.so', 'runpath', 0),
      loaded(2, 'libc.so.6', '/lib/libc.so.6', 'cache', 0),
      loaded(3, 'libgone.so', null, 'missing', 1),
    ],
    trace: [1, 2, 3],
    bindings: [
      need(0, 'liba.so', 1, 'runpath'),
      need(0, 'libc.so.6', 2, 'cache'),
      need(1, 'libc.so.6', 2, 'loaded'),
      need(1, 'libgone.so', 3, 'missing'),
    ],
    scope: [0, 1, 2],
    symbols: () => clean,
    fatal: null,
    start: null,
    notes: [],
    ...more,
  }
}

describe('tree', () => {
  test('shows who asks for what, how it was found, and what is missing', () => {
    expect(closureTrees([closure()], plainStyle)).toBe(`/bin/app
├── liba.so => /opt/liba.so [runpath]
│   ├── libc.so.6 => /lib/libc.so.6 [cache]
│   └── libgone.so not found
└── libc.so.6 => /lib/libc.so.6 [cache]
`)
  })

  test('shows the needs of an object once', () => {
    const objects = [...closure().objects, loaded(4, 'libd.so', '/lib/libd.so', 'default', 2)]
    const bindings = [...closure().bindings, need(2, 'libd.so', 4, 'default')]
    const text = closureTrees([closure({ objects, bindings })], plainStyle)
    expect(text.match(/libd\.so/g)).toHaveLength(2)
    expect(text).toContain('└── libc.so.6 => /lib/libc.so.6 [cache] …\n')
    expect(text.endsWith('\n… its own needs are shown above\n')).toBe(true)
  })

  test('an absent auxiliary is no fault, an error of the start is', () => {
    const bindings = [need(0, 'libaux.so', -1, 'missing', true)]
    const text = closureTrees([closure({ bindings, start: 'liba.so: cannot open' })], plainStyle)
    expect(text).toContain('libaux.so [not found, optional]')
    expect(text).toContain('a start ends with: liba.so: cannot open')
  })

  test('a chain of three thousand needs is no problem', () => {
    const chain = Array.from({ length: 3_000 }, (_, at) => loaded(at, `l${at}`, `/l${at}`, 'cache', at - 1))
    const bindings = chain.slice(1).map((entry) => need(entry.index - 1, entry.name, entry.index, 'cache'))
    expect(closureTrees([closure({ objects: chain, bindings })], plainStyle).split('\n')).toHaveLength(3_001)
  })
})

describe('list', () => {
  test('has the shape of ldd', () => {
    expect(closureList([closure()], plainStyle)).toBe(
      '\tliba.so => /opt/liba.so\n\tlibc.so.6 => /lib/libc.so.6\n\tlibgone.so => not found\n',
    )
  })

  test('several roots stand under their names; a static one and a fatal error say so', () => {
    const fixed = closure({ root: '/bin/static', trace: [] })
    const broken = closure({ root: '/bin/text', fatal: 'invalid ELF header', trace: [] })
    expect(closureList([fixed, broken], plainStyle)).toBe(
      '/bin/static:\n\tstatically linked\n/bin/text:\n\tinvalid ELF header\n',
    )
  })
})

describe('lines', () => {
  test('have the form of the format, null for not found, fatal only where there is one', () => {
    const writer = new TraceWriter()
    const entries = [
      { name: 'liba.so', path: '/opt/liba.so' },
      { name: 'libgone.so', path: null },
    ]
    expect(writer.line({ root: '/bin/app', loaded: entries, fatal: null })).toBe(
      '{"object": "/bin/app", "loaded": [["liba.so", "/opt/liba.so"], ["libgone.so", null]]}\n',
    )
    expect(writer.line({ root: '/bin/x', loaded: [], fatal: 'no "ELF"' })).toBe(
      '{"object": "/bin/x", "loaded": [], "fatal": "no \\"ELF\\""}\n',
    )
  })

  test('one name with two paths is kept apart', () => {
    const writer = new TraceWriter()
    const line = (path: string | null): string => writer.line({ root: 'r', loaded: [{ name: 'a', path }], fatal: null })
    expect([line('/1'), line('/2'), line(null), line('/1')].map((text) => text.slice(28, -4))).toEqual([
      '"a", "/1"',
      '"a", "/2"',
      '"a", null',
      '"a", "/1"',
    ])
  })
})

test('json holds the link map, the order of the trace and every binding', () => {
  const place = { system: '/', libraryPath: '/opt', preload: null, inside: null, symbols: false }
  const data = JSON.parse(closureDocument([closure(), closure({ root: '/bin/b' })], place)) as Record<string, unknown>
  expect(data).toMatchObject({ schema: 'airtight/closure/v1', system: '/', library_path: '/opt' })
  expect(data['closures']).toHaveLength(2)
  expect((data['closures'] as unknown[])[0]).toMatchObject({
    root: '/bin/app',
    trace: [1, 2, 3],
    objects: [{ name: '/bin/app' }, { how: 'runpath', loader: 0 }, {}, { name: 'libgone.so', path: null }],
  })
})

describe('symbols', () => {
  const bound = closure({
    symbols: () => ({
      versionErrors: [
        { object: 1, provider: 2, version: 'GLIBC_2.99', weak: false },
        { object: 0, provider: 2, version: 'V_2', weak: true },
      ],
      unversioned: [{ object: 0, provider: 1 }],
      undefined: [
        { object: 1, symbol: 'z', version: null, immediate: false },
        { object: 1, symbol: 'a', version: 'V_1', immediate: true },
      ],
      bound: [0, 1],
      unread: [],
    }),
  })

  test('as data: paths of objects, weak demands marked, undefined symbols sorted', () => {
    expect(symbolData(bound)).toEqual({
      version_errors: [
        { object: '/opt/liba.so', provider: '/lib/libc.so.6', version: 'GLIBC_2.99' },
        { object: '/bin/app', provider: '/lib/libc.so.6', version: 'V_2', weak: true },
      ],
      undefined: [
        { object: '/opt/liba.so', symbol: 'a', version: 'V_1' },
        { object: '/opt/liba.so', symbol: 'z', version: null },
      ],
    })
    const place = { system: '/', libraryPath: null, preload: null, inside: null, symbols: true }
    expect(JSON.parse(closureDocument([bound], place))).toMatchObject({ closures: [symbolData(bound)] })
    const line = new TraceWriter().line({ root: '/bin/app', loaded: [], fatal: null, symbols: symbolData(bound) })
    expect(JSON.parse(line)).toEqual({ object: '/bin/app', loaded: [], ...symbolData(bound) })
  })

  test('the list complains in the words of ldd -r', () => {
    expect(closureList([bound], plainStyle, true).split('\n').slice(3)).toEqual([
      "/lib/libc.so.6: version `GLIBC_2.99' not found (required by /opt/liba.so)",
      "/lib/libc.so.6: weak version `V_2' not found (required by /bin/app)",
      '/opt/liba.so: no version information available (required by /bin/app)',
      'undefined symbol: a, version V_1\t(/opt/liba.so)',
      'undefined symbol: z\t(/opt/liba.so)',
      '',
    ])
  })

  test('the tree has a paragraph for each object that asks in vain', () => {
    expect(closureTrees([bound], plainStyle, true)).toContain(`/opt/liba.so: 2 undefined symbols
    a@V_1
    z
`)
    expect(closureTrees([closure()], plainStyle, true)).toContain('all symbols are defined')
    expect(closureTrees([bound], plainStyle)).not.toContain('undefined')
  })

  test('what could not be read is named', () => {
    const unread = closure({ symbols: () => ({ ...clean, unread: [1] }) })
    expect(symbolData(unread).unread).toEqual(['/opt/liba.so'])
    expect(closureList([unread], plainStyle, true)).toContain('/opt/liba.so: its symbols cannot be read')
  })
})

test('no report writes control characters of a name', () => {
  const name = 'lib\x1b[2J\u202e.so'
  const objects = [loaded(0, name, `/bin/${name}`, 'root', null), loaded(1, name, `/${name}`, 'cache', 0)]
  const hostile = closure({
    root: name,
    objects,
    bindings: [need(0, name, 1, 'cache')],
    trace: [1],
    start: name,
    notes: [name],
  })
  for (const text of [
    closureTrees([hostile], plainStyle),
    closureList([hostile, { ...hostile, fatal: name }], plainStyle),
  ]) {
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\u202e]/)
  }
})

/** Symbols as elf/dl-lookup.c binds them: what is undefined when everything is bound at once. */
import { describe, expect, test } from 'vitest'
import { undefinedOf, versionErrorsOf } from '../support/loader/symbols.ts'
import { program } from '../support/loader/world.ts'
import type { SymbolSpec } from '../support/elf/spec.ts'

const wants = (...names: string[]): SymbolSpec[] => names.map((name) => ({ name, defined: false }))
const gives = (...names: string[]): SymbolSpec[] => names.map((name) => ({ name }))

describe('the scope', () => {
  test('is every object of the process: a definition in the program serves a library', () => {
    const files = {
      '/p': program({ needs: ['liba.so'], runpath: '/l', symbols: [...wants('a'), ...gives('callback')] }),
      '/l/liba.so': { symbols: [...gives('a'), ...wants('callback', 'gone')] },
    }
    expect(undefinedOf(files, '/p')).toEqual(['/l/liba.so gone'])
    expect(undefinedOf(files, '/l/liba.so')).toEqual(['/l/liba.so callback', '/l/liba.so gone'])
  })

  test('of an opened object is the program first, then what the object brings', () => {
    const files = {
      '/p': program({ symbols: gives('host_call') }),
      '/plug.so': { needs: ['libd.so'], runpath: '/l', symbols: wants('host_call', 'dep_call', 'gone') },
      '/l/libd.so': { symbols: [...gives('dep_call'), ...wants('host_call')] },
    }
    expect(undefinedOf(files, '/plug.so', { inside: '/p' })).toEqual(['/plug.so gone'])
    expect(undefinedOf(files, '/plug.so')).toEqual(['/l/libd.so host_call', '/plug.so gone', '/plug.so host_call'])
  })

  test('holds preloaded objects', () => {
    const files = { '/p': program({ symbols: wants('f') }), '/l/pre.so': { symbols: gives('f') } }
    expect(undefinedOf(files, '/p')).toEqual(['/p f'])
    expect(undefinedOf(files, '/p', { preload: '/l/pre.so' })).toEqual([])
  })
})

describe('references', () => {
  const files = (symbol: SymbolSpec, more: object = {}): Parameters<typeof undefinedOf>[0] => ({
    '/p': program({ symbols: [symbol], ...more }),
  })

  test('weak ones may stay undefined', () => {
    expect(undefinedOf(files({ name: 'f', defined: false, binding: 2 }), '/p')).toEqual([])
    expect(undefinedOf(files({ name: 'f', defined: false, binding: 1 }), '/p')).toEqual(['/p f'])
  })

  test('hidden ones are not looked up', () => {
    expect(undefinedOf(files({ name: 'f', defined: false, visibility: 2 }), '/p')).toEqual([])
  })

  test('what no relocation refers to is not looked up', () => {
    expect(undefinedOf(files({ name: 'f', defined: false }, { relocations: false }), '/p')).toEqual([])
  })
})

describe('copy relocations', () => {
  const R_X86_64_COPY = 5
  const copied = { name: 'table', referred: true, relocation: R_X86_64_COPY, type: 1 }

  test('look behind the definition of the program', () => {
    const files = { '/p': program({ needs: ['liba.so'], runpath: '/l', symbols: [copied] }) }
    expect(undefinedOf({ ...files, '/l/liba.so': { symbols: gives('table') } }, '/p')).toEqual([])
    expect(undefinedOf({ ...files, '/l/liba.so': {} }, '/p')).toEqual(['/p table'])
  })

  test('of a weak symbol may find nothing', () => {
    const files = { '/p': program({ needs: ['liba.so'], runpath: '/l', symbols: [{ ...copied, binding: 2 }] }) }
    expect(undefinedOf({ ...files, '/l/liba.so': {} }, '/p')).toEqual([])
  })
})

describe('definitions', () => {
  const files = (
    definition: SymbolSpec,
    hash: readonly ('gnu' | 'sysv')[] = ['gnu', 'sysv'],
  ): Parameters<typeof undefinedOf>[0] => ({
    '/p': program({ needs: ['liba.so'], runpath: '/l', symbols: wants('f') }),
    '/l/liba.so': { symbols: [definition], hash },
  })

  test.each([
    ['global', { name: 'f' }, true],
    ['weak', { name: 'f', binding: 2 }, true],
    ['STB_GNU_UNIQUE', { name: 'f', binding: 10, type: 1 }, true],
    ['protected', { name: 'f', visibility: 3 }, true],
    ['hidden', { name: 'f', visibility: 2 }, false],
    ['internal', { name: 'f', visibility: 1 }, false],
    ['an IFUNC', { name: 'f', type: 10 }, true],
    ['a section symbol', { name: 'f', type: 3 }, false],
    ['another name', { name: 'g' }, false],
  ] as const)('%s', (_, definition, serves) => {
    const expected = serves ? [] : ['/p f']
    expect(undefinedOf(files(definition), '/p')).toEqual(expected)
    expect(undefinedOf(files(definition, ['sysv']), '/p')).toEqual(expected)
    expect(undefinedOf(files(definition, ['gnu']), '/p')).toEqual(expected)
  })

  test('an object without any hash table defines nothing', () => {
    expect(undefinedOf(files({ name: 'f' }, []), '/p')).toEqual(['/p f'])
  })

  test('of 500 symbols each is found and none that is not there', () => {
    const names = Array.from({ length: 500 }, (_, i) => `symbol_${i}`)
    const many = {
      '/p': program({ needs: ['liba.so'], runpath: '/l', symbols: wants(...names, 'symbol_500') }),
      '/l/liba.so': { symbols: gives(...names) },
    }
    expect(undefinedOf(many, '/p')).toEqual(['/p symbol_500'])
  })
})

describe('versions', () => {
  const asks = (version: string | null, weak = false): ReturnType<typeof program> =>
    program({
      needs: ['liba.so'],
      runpath: '/l',
      versionNeeds: version === null ? [] : [{ file: 'liba.so', versions: [{ name: version, weak }] }],
      symbols: [{ name: 'f', defined: false, ...(version === null ? {} : { version }) }],
    })
  const has = (...versions: (readonly [version: string, hidden: boolean])[]): object => ({
    soname: 'liba.so',
    versionDefinitions: ['V_1', 'V_2', 'V_3'],
    symbols: versions.map(([version, hidden]) => ({ name: 'f', version, hidden })),
  })

  test('an exact match serves, hidden or not', () => {
    expect(undefinedOf({ '/p': asks('V_1'), '/l/liba.so': has(['V_1', true], ['V_2', false]) }, '/p')).toEqual([])
  })

  test('another version does not', () => {
    expect(undefinedOf({ '/p': asks('V_2'), '/l/liba.so': has(['V_1', false]) }, '/p')).toEqual(['/p f@V_2'])
  })

  test('an unversioned definition serves a demand for a version', () => {
    const plain = { soname: 'liba.so', versionDefinitions: ['V_1'], symbols: [{ name: 'f' }] }
    expect(undefinedOf({ '/p': asks('V_1'), '/l/liba.so': plain }, '/p')).toEqual([])
    expect(undefinedOf({ '/p': asks('V_1'), '/l/liba.so': { symbols: gives('f') } }, '/p')).toEqual([])
  })

  test('without a demand the oldest version serves, and a later one when it is the only default', () => {
    expect(undefinedOf({ '/p': asks(null), '/l/liba.so': has(['V_1', true], ['V_2', false]) }, '/p')).toEqual([])
    expect(undefinedOf({ '/p': asks(null), '/l/liba.so': has(['V_2', true], ['V_3', false]) }, '/p')).toEqual([])
    expect(undefinedOf({ '/p': asks(null), '/l/liba.so': has(['V_2', true], ['V_3', true]) }, '/p')).toEqual(['/p f'])
  })

  test('a version that is not defined is an error, a weak demand a warning', () => {
    const provider = { soname: 'liba.so', versionDefinitions: ['V_1'], symbols: [{ name: 'f', version: 'V_1' }] }
    expect(versionErrorsOf({ '/p': asks('V_9'), '/l/liba.so': provider }, '/p')).toEqual(['/p wants V_9 of /l/liba.so'])
    expect(versionErrorsOf({ '/p': asks('V_9', true), '/l/liba.so': provider }, '/p')).toEqual([
      '(/p wants V_9 of /l/liba.so)',
    ])
    expect(versionErrorsOf({ '/p': asks('V_1'), '/l/liba.so': provider }, '/p')).toEqual([])
  })

  test('an object that defines no version is taken as it is', () => {
    expect(versionErrorsOf({ '/p': asks('V_9'), '/l/liba.so': { symbols: gives('f') } }, '/p')).toEqual([])
  })
})

test('an object whose symbols cannot be read leaves nothing to be called undefined', async () => {
  const { resolveClosure } = await import('../../src/loader/closure.ts')
  const { makeWorld } = await import('../support/loader/world.ts')
  const broken = { symbols: gives('f'), dynamicValues: { 6: 0x7f000000 } }
  const files = { '/p': program({ needs: ['liba.so'], runpath: '/l', symbols: wants('f') }), '/l/liba.so': broken }
  const report = resolveClosure(makeWorld(files), '/p').symbols()
  expect(report.undefined).toEqual([])
  expect(report.unread).toHaveLength(1)
})

describe('a trace without all libraries', () => {
  const asking = (needs: Readonly<Record<string, string>>, ...symbols: SymbolSpec[]): ReturnType<typeof program> =>
    program({
      needs: Object.keys(needs),
      runpath: '/l',
      versionNeeds: Object.entries(needs).map(([file, version]) => ({ file, versions: [version] })),
      symbols,
    })
  const wanted = (name: string, file: string, version: string): SymbolSpec => ({ name, defined: false, file, version })
  const liba = { soname: 'liba.so', versionDefinitions: ['A_1'], symbols: [{ name: 'a', version: 'A_1' }] }

  test('reads no version for what is demanded of a missing file behind the end of its table', () => {
    const prog = asking(
      { 'liba.so': 'A_1', 'libgone.so': 'G_1' },
      wanted('a', 'liba.so', 'A_1'),
      wanted('g', 'libgone.so', 'G_1'),
    )
    const files = { '/p': prog, '/l/liba.so': liba }
    expect(undefinedOf(files, '/p')).toEqual(['/p g'])
    // What is there instead has an empty name in later releases.
    expect(undefinedOf(files, '/p', { version: [2, 41] })).toEqual(['/p g@'])
  })

  test('reads the version where a later one of a file that is there makes the table long enough', () => {
    const prog = asking(
      { 'libgone.so': 'G_1', 'liba.so': 'A_1' },
      wanted('g', 'libgone.so', 'G_1'),
      wanted('a', 'liba.so', 'A_1'),
    )
    expect(undefinedOf({ '/p': prog, '/l/liba.so': liba }, '/p')).toEqual(['/p g@G_1'])
  })

  test('crashes over an object whose versions are all demanded of missing files, after what demands none before', () => {
    const call = { relocation: 7 } // R_X86_64_JUMP_SLOT
    const last = { name: 'last', defined: false, ...call }
    const prog = asking(
      { 'libgone.so': 'G_1' },
      { ...wanted('g', 'libgone.so', 'G_1'), ...call },
      ...wants('data'),
      last,
    )
    expect(undefinedOf({ '/p': prog }, '/p')).toEqual(['/p data'])
  })
})

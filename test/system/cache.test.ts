/** `ld.so.cache`: one test per rule of its layouts, its order and its choice among entries of one name. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ELFCLASS32,
  ELFDATA2MSB,
  EM_386,
  EM_AARCH64,
  EM_ARM,
  EM_MIPS,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
} from '../../src/domain/object.ts'
import type { Cpu } from '../../src/domain/system.ts'
import type { CacheClient } from '../../src/system/cache.ts'
import { cacheRows, openCache } from '../../src/system/cache.ts'
import { cpuOfLevel } from '../../src/system/cpu.ts'
import type { LibcVersion } from '../../src/system/subfolders.ts'
import type { WrittenCache, WrittenEntry } from '../support/system/cache-writer.ts'
import { namedHwcap, writeCache } from '../support/system/cache-writer.ts'
import type { LoaderImage } from '../support/system/loader-image.ts'
import { loaderHeader } from '../support/system/loader-image.ts'

const entry = (soname: string, path: string, more: Partial<WrittenEntry> = {}): WrittenEntry => ({
  soname,
  path,
  ...more,
})
const client = (
  version: LibcVersion | null = [2, 36],
  cpu: Cpu = cpuOfLevel(1),
  image: Partial<LoaderImage> = {},
): CacheClient => ({
  header: loaderHeader(image),
  version,
  cpu,
})
const find = (cache: WrittenCache, soname: string, by: CacheClient = client()): string | null | undefined =>
  openCache(writeCache(cache), by)?.lookup(soname)?.path ??
  (openCache(writeCache(cache), by) === null ? undefined : null)

const three = [
  entry('libc.so.6', '/lib/libc.so.6'),
  entry('libb.so.2', '/lib/libb.so.2'),
  entry('liba.so.1', '/lib/liba.so.1'),
]

describe('layouts', () => {
  it.each(['old', 'compat', 'new'] as const)('finds every name in the %s layout', (layout) => {
    for (const { soname, path } of three) expect(find({ entries: three, layout }, soname)).toBe(path)
    expect(find({ entries: three, layout }, 'libz.so.1')).toBeNull()
  })

  it('prefers the new part of the mixed layout: the old part has no hardware capabilities', () => {
    const entries = [
      entry('liba.so.1', '/x/haswell/liba.so.1', { hwcap: 1n << 50n }),
      entry('liba.so.1', '/lib/liba.so.1'),
    ]
    expect(find({ entries, layout: 'compat' }, 'liba.so.1', client([2, 41]))).toBe('/lib/liba.so.1')
    expect(find({ entries, layout: 'old' }, 'liba.so.1', client([2, 41]))).toBe('/x/haswell/liba.so.1')
  })

  it('looks for the new part at a multiple of 4 on i386, of 8 elsewhere', () => {
    const entries = [entry('liba.so.1', '/new', { flags: 3 })]
    const cache = { entries, layout: 'compat', alignment: 4 } as const
    const i386 = client([2, 36], cpuOfLevel(1), { machine: EM_386, class: ELFCLASS32 })
    expect(find(cache, 'liba.so.1', i386)).toBe('/new')
    expect(find({ ...cache, alignment: 8 }, 'liba.so.1', i386)).toBe('/new')
  })

  it('ignores what is no cache, is cut short, or claims more entries than it has', () => {
    const bytes = writeCache({ entries: three })
    expect(openCache(new Uint8Array(), client())).toBeNull()
    expect(openCache(bytes.subarray(0, 48), client())).toBeNull()
    expect(openCache(bytes.subarray(0, 100), client())).toBeNull()
    const old = writeCache({ entries: three, layout: 'old' })
    expect(openCache(old.subarray(0, 40), client())).toBeNull()
    expect(openCache(old.subarray(0, 12), client())).toBeNull()
    expect(openCache(Buffer.from('ld.so-1.8.0 and more bytes than a header has'), client())).toBeNull()
  })

  it('reads an empty cache', () => {
    expect(find({ entries: [], layout: 'compat' }, 'liba.so.1')).toBeNull()
  })
})

describe('byte order', () => {
  const big = client([2, 36], cpuOfLevel(1), { machine: EM_S390, data: ELFDATA2MSB })
  const entries = [entry('liba.so.1', '/lib64/liba.so.1', { flags: 0x403 })]

  it('follows the loader', () => {
    expect(find({ entries, bigEndian: true }, 'liba.so.1', big)).toBe('/lib64/liba.so.1')
    expect(find({ entries, bigEndian: true, layout: 'compat' }, 'liba.so.1', big)).toBe('/lib64/liba.so.1')
  })

  it.each([
    [0, true],
    [1, false],
    [2, true],
    [3, false],
  ])('takes a cache with order mark %i on a little-endian machine: %s', (mark, taken) => {
    const found = find({ entries: three, mark }, 'liba.so.1')
    expect(found).toBe(taken ? '/lib/liba.so.1' : undefined)
    expect(find({ entries: three, mark, layout: 'compat' }, 'liba.so.1')).toBe(found)
  })
})

describe('flags', () => {
  it.each([
    ['x86-64', {}, 0x303],
    ['x32', { class: ELFCLASS32 }, 0x803],
    ['i386', { machine: EM_386, class: ELFCLASS32 }, 0x3],
    ['aarch64', { machine: EM_AARCH64 }, 0xa03],
    ['arm hard float', { machine: EM_ARM, class: ELFCLASS32, flags: 0x5000400 }, 0x903],
    ['arm soft float', { machine: EM_ARM, class: ELFCLASS32, flags: 0x5000200 }, 0xb03],
    ['ppc64', { machine: EM_PPC64 }, 0x503],
    ['s390x', { machine: EM_S390 }, 0x403],
    ['riscv double', { machine: EM_RISCV, flags: 5 }, 0x1003],
    ['riscv soft', { machine: EM_RISCV, flags: 1 }, 0xf03],
    ['loongarch double', { machine: 258, flags: 0x43 }, 0x1203],
    ['loongarch soft', { machine: 258, flags: 0x41 }, 0x1103],
    ['mips n64', { machine: EM_MIPS }, 0x703],
    ['mips n64 nan2008', { machine: EM_MIPS, flags: 0x400 }, 0xe03],
    ['mips n32', { machine: EM_MIPS, class: ELFCLASS32, flags: 0x20 }, 0x603],
    ['mips o32 nan2008', { machine: EM_MIPS, class: ELFCLASS32, flags: 0x400 }, 0xc03],
    ['mips o32', { machine: EM_MIPS, class: ELFCLASS32 }, 0x3],
    ['sparc64', { machine: 43 }, 0x103],
  ])('takes for %s the entries with its id only', (_, image, flags) => {
    const by = client([2, 36], cpuOfLevel(1), image)
    const entries = [entry('liba.so.1', '/other', { flags: 0x7f03 }), entry('liba.so.1', '/own', { flags })]
    expect(find({ entries }, 'liba.so.1', by)).toBe('/own')
    expect(find({ entries: entries.slice(0, 1) }, 'liba.so.1', by)).toBeNull()
  })

  it('takes on arm both its own id and the plain one, the first of them', () => {
    const by = client([2, 36], cpuOfLevel(1), { machine: EM_ARM, class: ELFCLASS32, flags: 0x400 })
    const own = entry('liba.so.1', '/own', { flags: 0x903 })
    const plain = entry('liba.so.1', '/plain', { flags: 3 })
    expect(find({ entries: [own, plain] }, 'liba.so.1', by)).toBe('/own')
    expect(find({ entries: [plain, own] }, 'liba.so.1', by)).toBe('/plain')
    // Up to 2.32, and in the old layout, the exact id beats one seen before.
    const before = { ...by, version: [2, 31] as const }
    expect(find({ entries: [own, plain] }, 'liba.so.1', before)).toBe('/plain')
    expect(find({ entries: [own, plain], layout: 'old' }, 'liba.so.1', by)).toBe('/plain')
  })
})

describe('order', () => {
  it('compares digit runs as numbers', () => {
    const names = ['liba.so.10', 'liba.so.9', 'liba.so.1']
    for (const name of names)
      expect(find({ entries: names.map((n) => entry(n, `/lib/${n}`)) }, name)).toBe(`/lib/${name}`)
  })

  it('takes names that differ in leading zeros for one', () => {
    expect(find({ entries: [entry('liba.so.01', '/lib/liba.so.01')] }, 'liba.so.1')).toBe('/lib/liba.so.01')
  })

  it('misses names in an unsorted cache where a binary search does', () => {
    const ascending = [...three].reverse()
    expect(find({ entries: ascending }, 'libb.so.2')).toBe('/lib/libb.so.2')
    expect(find({ entries: ascending }, 'liba.so.1')).toBeNull()
  })

  it('takes the first of several entries of one name', () => {
    const entries = ['/first', '/second', '/third', '/fourth'].map((path) => entry('liba.so.1', path))
    expect(find({ entries }, 'liba.so.1')).toBe('/first')
  })

  it('wraps numbers at 32 bits', () => {
    expect(find({ entries: [entry('lib4294967297.so', '/wrapped')] }, 'lib1.so')).toBe('/wrapped')
  })

  it('orders bytes above 127 as the machine does', () => {
    const names = ['lib\u00e9.so', 'liba.so', 'libZ.so']
    const entries = (order: readonly string[], flags: number): WrittenCache => ({
      entries: order.map((n) => entry(n, `/lib/${n.length}${n}`, { flags })),
    })
    // The byte 0xe9 alone is the byte string U+DCE9; x86 has signed chars, so it sorts last of three in a descending list.
    const signed = entries([names[1] ?? '', names[2] ?? '', names[0] ?? ''], 0x303)
    const unsigned = entries(names, 0xa03)
    expect(find(signed, 'lib\udce9.so')).not.toBeNull()
    expect(find(unsigned, 'lib\udce9.so', client([2, 36], cpuOfLevel(1), { machine: EM_AARCH64 }))).not.toBeNull()
  })
})

describe('hardware capabilities', () => {
  const hwcaps = ['x86-64-v2', 'x86-64-v3', 'x86-64-v4']
  const levels: WrittenCache = {
    hwcaps,
    entries: [
      entry('liba.so.1', '/v4', { hwcap: namedHwcap(2, 3) }),
      entry('liba.so.1', '/v3', { hwcap: namedHwcap(1, 2) }),
      entry('liba.so.1', '/v2', { hwcap: namedHwcap(0, 1) }),
      entry('liba.so.1', '/plain'),
    ],
  }

  it.each([
    [1, '/plain'],
    [2, '/v2'],
    [3, '/v3'],
    [4, '/v4'],
  ] as const)('gives level %i the best entry it can use', (level, path) => {
    expect(find(levels, 'liba.so.1', client([2, 41], cpuOfLevel(level)))).toBe(path)
    expect(find({ ...levels, layout: 'compat' }, 'liba.so.1', client([2, 36], cpuOfLevel(level)))).toBe(path)
  })

  it('names the level of a hit', () => {
    const cache = openCache(writeCache(levels), client([2, 41], cpuOfLevel(3)))
    expect(cache?.lookup('liba.so.1')).toEqual({ path: '/v3', level: 'x86-64-v3' })
    expect(cache?.lookup('liba.so.1')).toEqual({ path: '/v3', level: 'x86-64-v3' })
  })

  it('finds the best whatever the order of the entries', () => {
    const entries = [levels.entries[2], levels.entries[1], levels.entries[3]].filter((item) => item !== undefined)
    expect(find({ ...levels, entries }, 'liba.so.1', client([2, 41], cpuOfLevel(4)))).toBe('/v3')
  })

  it('stops at the first plain entry once it has a better one', () => {
    const entries = [levels.entries[2], levels.entries[3], levels.entries[0]].filter((item) => item !== undefined)
    expect(find({ ...levels, entries }, 'liba.so.1', client([2, 41], cpuOfLevel(4)))).toBe('/v2')
  })

  it('checks the ISA level of an entry beside its name', () => {
    const entries = [entry('liba.so.1', '/v2', { hwcap: namedHwcap(0, 3) }), entry('liba.so.1', '/plain')]
    expect(find({ hwcaps, entries }, 'liba.so.1', client([2, 41], cpuOfLevel(2)))).toBe('/plain')
  })

  it('cannot use a name that is not in the extension, nor one of a disordered extension', () => {
    const entries = [entry('liba.so.1', '/v9', { hwcap: namedHwcap(9) }), entry('liba.so.1', '/plain')]
    expect(find({ hwcaps, entries }, 'liba.so.1', client([2, 41], cpuOfLevel(4)))).toBe('/plain')
    const named = { ...levels, entries: [entry('liba.so.1', '/v2', { hwcap: namedHwcap(1) })] }
    expect(
      find({ ...named, hwcaps: ['x86-64-v3', 'x86-64-v2'] }, 'liba.so.1', client([2, 41], cpuOfLevel(4))),
    ).toBeNull()
    expect(find({ entries: named.entries }, 'liba.so.1', client([2, 41], cpuOfLevel(4)))).toBeNull()
  })

  it('leaves them alone before 2.33', () => {
    expect(find(levels, 'liba.so.1', client([2, 31], cpuOfLevel(4)))).toBe('/plain')
  })

  const legacy: WrittenCache = {
    entries: [
      entry('liba.so.1', '/tls', { hwcap: 1n << 63n }),
      entry('liba.so.1', '/phi', { hwcap: 1n << 51n }),
      entry('liba.so.1', '/haswell/avx512_1', { hwcap: (1n << 50n) | 4n }),
      entry('liba.so.1', '/haswell', { hwcap: 1n << 50n }),
      entry('liba.so.1', '/x86_64', { hwcap: 2n }),
      entry('liba.so.1', '/plain'),
    ],
  }
  const without = (...paths: string[]): WrittenCache => ({
    entries: legacy.entries.filter((item) => !paths.includes(item.path)),
  })

  it('reads the legacy bits by mask up to 2.36', () => {
    for (const version of [
      [2, 31],
      [2, 36],
    ] as const) {
      expect(find(legacy, 'liba.so.1', client(version))).toBe('/tls')
      expect(find(without('/tls'), 'liba.so.1', client(version, cpuOfLevel(4)))).toBe('/haswell/avx512_1')
      expect(find(without('/tls'), 'liba.so.1', client(version, cpuOfLevel(3)))).toBe('/haswell')
      expect(find(without('/tls'), 'liba.so.1', client(version))).toBe('/x86_64')
      const phi: Cpu = { level: 3, platform: 'xeon_phi', legacy: [], kernel: null }
      expect(find(without('/tls'), 'liba.so.1', client(version, phi))).toBe('/phi')
    }
  })

  it('skips every legacy entry from 2.37 on, and for an unknown version', () => {
    expect(find(legacy, 'liba.so.1', client([2, 37], cpuOfLevel(4)))).toBe('/plain')
    expect(find(legacy, 'liba.so.1', client(null, cpuOfLevel(4)))).toBe('/plain')
  })

  it('knew only tls before 2.26', () => {
    expect(find(legacy, 'liba.so.1', client([2, 17], cpuOfLevel(4)))).toBe('/tls')
    expect(find(without('/tls'), 'liba.so.1', client([2, 17], cpuOfLevel(4)))).toBe('/plain')
  })

  it('gives i386 sse2 and i686', () => {
    const by = client([2, 31], cpuOfLevel(1), { machine: EM_386, class: ELFCLASS32 })
    const entries = [
      entry('liba.so.1', '/x86_64', { flags: 3, hwcap: 2n }),
      entry('liba.so.1', '/i686/sse2', { flags: 3, hwcap: (1n << 49n) | 1n }),
      entry('liba.so.1', '/plain', { flags: 3 }),
    ]
    expect(find({ entries }, 'liba.so.1', by)).toBe('/i686/sse2')
  })

  it('passes over entries that want a newer kernel, up to 2.35', () => {
    const entries = [
      entry('liba.so.1', '/new', { osversion: 0x060100 }),
      entry('liba.so.1', '/old', { osversion: 0x030200 }),
    ]
    const cpu: Cpu = { ...cpuOfLevel(1), kernel: [5, 14, 0] }
    expect(find({ entries }, 'liba.so.1', client([2, 31], cpu))).toBe('/old')
    expect(find({ entries }, 'liba.so.1', client([2, 35], cpu))).toBe('/old')
    expect(find({ entries }, 'liba.so.1', client([2, 36], cpu))).toBe('/new')
    expect(find({ entries }, 'liba.so.1', client([2, 31]))).toBe('/new')
  })
})

describe('hostile bytes', () => {
  const leveled: WrittenCache = {
    hwcaps: ['x86-64-v2'],
    entries: [entry('liba.so.1', '/v2', { hwcap: namedHwcap(0, 1) }), entry('liba.so.1', '/plain')],
  }

  it('gives up on a key outside the file, as the loader does', () => {
    const bytes = Buffer.from(writeCache({ entries: three }))
    bytes.writeUInt32LE(0xfffffff0, 48 + 24 + 4)
    expect(openCache(bytes, client())?.lookup('liba.so.1')).toBeNull()
  })

  it('passes over a value outside the file', () => {
    const bytes = Buffer.from(writeCache({ entries: [entry('liba.so.1', '/gone'), entry('liba.so.1', '/kept')] }))
    bytes.writeUInt32LE(0xfffffff0, 48 + 8)
    expect(openCache(bytes, client())?.lookup('liba.so.1')?.path).toBe('/kept')
    expect(cacheRows(bytes, false).map((row) => row.path)).toEqual(['/kept'])
  })

  it.each([
    ['not a multiple of 4', 32, (at: number) => at + 2],
    ['beyond the file', 32, () => 0xfffffff0],
    ['not the extension', 32, () => 48],
  ])('does without an extension whose place is %s', (_, field, change) => {
    const bytes = Buffer.from(writeCache(leveled))
    bytes.writeUInt32LE(change(bytes.readUInt32LE(field)), field)
    expect(openCache(bytes, client([2, 41], cpuOfLevel(4)))?.lookup('liba.so.1')?.path).toBe('/plain')
  })

  it.each([
    ['too many sections', 4, 0xffff],
    ['another kind of section', 8, 7],
    ['a section beyond the file', 16, 0xfffffff0],
    ['a section at an odd place', 16, 50],
    ['a section of odd size', 20, 5],
    ['a name beyond the file', 24, 0xfffffff0],
  ])('does without an extension that has %s', (_, field, value) => {
    const bytes = Buffer.from(writeCache(leveled))
    bytes.writeUInt32LE(value, bytes.readUInt32LE(32) + field)
    expect(openCache(bytes, client([2, 41], cpuOfLevel(4)))?.lookup('liba.so.1')?.path).toBe('/plain')
  })

  it('answers any bytes with a value or null', () => {
    const magic = fc.constantFrom('', 'ld.so-1.7.0', 'glibc-ld.so.cache1.1')
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 300 }), fc.string(), (start, rest, name) => {
        const bytes = Buffer.concat([Buffer.from(start), rest])
        openCache(bytes, client([2, 41], cpuOfLevel(4)))?.lookup(name)
        openCache(bytes, client([2, 31], cpuOfLevel(4)))?.lookup(name)
        expect(cacheRows(bytes, false).length).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })

  it('answers any damage to a real cache with a value or null', () => {
    const good = writeCache({
      layout: 'compat',
      hwcaps: ['x86-64-v2', 'x86-64-v3'],
      entries: [entry('libb.so', '/b', { hwcap: namedHwcap(1, 2) }), ...three],
    })
    const change = fc.record({ at: fc.nat({ max: good.length - 1 }), byte: fc.nat({ max: 255 }) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat({ max: good.length }), (changes, length) => {
        const bytes = Buffer.from(good)
        for (const { at, byte } of changes) bytes[at] = byte
        for (const { soname } of three) {
          const hit = openCache(bytes.subarray(0, length), client([2, 41], cpuOfLevel(4)))?.lookup(soname) ?? null
          expect(hit === null || typeof hit.path === 'string').toBe(true)
        }
      }),
    )
  })
})

it('lists the rows of a cache in its order', () => {
  expect(cacheRows(writeCache({ entries: three, layout: 'compat' }), false).map((row) => row.soname)).toEqual([
    'libc.so.6',
    'libb.so.2',
    'liba.so.1',
  ])
  expect(cacheRows(new Uint8Array(), false)).toEqual([])
})

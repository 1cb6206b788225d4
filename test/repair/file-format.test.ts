/** Repair files: what is written is read again, bytes depend on content alone, and what a person wrote stays. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RepairFile } from '../../src/domain/repair.ts'
import { encodePart, expandPath, packageFilePath } from '../../src/repair/paths.ts'
import { isRepairFile, parseRepairFile } from '../../src/repair/read.ts'
import type { Lock } from '../../src/repair/lock.ts'
import { parseLock, writeLock } from '../../src/repair/lock.ts'
import { updateRepairText, writeRepairFile } from '../../src/repair/write.ts'

const DIGEST = '01234567'.repeat(8)

const FILE: RepairFile = {
  kind: 'context',
  subject: { context: 'lighting 1', requests: ['usd-24.10'], packages: { usd: '24.10', tiff: '4.5.0' } },
  includes: ['packages/tiff/4.5.0.yaml'],
  grafts: {
    'libtiff.so.5': {
      source: { kind: 'host', path: '/usr/lib/libtiff.so.5.2' },
      sha256: DIGEST,
      dest: '{graft}/lib/libtiff.so.5.2',
      symlinks: { 'libtiff.so.5': 'libtiff.so.5.2' },
      visible_to: ['*'],
      licence: { redistribution: 'review' },
      fixes: ['HST002'],
      because: 'needed by usd: lib/libusd.so # not a comment',
    },
  },
  env: { LD_LIBRARY_PATH: { '{graft}/lib': { op: 'append', fixes: ['HST002'] } } },
}

function read(text: string): RepairFile {
  const file = parseRepairFile(text, 'x.yaml')
  if (!isRepairFile(file)) throw new Error(JSON.stringify(file))
  return file
}

function messages(text: string): readonly string[] {
  const file = parseRepairFile(text, 'x.yaml')
  return isRepairFile(file) ? [] : file.map((fault) => `${fault.line ?? '-'}: ${fault.message}`)
}

describe('writing', () => {
  test('what is written is read as the same data', () => {
    expect(read(writeRepairFile(FILE))).toEqual(FILE)
  })

  test('versions and digests are quoted, one entry is one block, lists of rules stand on one line', () => {
    const text = writeRepairFile(FILE)
    expect(text).toContain('\n    tiff: "4.5.0"\n    usd: "24.10"\n')
    expect(text).toContain(`\n    sha256: "${DIGEST}"\n`)
    expect(text).toContain('\n    fixes: [HST002]\n')
    expect(text).not.toMatch(/\t|\r|[&*]\w+ /)
  })

  test('the order of keys in memory does not reach the file', () => {
    const shuffled = fc.shuffledSubarray(Object.keys(FILE), { minLength: Object.keys(FILE).length })
    fc.assert(
      fc.property(shuffled, (keys) => {
        const other = Object.fromEntries(keys.map((key) => [key, FILE[key as keyof RepairFile]]))
        expect(writeRepairFile(other as unknown as RepairFile)).toBe(writeRepairFile(FILE))
      }),
    )
  })

  test('any text survives as a name, a value and a reason', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (text) => {
        fc.pre(!text.startsWith('x-'))
        const file: RepairFile = {
          kind: 'package',
          subject: { package: 'a', version: text },
          symlinks: { [text]: { target: text, because: text } },
        }
        fc.pre(text !== '__proto__')
        expect(read(writeRepairFile(file))).toEqual(file)
      }),
    )
  })
})

describe('editing', () => {
  const edited = writeRepairFile(FILE)
    .replace('  libtiff.so.5:', '  # asked by lighting\n  libtiff.so.5:\n    x-ticket: PIPE-1')
    .replace('env:', '# paths\nenv:')

  test('comments and x- keys stay when an entry is added before them and a field changes', () => {
    const before = read(edited)
    const graft = FILE.grafts?.['libtiff.so.5']
    if (graft === undefined) throw new Error('no graft')
    const after = { ...before, grafts: { 'liba.so.1': graft, 'libtiff.so.5': { ...graft, visible_to: ['usd'] } } }
    const text = updateRepairText(edited, before, after)
    expect(text).toContain('  # asked by lighting\n  libtiff.so.5:\n    x-ticket: PIPE-1\n')
    expect(text).toContain('\n# paths\nenv:\n')
    expect(text).toContain('    visible_to: [usd]\n')
    expect(text.indexOf('liba.so.1:')).toBeLessThan(text.indexOf('# asked by lighting'))
    expect(read(text)).toEqual(after)
  })

  test('without a change the bytes stay, odd as they are', () => {
    const odd = `${edited}\n\n# end\n`
    expect(updateRepairText(odd, read(odd), read(odd))).toBe(odd)
  })

  test('an entry that goes takes only its own lines along', () => {
    const before = read(edited)
    const after = { ...before, env: undefined } as unknown as RepairFile
    const text = updateRepairText(edited, before, after)
    expect(text).not.toContain('LD_LIBRARY_PATH')
    expect(text).toContain('# asked by lighting')
  })
})

describe('reading', () => {
  const head = 'schema: airtight/repair/v1\nkind: package\nsubject: {package: tiff, version: "4.5"}\n'

  test('an unknown key names its line and the key that was meant', () => {
    expect(messages(`${head}symlnks: {}\n`)).toEqual(["4: unknown key 'symlnks'; did you mean 'symlinks'?"])
    expect(
      messages(`${head}requires:\n  zlib:\n    rnge: "1"\n    range: "1"\n    found: "1"\n    confidence: exact\n`),
    ).toEqual(["6: unknown key 'rnge'; did you mean 'range'?"])
  })

  test('a value of the wrong kind names its line', () => {
    expect(messages(`${head}symlinks:\n  "{tiff}/lib/a":\n    target: 5\n`)[0]).toMatch(/^6: symlinks\..*target/)
    expect(messages(`${head}remove_files:\n  "{tiff}/a":\n    reason: x\n    sha256: abc\n`)[0]).toMatch(/^7: .*64 hex/)
  })

  test('x- keys may stand anywhere', () => {
    expect(read(`${head}x-owner: me\nsymlinks:\n  "{tiff}/a":\n    target: b\n    x-note: [1, 2]\n`).symlinks).toEqual({
      '{tiff}/a': { target: 'b' },
    })
  })

  test.each<[string, string]>([
    ['kind: pakage', "2: kind: 'pakage' is none of package, context; did you mean 'package'?"],
    ['kind: 5', '2: kind: expected package, context'],
    ['subject: {package: a}', '1: kind: expected package, context'],
    ['kind: package', '1: subject: is missing'],
    [
      'kind: context\nsubject: {context: a, requests: [], packges: {}}',
      "3: unknown key 'packges'; did you mean 'packages'?",
    ],
    ['kind: package\nsubject: {package: 5}', '3: subject.package: expected a text; put it into quotes'],
    ['kind: package\nsubject: {package: a}\nbase: {nam: a}', "4: unknown key 'nam'; did you mean 'name'?"],
    ['kind: package\nsubject: {package: a}\nverify: {expect: {errors: -1}}', '4: verify.expect.errors: Too small'],
    [
      'kind: package\nsubject: {package: a}\nverify: {expect: {eror: 1}}',
      "4: unknown key 'eror'; did you mean 'errors'?",
    ],
    [
      'kind: package\nsubject: {package: a}\ngrafts: {a: {source: {kind: host, pth: /a}}}',
      "4: unknown key 'pth'; did you mean 'path'?",
    ],
    ['kind: package\nsubject: {package: a}\nenv: {PATH: {a: {op: add}}}', '4: env.PATH.a.op: expected append, prepend'],
    ['kind: package\nsubject: {package: a}\nzzzzzzzz: 1', "4: unknown key 'zzzzzzzz'; known keys: schema, base, "],
    ['kind: package\nkind: context', '3: Map keys must be unique'],
    ['kind: &a [*b]', '2: Unresolved alias'],
  ])('%j is told with its line', (text, message) => {
    expect(messages(`schema: airtight/repair/v1\n${text}\n`).join('\n')).toContain(message)
  })

  test('what is no mapping, or too large, is no repair file', () => {
    for (const text of ['', '[]\n', '5\n']) {
      expect(messages(text)).toEqual(['1: expected a mapping that begins with schema: airtight/repair/v1'])
    }
    expect(messages(' '.repeat(16 * 1024 * 1024 + 1))).toEqual(['-: larger than 16777216 bytes'])
    expect(messages('schema: airtight/repair/v9\nkind: package\nsubject: {package: a}\n')).toEqual([
      '1: schema: expected airtight/repair/v1',
    ])
  })

  test('any bytes are a file or faults', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => head + text),
        ),
        (text) => {
          const answer = parseRepairFile(text, 'x.yaml')
          expect(isRepairFile(answer) || answer.length > 0).toBe(true)
        },
      ),
    )
  })
})

describe('paths', () => {
  test('a variant is one file, whatever its requirements hold', () => {
    const item = { name: 'usd', version: '24.08', variantRequires: ['python-3.11', '!foo/bar', '~os==centos-7'] }
    expect(packageFilePath(item)).toBe('packages/usd/24.08/python-3.11,%21foo%2Fbar,%7Eos%3D%3Dcentos-7.yaml')
    expect(packageFilePath({ name: 'plain', version: '', variantRequires: [] })).toBe('packages/plain.yaml')
  })

  test('no name leads out of its folder', () => {
    expect(encodePart('..')).toBe('%2E.')
    expect(encodePart('.state')).toBe('%2Estate')
    const places = { packages: [], graftRoot: '/opt/graft' }
    expect(expandPath('{graft}/lib', places)).toBe('/opt/graft/lib')
    expect(expandPath('{graft}/../etc', places)).toBeNull()
    expect(expandPath('{unknown}/lib', places)).toBeNull()
    expect(expandPath('lib', places)).toBeNull()
  })
})

describe('locks', () => {
  const inputs = {
    contexts: ['c.rxt'],
    repositories: [],
    host: '/',
    base: null,
    index: null,
    env: null,
    implicit: ['~os==centos-7'],
    cpu: null,
    name: null,
    prefer: ['grafts' as const],
    never: [],
    graftFrom: [],
  }
  const lock: Lock = {
    tool: 'airtight 1',
    generated: new Map([
      ['lighting', [{ keys: ['env', 'PATH', '{graft}/bin'], value: { op: 'append' } }]],
      ['', [{ keys: ['symlinks', '{a}/b'], value: { target: 'c' } }]],
    ]),
    verify: { resolve: ['libz.so.1'], run: { maya: ['maya', '-v'] }, expect: { errors: 0 } },
    declined: [
      { keys: ['requires', 'zlib'], evidence: 'abc', reason: 'not ours' },
      { keys: ['grafts', 'liba.so'], evidence: 'def' },
    ],
    inputs,
    places: { usd: ['/studio/usd'] },
    sources: { 'centos-7': '/roots/centos-7' },
  }

  test('are read as they were written', () => {
    const bare = { ...lock, verify: null, declined: [], inputs: null, places: {}, sources: {} }
    for (const one of [lock, bare]) {
      const read = parseLock(writeLock(one))
      expect({
        ...read,
        declined: [...(read?.declined ?? [])].sort((a, b) => (a.evidence < b.evidence ? -1 : 1)),
      }).toEqual(one)
    }
  })

  test.each([
    ['no YAML', 'a: ['],
    ['no lock', 'schema: airtight/repair/v1\ntool: x\ngenerated: {}\n'],
    ['nothing', ''],
    ['entries that are none', 'schema: airtight/repair-lock/v1\ntool: x\ngenerated: {c: {grafts: {a: null}}}\n'],
    [
      'an environment of another depth',
      'schema: airtight/repair-lock/v1\ntool: x\ngenerated: {c: {env: {P: {a: 5}}}}\n',
    ],
    ['a refusal that is none', 'schema: airtight/repair-lock/v1\ntool: x\ngenerated: {}\ndeclined: {grafts: {a: 5}}\n'],
    ['a check of another kind', 'schema: airtight/repair-lock/v1\ntool: x\ngenerated: {}\nverify: {run: 5}\n'],
    ['aliases', 'schema: airtight/repair-lock/v1\ntool: &a x\ngenerated: {}\nx: *a\n'],
  ])('%s: nothing is known of earlier runs', (_, text) => {
    expect(parseLock(text)).toBeNull()
  })

  test('any change of a lock gives a lock or none', () => {
    const text = writeLock(lock)
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 8 }), (at, length, other) => {
        const changed = parseLock(text.slice(0, at) + other + text.slice(at + length))
        expect(changed === null || changed.declined.every(({ evidence }) => typeof evidence === 'string')).toBe(true)
      }),
    )
  })
})

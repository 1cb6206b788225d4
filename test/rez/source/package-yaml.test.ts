/** package.yaml as definitions. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePython } from '../../../src/rez/python/parse.ts'
import { str } from '../../../src/rez/python/value.ts'
import { textAttribute, textListsAttribute, textsAttribute } from '../../../src/rez/source/definition.ts'
import { readPackageYaml } from '../../../src/rez/source/package-yaml.ts'

function missing(): never {
  throw new Error('no definition')
}

describe('package.yaml', () => {
  it('gives attributes and commands with their lines', () => {
    const { definition, faults } = readPackageYaml(
      `name: foo\nversion: "1.0"\nrequires:\n- a-1\n- b\nvariants: [[x], []]\ncommands: |\n  # path\n  env.PATH.append('{root}')\npost_commands: env.X = 1\n`,
      'package.yaml',
      parsePython,
    )
    if (definition === null) throw new Error(JSON.stringify(faults))
    expect(textAttribute(definition, 'name')).toBe('foo')
    expect(textsAttribute(definition, 'requires')).toEqual(['a-1', 'b'])
    expect(textListsAttribute(definition, 'variants')).toEqual([['x'], []])
    expect(definition.attributes.get('requires')?.line).toBe(3)
    expect(definition.functions.get('commands')?.body.map((statement) => statement.at.line)).toEqual([9])
    expect(definition.functions.get('post_commands')?.body.map((statement) => statement.at.line)).toEqual([10])
    expect(definition.unevaluated).toEqual([])
  })

  it('types plain values as PyYAML does', () => {
    const { definition } = readPackageYaml(
      `a: 1\nb: 1.5\nc: yes\nd: ~\ne: y\nf: 0x10\ng: {k: 1}\nh:\ny: 2\ni: &x [1]\nj: *x\n`,
      'f',
      parsePython,
    )
    const kinds = [...(definition?.attributes ?? [])].map(([name, item]) => `${name} ${item.value.kind}`)
    expect(kinds).toEqual([
      'a int',
      'b float',
      'c bool',
      'd none',
      'e str',
      'f int',
      'g dict',
      'h none',
      'y int',
      'i list',
      'j list',
    ])
  })

  it('lets the last of two keys win', () => {
    expect(textAttribute(readPackageYaml('a: x\na: y\n', 'f', parsePython).definition ?? missing(), 'a')).toBe('y')
  })

  it('names dates, odd tags and bombs of aliases', () => {
    const bomb = Array.from(
      { length: 12 },
      (_, i) =>
        `a${i}: &a${i} [${Array(9)
          .fill(i === 0 ? 'x' : `*a${i - 1}`)
          .join(', ')}]`,
    ).join('\n')
    const { definition } = readPackageYaml(`when: 2012-10-10\n${bomb}\nlast: 1\n`, 'f', parsePython)
    expect(definition?.unknown.get('when')).toEqual({
      file: 'f',
      line: 1,
      code: 'when: ...',
      reason: 'a value of this kind or size is not evaluated',
    })
    expect(definition?.unknown.has('a11')).toBe(true)
  })

  it('refuses old-style commands and broken ones', () => {
    const old = readPackageYaml(`name: x\ncommands:\n- export X=!ROOT!/y\n`, 'f', parsePython)
    expect(old.definition?.unknown.get('commands')?.reason).toBe(
      'old-style commands, a list of shell lines, which Rez refuses',
    )
    const broken = readPackageYaml(`name: x\ncommands: |\n  env.X = (\n`, 'f', parsePython)
    expect(broken.faults.map(({ line }) => line)).toEqual([3])
    expect(broken.definition?.unknown.has('commands')).toBe(true)
  })

  it.each([
    ['a: [1', 1, 'not YAML: '],
    ['a: 1\n b: 2\n', 1, 'not YAML: '],
    ['- a\n', 1, 'no mapping: "name: ..." was expected'],
    ['', 1, 'no mapping: "name: ..." was expected'],
  ])('%j is a fault', (text, line, message) => {
    const { definition, faults } = readPackageYaml(text, 'f', parsePython)
    expect(definition).toBeNull()
    expect(faults[0]?.line).toBe(line)
    expect(faults[0]?.message).toContain(message)
  })

  it('survives any text', () => {
    const piece = fc.constantFrom(
      'a: ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '*x',
      '&x ',
      '|',
      '>',
      '\n',
      '\n  ',
      '!!',
      '? ',
      ': ',
      '"',
      "'",
      '#',
      '---\n',
      'commands: |\n  env.X',
      '<<: ',
    )
    const text = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.array(piece, { maxLength: 50 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (yaml) => {
        const { definition, faults } = readPackageYaml(yaml, 'f', parsePython)
        expect(definition !== null || faults.length === 1).toBe(true)
      }),
      { numRuns: 1000 },
    )
    for (const deep of ['['.repeat(50_000), `${'- '.repeat(20_000)}a`, `a: ${'{a: '.repeat(20_000)}`]) {
      expect(readPackageYaml(deep, 'f', parsePython).definition).toBeNull()
    }
  })
})

describe('what package.yaml cannot say', () => {
  it('a text that no one writes is not read', () => {
    const { definition, faults } = readPackageYaml(`name: ${'x'.repeat(1 << 20)}\n`, 'f', parsePython)
    expect(definition).toBeNull()
    expect(faults).toMatchObject([{ kind: 'unsupported' }])
    expect(faults[0]?.message).toContain('ordinary size')
  })

  it('a date anywhere makes its attribute unknown, and no other; a key that is no text is passed over', () => {
    const { definition } = readPackageYaml(
      'a: {k: 2012-10-10}\nb: [1, [2012-10-10]]\nc: {2012-10-10: 1}\n? [x, y]\n: z\nd: {y: n}\nname: {}\nn: >\n  folded\n',
      'f',
      parsePython,
    )
    expect([...(definition?.unknown.keys() ?? [])]).toEqual(['a', 'b', 'c'])
    expect([...(definition?.attributes.keys() ?? [])]).toEqual(['d', 'name', 'n'])
    expect(definition?.attributes.get('d')?.value).toEqual({ kind: 'dict', entries: [[str('y'), str('n')]] })
  })

  it('commands are code on the line where their text stands', () => {
    const lines = (text: string): unknown =>
      readPackageYaml(text, 'f', parsePython)
        .definition?.functions.get('commands')
        ?.body.map(({ at }) => at.line)
    expect(lines('commands: >\n  env.A = 1\n')).toEqual([2])
    expect(lines('commands:\n  "env.A = 1"\n')).toEqual([2])
    expect(readPackageYaml('commands:\n', 'f', parsePython).definition?.functions.size).toBe(0)
  })
})

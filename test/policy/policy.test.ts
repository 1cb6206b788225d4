/** airtight.yaml: what it sets, and what it says about a wrong line. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import { DEFAULT_PRIVATE_DIRS } from '../../src/policy/policy.ts'
import { parsePolicy } from '../../src/policy/read.ts'

const HEAD = 'schema: airtight/policy/v1\n'
const isRule = (name: string): boolean => name === 'HST002' || name === 'host-leak'

const read = (text: string): ReturnType<typeof parsePolicy> => parsePolicy(HEAD + text, 'airtight.yaml', isRule)
const faults = (text: string): readonly string[] => {
  const result = read(text)
  return 'severities' in result ? [] : result.map(faultText)
}

describe('a policy', () => {
  it('sets what it names, and keeps the default private folders', () => {
    const policy = read(
      [
        'host: /',
        'base: base.yaml',
        'repos: [/studio/rez]',
        'private_dirs: [lib/vendor]',
        "ignore_paths: ['**/testdata/**']",
        "plugins: {houdini: {match: ['**/dso/*.so'], host: houdini}}",
        'rules: {HST002: warn, host-leak: {severity: off}}',
        'packages: {maya: {payload: ["/usr/autodesk/maya{version.major}"]}}',
        'x-note: kept',
      ].join('\n'),
    )
    expect(policy).toMatchObject({
      host: '/',
      base: 'base.yaml',
      repos: ['/studio/rez'],
      privateDirs: [...DEFAULT_PRIVATE_DIRS, 'lib/vendor'],
      ignorePaths: ['**/testdata/**'],
      plugins: [{ name: 'houdini', match: ['**/dso/*.so'], host: 'houdini' }],
      severities: new Map([
        ['HST002', 'warn'],
        ['host-leak', 'off'],
      ]),
      payloads: new Map([['maya', ['/usr/autodesk/maya{version.major}']]]),
    })
  })

  it('may hold nothing but its schema', () => {
    expect(faults('')).toEqual([])
  })
})

describe('a wrong policy', () => {
  it.each([
    ['privatedirs: []', "airtight.yaml: line 2: unknown key 'privatedirs'; did you mean 'private_dirs'?"],
    ['colour: red', "unknown key 'colour'; known keys: schema, host"],
    ['rules: {HST999: warn}', "airtight.yaml: line 2: rules: no rule is called 'HST999'"],
    ['rules:\n  HST002: fatal', 'airtight.yaml: line 3: rules.HST002'],
    ['suppress: []', 'airtight.yaml: line 2: suppress: not supported in this version'],
    ['baseline: b.yaml', 'airtight.yaml: line 2: baseline: not supported in this version'],
    ['packages: {maya: {paylod: []}}', "unknown key 'paylod'; did you mean 'payload'?"],
    ['plugins: {a: {match: []}}', 'airtight.yaml: line 2: plugins.a'],
    ['host: [', 'airtight.yaml: line'],
  ])('%j is told with its line', (text, message) => {
    expect(faults(text).join('\n')).toContain(message)
  })

  it('needs a schema', () => {
    const result = parsePolicy('- a', 'airtight.yaml', isRule)
    expect('severities' in result ? [] : result.map(faultText)).toEqual([
      'airtight.yaml: line 1: expected a mapping that begins with schema: airtight/policy/v1',
    ])
  })

  it('is a value or faults whatever the text is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parsePolicy(text, 'f', isRule)).toBeDefined()
        expect(read(text)).toBeDefined()
      }),
    )
  })

  it('does not follow aliases that explode', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `x-${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`)
    expect(faults(`x-0: &l0 [a,a,a]\n${levels.join('\n')}\n`)).toHaveLength(1)
  })
})

/** airtight.yaml: what it sets, how files are laid over each other, and what it says about a wrong line. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import { DEFAULT_PRIVATE_DIRS } from '../../src/policy/policy.ts'
import { policyPacks } from '../../src/policy/packs.ts'
import { readLayer } from '../../src/policy/read.ts'
import { layerOf, policyOf, RULE_NAMES } from '../support/policy.ts'

const faults = (text: string): readonly string[] => {
  const layer = layerOf(text)
  return 'located' in layer ? [] : layer.map(faultText)
}

describe('a policy', () => {
  it('sets what it names, and keeps the default private folders', () => {
    const policy = policyOf(
      [
        'host: /',
        'base: base.yaml',
        'repos: [/studio/rez]',
        'baseline: baseline.yaml',
        'private_dirs: [lib/vendor]',
        "ignore_paths: ['**/testdata/**']",
        "plugins: {houdini: {match: ['**/dso/*.so'], host: houdini-bin}}",
        'drivers: {capture: {sonames: ["libcapture.so*"], device: card.example/io=all, stubs: ["**/stub/*"]}}',
        'singletons: {openmp: [libgomp.so.1, "libiomp5.so"]}',
        'allow: {x11: {from: base, sonames: [libX11.so.6], must_exist: true, reason: of the image}}',
        'remedies: {host-leak: "Ask the image team."}',
        'packages: {maya: {payload: ["/usr/autodesk/maya{version.major}"], vendor: true, rules: {SUP002: off}}}',
        'require: {suppression: [owner], max_age_days: 30}',
        'repair: {prefer: [graft, os-package], never: [rpath], graft_from: [host, old=/roots/centos-7]}',
        'parent_environment: {SITE: KOR, EMPTY: "", MAYA_LOCATION: null}',
        'runtime: {mounts: ["/studio:/studio:ro"], licence_variables: [RLM_LICENSE]}',
        'x-note: kept',
      ].join('\n'),
    )
    expect(policy).toMatchObject({
      file: 'airtight.yaml',
      host: '/',
      base: 'base.yaml',
      repos: ['/studio/rez'],
      baseline: 'baseline.yaml',
      privateDirs: [...DEFAULT_PRIVATE_DIRS, 'lib/vendor'],
      ignorePaths: ['**/testdata/**'],
      plugins: [{ name: 'houdini', match: ['**/dso/*.so'], host: 'houdini-bin' }],
      drivers: [{ name: 'capture', sonames: ['libcapture.so*'], device: 'card.example/io=all', stubs: ['**/stub/*'] }],
      singletons: new Map([['openmp', ['libgomp.so.1', 'libiomp5.so']]]),
      allow: [{ name: 'x11', from: 'base', sonames: ['libX11.so.6'], mustExist: true, reason: 'of the image' }],
      remedies: new Map([['HST002', 'Ask the image team.']]),
      payloads: new Map([['maya', ['/usr/autodesk/maya{version.major}']]]),
      vendors: new Set(['maya']),
      require: { suppression: ['owner'], maxAgeDays: 30 },
      repairOrder: ['graft', 'os-package'],
      repairNever: ['rpath'],
      graftFrom: ['host', 'old=/roots/centos-7'],
      parentEnvironment: new Map([
        ['SITE', 'KOR'],
        ['EMPTY', ''],
        ['MAYA_LOCATION', null],
      ]),
      runtime: { mounts: ['/studio:/studio:ro'], licenceVariables: ['RLM_LICENSE'] },
    })
    expect(policy.rules).toMatchObject([{ rule: 'SUP002', severity: 'off', where: { packages: ['maya'] } }])
  })

  it('may hold nothing but its schema', () => {
    expect(faults('')).toEqual([])
  })

  it.each(Object.entries(policyPacks))('builtin:%s is one', (name, text) => {
    expect(readLayer(text, name, RULE_NAMES)).toHaveProperty('located')
  })
})

describe('a wrong value', () => {
  it.each([
    ['rules: {RES001: 5}', 'line 2, column 9: rules.RES001: expected error, warn, note, off'],
    [
      'rules: {RES001: {severity: eror}}',
      "line 2, column 18: rules.RES001.severity: 'eror' is none of error, warn, note, off; did you mean 'error'?",
    ],
    [
      'packages: {maya: {rules: {RES001: {severity: off, when: {version: "x y"}}}}}',
      'line 2, column 58: in the range "x y" "x y" cannot be read from " y" on',
    ],
    [
      'rules: {RES001: [{severity: off, when: {version: "=<"}}]}',
      'line 2, column 41: in the range "=<" "=<" cannot be read from "=<" on',
    ],
    ['host: [a]', 'line 2, column 1: host: expected a text'],
    ['host: 5', 'line 2, column 1: host: expected a text; put it into quotes'],
    [
      'parent_environment: {A: 5}',
      'line 2, column 22: parent_environment.A: expected a text or null; put it into quotes',
    ],
    ['rules: 5', 'line 2, column 1: rules: expected a mapping'],
    ['require: {max_age_days: x}', 'line 2, column 11: require.max_age_days: expected a number'],
    ['private_dirs: [ok, [1]]', 'line 2, column 20: private_dirs.1: expected a text'],
    ['suppress: [{rule: RES001}]', 'line 2, column 12: suppress.0.where: is missing'],
    ['rules: {zzzzzzzzz: off}', "line 2, column 9: no rule is called 'zzzzzzzzz'; airtight rules lists them"],
    ['allow: {k: 5}', 'line 2, column 9: allow.k: expected a mapping of from, sonames, must_exist, reason, source'],
    ['plugins: {"": {match: [a]}}', 'line 2, column 11: plugins.: Too small: expected string to have >=1 characters'],
  ])('%s', (text, message) => {
    expect(faults(text)).toEqual([`airtight.yaml: ${message}`])
  })

  it('stands where its alias does, and faults come in the order of the file', () => {
    expect(faults('repos: [&a {x: 1}, *a]\nhost: *a')).toEqual([
      'airtight.yaml: line 2, column 12: repos.0: expected a text',
      'airtight.yaml: line 2, column 20: repos.1: expected a text',
      'airtight.yaml: line 3, column 1: host: expected a text',
    ])
  })

  it('that multiplies by aliases is refused', () => {
    const lines = ['a0: &a0 [x, x]', ...Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)]
    expect(faults(lines.join('\n'))).toEqual([
      'airtight.yaml: Excessive alias count indicates a resource exhaustion attack',
    ])
  })

  it('that is no mapping says what was expected', () => {
    for (const text of ['- a\n', '', '5\n']) {
      expect(readLayer(text, 'p.yaml', RULE_NAMES)).toMatchObject([
        { line: 1, column: 1, message: 'expected a mapping that begins with schema: airtight/policy/v1' },
      ])
    }
    expect(readLayer('a: [\n', 'p.yaml', RULE_NAMES)).toMatchObject([{ kind: 'malformed', file: 'p.yaml' }])
  })
})

describe('what is extended', () => {
  it('comes first: texts are replaced, lists add up, and override starts a list again', () => {
    const below =
      'host: /\nprivate_dirs: [a]\nignore_paths: [x]\nrepos: [/below]\nallow: {k: {sonames: [one], reason: r}}'
    const policy = policyOf(
      below,
      'host: none\nprivate_dirs: {override: [b]}\nignore_paths: [y]\nrepos: [/own]\nallow: {k: {sonames: [two]}}',
    )
    expect(policy.host).toBe('none')
    expect(policy.privateDirs).toEqual(['b'])
    expect(policy.ignorePaths).toEqual(['x', 'y'])
    expect(policy.repos).toEqual(['/own', '/below'])
    expect(policy.allow).toMatchObject([{ sonames: ['one', 'two'], reason: 'r' }])
  })

  it('each entry knows its file and line', () => {
    const { entries } = policyOf('ignore_paths:\n  - x', 'rules: {REQ001: off}\nignore_paths: [y]')
    const shown = entries.map(({ path, value, origin }) => [path.join('.'), value, `${origin.file}:${origin.line}`])
    expect(shown).toContainEqual(['ignore_paths', 'x', 'base-0.yaml:3'])
    expect(shown).toContainEqual(['ignore_paths', 'y', 'airtight.yaml:3'])
    expect(shown).toContainEqual(['rules.REQ001', 'off', 'airtight.yaml:2'])
    expect(shown).toContainEqual(['private_dirs', '.libs', 'default:null'])
  })
})

describe('a wrong policy', () => {
  it.each([
    ['privatedirs: []', "airtight.yaml: line 2, column 1: unknown key 'privatedirs'; did you mean 'private_dirs'?"],
    ['colour: red', "unknown key 'colour'; known keys: schema, extends, host"],
    ['rules: {HST999: warn}', "line 2, column 9: no rule is called 'HST999'; did you mean 'HST00"],
    ['rules: {host-leek: warn}', "did you mean 'host-leak'?"],
    ['rules:\n  HST002: eror', "line 3, column 3: rules.HST002: 'eror' is none of error, warn, note, off"],
    ['rules: {HST002: {severity: warn, wen: {}}}', "unknown key 'wen'; did you mean 'when'?"],
    ['packages: {maya: {paylod: []}}', "unknown key 'paylod'; did you mean 'payload'?"],
    ['packages: {maya: {rules: {HST2: off}}}', "no rule is called 'HST2'"],
    ['suppress: [{rule: HST002, where: {pakage: x}}]', "unknown key 'pakage'; did you mean 'package'?"],
    ['suppress: [{rule: HST002, where: {}}]', 'where says nothing'],
    [
      'suppress: [{rule: HST002, where: {version: 24.1}}]',
      'suppress.0.where.version: expected a text; put it into quotes',
    ],
    ['suppress: [{rule: HST002, where: {version: "2..1"}}]', 'line 2, column 35: '],
    ['suppress: [{rule: HST002, where: {package: x}, expires: soon}]', 'expected a date such as 2027-01-31'],
    ['suppress: [{where: {package: x}}]', 'suppress.0.rule: is missing'],
    ['host: [', 'airtight.yaml: line'],
  ])('%j is told with its place', (text, message) => {
    expect(faults(text).join('\n')).toContain(message)
  })

  it('needs a schema', () => {
    const layer = readLayer('- a', 'airtight.yaml', RULE_NAMES)
    expect('located' in layer ? [] : layer.map(faultText)).toEqual([
      'airtight.yaml: line 1, column 1: expected a mapping that begins with schema: airtight/policy/v1',
    ])
  })

  it('is a value or faults whatever the text is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readLayer(text, 'f', RULE_NAMES)).toBeDefined()
        expect(layerOf(text)).toBeDefined()
      }),
    )
  })

  it('does not follow aliases that explode', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `x-${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`)
    expect(faults(`x-0: &l0 [a,a,a]\n${levels.join('\n')}\n`)).toHaveLength(1)
  })
})

describe('a value behind an alias', () => {
  it('is told where its alias stands, and as what it is', () => {
    expect(faults('x-common: &a {sonames: [one], must_exist: 5}\nallow:\n  k: *a')).toEqual([
      'airtight.yaml: line 4, column 3: allow.k.must_exist: expected true or false',
    ])
    expect(faults('x-common: &a {k: {sonames: 5}}\nallow: *a')).toEqual([
      'airtight.yaml: line 3, column 1: allow.k.sonames: expected a list or a mapping of override',
    ])
    expect(faults('allow: *nothing')).toEqual([
      'airtight.yaml: line 2, column 8: Unresolved alias (the anchor must be set before the alias): nothing',
    ])
  })
})

describe('a value of none of several forms', () => {
  it.each([
    ['private_dirs: 5', 'line 2, column 1: private_dirs: expected a list or a mapping of override'],
    ['rules: {RES001: {}}', 'rules.RES001.severity: expected error, warn, note, off'],
    ['rules: {RES001: true}', 'rules.RES001: expected error, warn, note, off'],
    ['suppress: [{rule: RES001, where: {package: 5}}]', 'suppress.0.where.package: expected a text or a list'],
    ['suppress: [{rule: RES001, where: {variant: -1}}]', 'suppress.0.where.variant: Too small'],
  ])('%s', (text, message) => {
    expect(faults(text).join('\n')).toContain(message)
  })
})

it('keys that are no text are named, and nothing goes to the terminal past the report', () => {
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
  expect(faults('? {a: b}\n: c')).toEqual([expect.stringContaining('unknown key') as string])
  expect(faults('? [a]\n: {x: 1}\nhost: /')).toHaveLength(1)
  expect(warned).not.toHaveBeenCalled()
  warned.mockRestore()
})

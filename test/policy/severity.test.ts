/** Which setting holds: the most specific one, of equals the last; and what a vendor's package is spared. */
import { describe, expect, it } from 'vitest'
import { inRange, meets, specificity } from '../../src/policy/match.ts'
import { whereOf } from '../../src/policy/merge.ts'
import { severityOf } from '../../src/policy/severity.ts'
import { policyOf } from '../support/policy.ts'

const finding = {
  rule: 'HST002',
  world: 'both' as const,
  package: 'maya-2024.2',
  variant: 1,
  subject: 'libssl.so.10',
  objects: ['bin/maya.bin', 'lib/libx.so'],
  contexts: ['lighting'],
  fingerprint: 'f',
  repairs: [],
}

describe('conditions', () => {
  it.each([
    [{ package: 'maya' }, true],
    [{ package: 'may*' }, true],
    [{ package: ['nuke', 'maya'] }, true],
    [{ package: 'nuke' }, false],
    [{ version: '2024+' }, true],
    [{ version: '2025+' }, false],
    [{ variant: 1 }, true],
    [{ variant: 0 }, false],
    [{ subject: 'libssl.so.*' }, true],
    [{ subject: 'libssl.so.1' }, false],
    [{ file: '**' }, true],
    [{ file: 'bin/*' }, false],
    [{ context: 'light*' }, true],
    [{ world: 'host' as const }, false],
    [{ fingerprint: 'f' }, true],
    [{ package: 'maya', subject: 'libz.so.1' }, false],
  ])('%j: %s', (where, expected) => {
    expect(meets(whereOf(where), finding)).toBe(expected)
  })

  it('on a package are not met by what concerns a whole context', () => {
    expect(meets(whereOf({ package: '*' }), { ...finding, package: null })).toBe(false)
    expect(meets(whereOf({ version: '1' }), { ...finding, package: null })).toBe(false)
  })

  it('versions compare as in Rez', () => {
    expect(inRange('2024', '2024.2')).toBe(true)
    expect(inRange('2024..2024', '2024.2')).toBe(false)
    expect(inRange('a b', '1')).toBe(false)
  })

  it('more of them are more specific, exact ones more than globs', () => {
    const rank = (where: Parameters<typeof whereOf>[0]): number => specificity(whereOf(where))
    expect(rank({ package: 'maya', subject: 'lib*' })).toBeGreaterThan(rank({ package: 'maya' }))
    expect(rank({ package: 'maya' })).toBeGreaterThan(rank({ package: 'ma*' }))
    expect(rank({ version: '2' })).toBeGreaterThan(rank(undefined))
  })
})

describe('a severity', () => {
  const of = (...texts: readonly string[]): string => severityOf(policyOf(...texts), finding, 'error')

  it.each([
    ['nothing said', [''], 'error'],
    ['by id', ['rules: {HST002: note}'], 'note'],
    ['by name', ['rules: {host-leak: note}'], 'note'],
    ['the last file', ['rules: {HST002: note}', 'rules: {HST002: warn}'], 'warn'],
    [
      'conditions before none, whatever the order',
      ['rules: {HST002: [{severity: warn, when: {subject: "libssl*"}}, {severity: note}]}'],
      'warn',
    ],
    ['a package before a rule', ['packages: {maya: {rules: {HST002: off}}}', 'rules: {HST002: error}'], 'off'],
    ['another package', ['packages: {nuke: {rules: {HST002: off}}}'], 'error'],
  ])('%s', (_, texts, expected) => {
    expect(of(...texts)).toBe(expected)
  })

  it("of a warning that only a change of a vendor's files clears is a note, an error stays one", () => {
    const vendor = policyOf('packages: {maya: {vendor: true}}')
    const rpath = { kind: 'rpath' as const, target: 't', text: 't' }
    expect(severityOf(vendor, { ...finding, repairs: [rpath] }, 'warn')).toBe('note')
    expect(severityOf(vendor, { ...finding, repairs: [{ ...rpath, kind: 'requires' }] }, 'warn')).toBe('warn')
    expect(severityOf(vendor, finding, 'error')).toBe('error')
    expect(severityOf(policyOf('packages: {nuke: {vendor: true}}'), finding, 'warn')).toBe('warn')
  })
})

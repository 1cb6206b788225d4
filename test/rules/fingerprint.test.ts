/** Fingerprints survive releases and moves, and joined findings keep what they saw. */
import { expect, it } from 'vitest'
import type { Package } from '../../src/domain/context.ts'
import { fingerprint, mergeFindings } from '../../src/rules/finding.ts'
import { policyOf } from '../support/policy.ts'
import { auditStudio, findingsOf, inSystem, lib, otherLib, program } from '../support/studio.ts'

const item = (version: string, variantRequires: readonly string[] = []): Package => ({
  name: 'usd',
  version,
  variant: null,
  variantRequires,
  requires: [],
  buildRequires: [],
  privateBuildRequires: [],
  tools: [],
  repository: '/r',
  definition: '/r/usd/package.py',
  base: '/r/usd',
  root: '/r/usd',
  payload: ['/r/usd'],
  excluded: [],
  unevaluated: [],
})

it('holds no version of the package, not even in a soname', () => {
  const of = (version: string): string => fingerprint('need-absent', item(version), `libusd-${version}.so`)
  expect(of('24.08')).toBe(of('24.11'))
  expect(fingerprint('need-absent', item('2'), 'libtbb.so.12')).toBe(
    fingerprint('need-absent', item('12.1'), 'libtbb.so.12'),
  )
})

it("stands for the version of the package that has the soname, not for the asker's", () => {
  const boost = (version: string): string =>
    fingerprint('host-shadows-package', item('1.74.0'), `libboost_x.so.${version}`, [version])
  expect(boost('1.74.0')).toBe(boost('1.81.0'))
  expect(fingerprint('c', item('12'), 'libtbb.so.12', ['2021.8'])).not.toBe(
    fingerprint('c', item('13'), 'libtbb.so.13', ['2021.8']),
  )
})

it('a release of the provider leaves the fingerprints of those that use it', () => {
  const of = (version: string): readonly string[] =>
    findingsOf('REQ001', {
      packages: {
        'app-1': { files: { 'bin/a': program(`libq-${version}.so`) } },
        [`q-${version}`]: { files: { [`lib/libq-${version}.so`]: lib(`libq-${version}.so`) } },
      },
    })
      .concat(
        findingsOf('HST003', {
          packages: {
            'app-1': { files: { 'bin/a': program(`libq-${version}.so`) } },
            [`q-${version}`]: { libraryPath: [], files: { [`lib/libq-${version}.so`]: lib(`libq-${version}.so`) } },
          },
          host: { [inSystem(`libq-${version}.so`)]: otherLib(`libq-${version}.so`) },
          base: { [inSystem(`libq-${version}.so`)]: otherLib(`libq-${version}.so`) },
        }),
      )
      .map((finding) => finding.fingerprint)
  expect(of('1.2')).toHaveLength(2)
  expect(of('1.2')).toEqual(of('1.3'))
})

it('is the same on a workstation and without its host', () => {
  const packages = {
    'app-1': { files: { 'bin/a': program('libq.so.1', 'libr.so.1') } },
    'q-1': { libraryPath: [], files: { 'lib/libq.so.1': lib('libq.so.1') } },
  }
  const host = { [inSystem('libq.so.1')]: otherLib('libq.so.1'), [inSystem('libr.so.1')]: lib('libr.so.1') }
  const prints = (findings: readonly { readonly rule: string; readonly fingerprint: string }[]): readonly string[] =>
    findings
      .filter(({ rule }) => /^(?:HST|RES)/.test(rule))
      .map(({ fingerprint: print }) => print)
      .sort()
  const whole = auditStudio({ packages, host }).findings
  const alone = auditStudio({ packages, host: null }).findings
  expect(whole.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['HST002', 'HST003']))
  expect(alone.map(({ rule }) => rule)).toContain('RES001')
  expect(prints(alone)).toEqual(prints(whole))
})

it('differs by cause, package, variant and subject', () => {
  const all = [
    fingerprint('a', item('1'), 's'),
    fingerprint('b', item('1'), 's'),
    fingerprint('a', null, 's'),
    fingerprint('a', item('1', ['python-3.11']), 's'),
    fingerprint('a', item('1'), 't'),
  ]
  expect(new Set(all).size).toBe(all.length)
  expect(fingerprint('a', item('1', ['python-3.11', 'os-7']), 's')).toBe(
    fingerprint('a', item('1', ['os-9', 'python-3.9']), 's'),
  )
})

it('does not depend on where the studio lies', () => {
  const spec = {
    packages: { 'p-1': { files: { 'bin/a': program('libq.so.1') } } },
    host: { [inSystem('libq.so.1')]: lib('libq.so.1') },
  }
  expect(findingsOf('HST002', spec)[0]?.fingerprint).toBe(findingsOf('HST002', spec)[0]?.fingerprint)
})

it('severity follows policy, by id or name, and off is off', () => {
  const packages = { 'p-1': { files: { 'bin/a': program('libq.so.1') } } }
  const severities = (key: string, value: 'note' | 'off'): readonly string[] =>
    auditStudio({ packages, policy: policyOf(`rules: {${key}: ${value}}`) }).findings.map((finding) => finding.severity)
  expect(severities('RES001', 'note')).toEqual(['note'])
  expect(severities('lib-missing', 'note')).toEqual(['note'])
  expect(severities('RES001', 'off')).toEqual([])
})

it('one cause in two contexts is one finding', () => {
  const [finding] = findingsOf('RES001', { packages: { 'p-1': { files: { 'bin/a': program('libq.so.1') } } } })
  if (finding === undefined) throw new Error('no finding')
  const other = { ...finding, contexts: ['other'], objects: ['bin/b'], severity: 'warn' as const }
  expect(mergeFindings([other, finding], ['RES001'])).toEqual([
    { ...finding, severity: 'error', contexts: ['other', 'studio'], objects: ['bin/a', 'bin/b'] },
  ])
})

/** HST001: found in the declared base, neither packaged nor covered by provides. */
import { expect, it } from 'vitest'
import { auditStudio, inSystem, lib, program, verdicts } from '../support/studio.ts'

const packages = { 'app-1': { files: { 'bin/app': program('libz.so.1', 'libstdc++.so.6', 'libc.so.6') } } }
const base = { [inSystem('libz.so.1')]: lib('libz.so.1'), [inSystem('libstdc++.so.6')]: lib('libstdc++.so.6') }
const host = base

it('reports what provides does not name; the C and C++ run-time is always allowed', () => {
  expect(verdicts('HST001', { packages, host, base, provides: {} })).toEqual(['app-1 libz.so.1 error'])
})

it('is silent where provides names the soname', () => {
  expect(verdicts('HST001', { packages, host, base, provides: { sonames: ['libz.so.*'] } })).toEqual([])
})

it('is silent where provides names the OS package that owns the file', () => {
  const owned = {
    ...base,
    'var/lib/dpkg/status': 'Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n',
    'var/lib/dpkg/info/zlib1g:amd64.list': '/usr/lib/x86_64-linux-gnu/libz.so.1\n',
  }
  expect(verdicts('HST001', { packages, host, base: owned, provides: { osPackages: ['zlib1g'] } })).toEqual([])
})

it('is off for a base that nobody declared, and the audit says so', () => {
  const result = auditStudio({ packages, host, base })
  expect(result.findings.filter((finding) => finding.rule === 'HST001')).toEqual([])
  expect(result.notJudged.join()).toContain('HST001')
})

/** REQ006: satisfied only by a build requirement. */
import { expect, it } from 'vitest'
import type { StudioSpec } from '../support/studio.ts'
import { auditStudio, findingsOf, inSystem, lib, program, verdicts } from '../support/studio.ts'

const tbb = { files: { 'lib/libtbb.so.12': lib('libtbb.so.12') } }
const files = { 'bin/a': program('libtbb.so.12') }

it.each([{ buildRequires: ['tbb-2021'] }, { privateBuildRequires: ['tbb-2021'] }])(
  'reports %j instead of REQ001',
  (requires) => {
    const packages = { 'app-1': { files, ...requires }, 'tbb-2021.8': tbb }
    expect(verdicts('REQ006', { packages })).toEqual(['app-1 tbb warn'])
    expect(verdicts('REQ006', { packages, purpose: 'lint' })).toEqual(['app-1 tbb error'])
    expect(verdicts('REQ001', { packages })).toEqual([])
  },
)

it('is silent where requires names it as well', () => {
  const packages = { 'app-1': { files, requires: ['tbb'], buildRequires: ['tbb'] }, 'tbb-2021.8': tbb }
  expect(verdicts('REQ006', { packages })).toEqual([])
})

/** A build.rxt with these packages: `NAME VERSION INDEX`. */
function buildRxt(...packages: readonly (readonly [name: string, version: string, index?: number])[]): string {
  const items = packages.map(([name, version, index = null]) => ({
    key: 'filesystem.variant',
    variables: { repository_type: 'filesystem', location: '{repository}', name, version, index },
  }))
  return JSON.stringify({ serialize_version: '4.9', status: 'solved', building: true, resolved_packages: items })
}

it('names the version that was there at build time beside the one of the context', () => {
  const packages = {
    'app-1': { files: { ...files, 'build.rxt': buildRxt(['tbb', '2021.5']) }, privateBuildRequires: ['tbb-2021'] },
    'tbb-2021.8': tbb,
  }
  const [finding] = findingsOf('REQ006', { packages })
  expect(finding?.message).toContain('of tbb-2021.8, which is required only for building.')
  expect(finding?.message).toContain('It was built with tbb-2021.5, a private build requirement.')
  expect(finding?.evidence['built_with']).toEqual({
    package: 'tbb-2021.5',
    relation: 'private_build_requires',
    file: null,
  })
})

/** `app-1` was linked against `tiff-4.0.3`, which lies in the repository and not in the context. */
const unpacked = (requires: object, more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages: {
    'app-1': {
      files: { 'bin/a': program('libtiff.so.5'), 'build.rxt': buildRxt(['zlib', '1'], ['tiff', '4.0.3', 1]) },
      ...requires,
    },
  },
  repository: {
    'tiff/4.0.3/package.py': `variants = [['platform-osx'], ['platform-linux', 'gcc-9+']]`,
    'tiff/4.0.3/platform-linux/gcc-9+/lib/libtiff.so.5': lib('libtiff.so.5'),
  },
  ...more,
})

it.each([
  ['missing', {}, 'RES001'],
  ['taken from the host', { host: { [inSystem('libtiff.so.5')]: lib('libtiff.so.5') } }, 'HST002'],
])('reports a package that is not in the context: the library is %s', (_, more, other) => {
  const spec = unpacked({ privateBuildRequires: ['tiff-4'] }, more)
  expect(verdicts('REQ006', spec)).toEqual(['app-1 tiff error'])
  const [finding] = findingsOf('REQ006', spec)
  expect(finding?.message).toContain('At build time it came from tiff-4.0.3, a private build requirement')
  expect(finding?.repairs.map((repair) => repair.text)).toEqual([`Add 'tiff-4.0' to requires of app-1.`])
  expect(findingsOf(other, spec)[0]?.message).toContain(
    'At build time libtiff.so.5 came from tiff-4.0.3, a private build requirement.',
  )
})

it('tells requirements, build requirements and what came along apart', () => {
  const relation = (requires: object): unknown => findingsOf('RES001', unpacked(requires))[0]?.evidence['built_with']
  expect(relation({ requires: ['tiff-4'] })).toMatchObject({ relation: 'requires' })
  expect(relation({ buildRequires: ['tiff-4'] })).toMatchObject({ relation: 'build_requires' })
  expect(relation({})).toMatchObject({ relation: 'brought along' })
  expect(verdicts('REQ006', unpacked({}))).toEqual([])
})

it('takes a broken build.rxt as a fault, and says nothing without one', () => {
  const broken = unpacked({ privateBuildRequires: ['tiff-4'] })
  const app = { files: { 'bin/a': program('libtiff.so.5'), 'build.rxt': '{"resolved_packages": [' } }
  const audit = auditStudio({ ...broken, packages: { 'app-1': app } })
  expect(audit.faults.map((fault) => fault.file.replace(/.*\//, ''))).toEqual(['build.rxt'])
  const without = { 'app-1': { files: { 'bin/a': program('libtiff.so.5') }, privateBuildRequires: ['tiff-4'] } }
  expect(verdicts('REQ006', { ...broken, packages: without })).toEqual([])
  expect(auditStudio({ ...broken, packages: without }).faults).toEqual([])
})

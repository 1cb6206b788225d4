/** REQ006: satisfied only by a build requirement. */
import { expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { auditStudio, findingsOf, inSystem, lib, program, verdicts } from '../support/studio.ts'

const tbb = { files: { 'lib/libtbb.so.12': lib('libtbb.so.12') } }
const files = { 'bin/a': program('libtbb.so.12') }

const built = (requires: Partial<StudioPackage>, purpose: 'audit' | 'lint' = 'audit'): StudioSpec => ({
  packages: { 'app-1': { files, ...requires }, 'tbb-2021.8': tbb },
  purpose,
})
const publicly = { buildRequires: ['tbb-2021'] }
const privately = { privateBuildRequires: ['tbb-2021'] }

/** A build.rxt with these packages: `NAME VERSION INDEX`. */
function buildRxt(...packages: readonly (readonly [name: string, version: string, index?: number])[]): string {
  const items = packages.map(([name, version, index = null]) => ({
    key: 'filesystem.variant',
    variables: { repository_type: 'filesystem', location: '{repository}', name, version, index },
  }))
  return JSON.stringify({ serialize_version: '4.9', status: 'solved', building: true, resolved_packages: items })
}

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

const fromHost = { host: { [inSystem('libtiff.so.5')]: lib('libtiff.so.5') } }

/** What the context is once the package requires it: the resolver brings it. */
const resolvedAgain: StudioSpec = {
  packages: {
    'app-1': {
      files: { 'bin/a': program('libtiff.so.5'), 'build.rxt': buildRxt(['zlib', '1'], ['tiff', '4.0.3', 1]) },
      requires: ['tiff-4.0'],
      privateBuildRequires: ['tiff-4'],
    },
    'tiff-4.0.3': {
      variant: { index: 1, requires: ['platform-linux', 'gcc-9+'] },
      files: { 'lib/libtiff.so.5': lib('libtiff.so.5') },
    },
  },
}

ruleWorlds('REQ006', {
  found: [
    {
      name: 'what build_requires alone names',
      studio: built(publicly),
      finds: ['app-1 tbb warn'],
      says: ['of tbb-2021.8, which is required only for building.'],
      afterRepair: built({ ...publicly, requires: ['tbb-2021'] }),
    },
    {
      name: 'what private_build_requires alone names',
      studio: built(privately),
      finds: ['app-1 tbb warn'],
      afterRepair: built({ ...privately, requires: ['tbb-2021'] }),
    },
    {
      name: 'both as errors before a release',
      studio: built(privately, 'lint'),
      finds: ['app-1 tbb error'],
      afterRepair: built({ requires: ['tbb-2021'] }, 'lint'),
    },
    {
      name: 'a package that was there at build time and is not in the context: the library is missing',
      studio: unpacked({ privateBuildRequires: ['tiff-4'] }),
      finds: ['app-1 tiff error'],
      says: ['At build time it came from tiff-4.0.3, a private build requirement'],
      afterRepair: resolvedAgain,
    },
    {
      name: 'the same where the library is taken from the host',
      studio: unpacked({ privateBuildRequires: ['tiff-4'] }, fromHost),
      finds: ['app-1 tiff error'],
      afterRepair: { ...resolvedAgain, ...fromHost },
    },
  ],
  clean: [
    { name: 'where requires names it as well', studio: built({ requires: ['tbb'], buildRequires: ['tbb'] }) },
    { name: 'where nobody names it, which is another rule', studio: built({}) },
    { name: 'where the package that was there came along with another', studio: unpacked({}) },
  ],
})

it('takes the place of REQ001', () => {
  expect(verdicts('REQ001', built(publicly))).toEqual([])
  expect(verdicts('REQ001', built(privately))).toEqual([])
})

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

it.each([
  ['missing', {}, 'RES001'],
  ['taken from the host', fromHost, 'HST002'],
])('the rule that sees the library %s tells the origin too', (_, more, other) => {
  const spec = unpacked({ privateBuildRequires: ['tiff-4'] }, more)
  const [finding] = findingsOf('REQ006', spec)
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

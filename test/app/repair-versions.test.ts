/** Versions that the base lacks: planned from an index of OS packages, where the index tells that a newer package has them. */
import { describe, expect, it } from 'vitest'
import type { OfferedPackage } from '../../src/domain/package-index.ts'
import { reasonAgainst } from '../../src/repair/reasons.ts'
import { openPackageIndex } from '../../src/system/package-index.ts'
import { planStudio } from '../support/repairing.ts'
import type { StudioSpec } from '../support/studio.ts'
import { inSystem } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const paint = executable({ wants: { 'libink.so.1': ['draw@INK_1.0', 'blend@INK_1.2'] } })
const ink = (...versions: string[]) => library('libink.so.1', { versions })
const database = {
  'var/lib/dpkg/status': 'Package: libink1\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-3\n',
  'var/lib/dpkg/info/libink1:amd64.list': `/${inSystem('libink.so.1')}\n`,
}
const studio: StudioSpec = {
  packages: { 'paint-1': { files: { 'bin/paint': paint } } },
  host: null,
  base: { [inSystem('libink.so.1')]: ink('INK_1.0'), ...database },
}

function offered(version: string, versions: readonly string[] | null): OfferedPackage {
  const libraries = [{ soname: 'libink.so.1', path: null, versions }]
  return { name: 'libink1', version, depends: [], provides: [], libraries, programs: [] }
}

function planned(item: OfferedPackage, spec: StudioSpec = studio) {
  const index = openPackageIndex({ manager: 'dpkg', label: 'test', packages: [item] })
  const { entries, proof, plan } = planStudio(spec, { index, preference: ['os_packages'] })
  const left = proof.findings.flatMap((finding) =>
    /^SYM00[12]$/.test(finding.rule) ? [`${finding.rule}: ${reasonAgainst(finding, plan.withheld) ?? ''}`] : [],
  )
  return { entries, left }
}

describe('a newer OS package', () => {
  it('is planned where the index tells that it defines every version, with the oldest that will do', () => {
    const { entries, left } = planned(offered('1.2-1', ['INK_1.0', 'INK_1.2']))
    expect(entries['os_packages libink1']).toEqual({
      manager: 'dpkg',
      version: '>=1.2-1',
      provides: ['libink.so.1'],
      fixes: ['SYM001'],
      because: 'needed by bin/paint of paint-1',
    })
    expect(left).toEqual([])
  })

  it('is planned for a build that lacks a version which is not newer than all', () => {
    const base = { [inSystem('libink.so.1')]: ink('INK_1.0', 'INK_2.0'), ...database }
    const { entries, left } = planned(offered('2.1-1', ['INK_1.0', 'INK_1.2', 'INK_2.0']), { ...studio, base })
    expect(entries['os_packages libink1']).toMatchObject({ version: '>=2.1-1', fixes: ['SYM002'] })
    expect(left).toEqual([])
  })

  it.each([
    ['lacks a version all the same', offered('1.1-1', ['INK_1.0']), 'libink1 1.1-1 of the index does not define'],
    ['tells nothing of versions', offered('1.2-1', null), 'the index does not tell which versions of libink.so.1'],
    ['is what the base has', offered('1.0-3', ['INK_1.0', 'INK_1.2']), 'the index has no newer libink1 than the base'],
    ['is of another name', { ...offered('1.2-1', ['INK_1.2']), name: 'libink-ng' }, 'the index has no newer libink1'],
  ])('is not planned where the one that is offered %s, and the reason is told', (_, item, reason) => {
    const { entries, left } = planned(item)
    expect(entries).toEqual({})
    expect(left.map((text) => text.startsWith(`SYM001: ${reason}`))).toEqual([true])
    expect(left[0]).toContain('; else it needs a newer base, or a rebuild')
  })

  it('is none for the copy of a package', () => {
    const own = { 'lib/libink.so.1': ink('INK_1.0') }
    const packages = { 'ink-1': { files: own }, 'paint-1': { requires: ['ink'], files: { 'bin/paint': paint } } }
    const { entries, left } = planned(offered('1.2-1', ['INK_1.0', 'INK_1.2']), { ...studio, packages })
    expect(entries).toEqual({})
    expect(left).toEqual(['SYM002: it needs the release of the library that it was built with, or a rebuild'])
  })
})

/** HST002: found on the host, absent from the base. */
import { describe, expect, it } from 'vitest'
import { grafts } from '../support/repairs.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { findingsOf, inSystem, lib, otherLib, program } from '../support/studio.ts'

const blender = { files: { 'bin/blender': program('libpotrace.so.0', 'libc.so.6') } }
const potrace = {
  [inSystem('libpotrace.so.0')]: lib('libpotrace.so.0', 'libjbig.so.0'),
  [inSystem('libjbig.so.0')]: lib('libjbig.so.0'),
}
const owned = {
  ...potrace,
  'var/lib/dpkg/status': 'Package: libpotrace0\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.16-2\n',
  'var/lib/dpkg/info/libpotrace0:amd64.list': '/usr/lib/x86_64-linux-gnu/libpotrace.so.0\n',
}
const leak: StudioSpec = { packages: { 'blender-3.6': blender }, host: potrace }
const stray: StudioSpec = {
  packages: { 'blender-3.6': { files: { 'lib/private/libq.so.1': lib('libq.so.1', 'libpotrace.so.0') } } },
  host: potrace,
}
const packaged: StudioSpec['packages'] = {
  'blender-3.6': { requires: ['potrace-1'], ...blender },
  'potrace-1': { files: { 'lib/libpotrace.so.0': otherLib('libpotrace.so.0') } },
}

ruleWorlds('HST002', {
  found: [
    {
      name: 'the library, the file of the host, and what the file loads in turn',
      studio: leak,
      finds: ['blender-3.6 libpotrace.so.0 error'],
      says: ['/usr/lib/x86_64-linux-gnu/libpotrace.so.0'],
      afterRepair: [
        { ...leak, repairs: grafts(['libpotrace.so.0', 'libjbig.so.0']) },
        { ...leak, base: potrace },
        { ...leak, packages: packaged },
      ],
    },
    {
      name: 'the OS package of the host where a database tells',
      studio: { ...leak, host: owned },
      finds: ['blender-3.6 libpotrace.so.0 error'],
      says: ['(dpkg libpotrace0 1.16-2)'],
      afterRepair: { ...leak, host: owned, base: owned },
    },
    {
      name: 'a need of a private library that nothing loads, as a warning',
      studio: stray,
      finds: ['blender-3.6 libpotrace.so.0 warn'],
      afterRepair: { ...stray, base: potrace },
    },
  ],
  clean: [
    { name: 'where both systems have it', studio: { ...leak, base: potrace } },
    { name: 'where there is no base to compare with', studio: { ...leak, base: null } },
    { name: 'where nobody has it', studio: { packages: { 'blender-3.6': blender } } },
    { name: 'where a package has it on the library path', studio: { ...leak, packages: packaged } },
  ],
})

describe('host-leak', () => {
  it('tells what the file brings and what the base answered', () => {
    expect(findingsOf('HST002', leak)).toEqual([
      expect.objectContaining({
        confidence: 'exact',
        objects: ['bin/blender'],
        evidence: expect.objectContaining({
          file: '/usr/lib/x86_64-linux-gnu/libpotrace.so.0',
          base: 'lacks',
          brings: ['libjbig.so.0'],
        }) as unknown,
      }),
    ])
  })

  it('offers the OS package where it is known, and a graft', () => {
    const kinds = (spec: StudioSpec): unknown => findingsOf('HST002', spec)[0]?.repairs.map(({ kind }) => kind)
    expect(kinds(leak)).toEqual(['graft'])
    expect(kinds({ ...leak, host: owned })).toEqual(['os-package', 'graft'])
  })

  it('is one finding for one package and library, however many objects see it', () => {
    const files = { 'bin/a': program('libpotrace.so.0'), 'lib/libb.so.1': lib('libb.so.1', 'libpotrace.so.0') }
    const found = findingsOf('HST002', { packages: { 'blender-3.6': { files } }, host: potrace })
    expect(found.map((finding) => finding.objects)).toEqual([['bin/a', 'lib/libb.so.1']])
  })

  it('tells the shortest way from a tool to the object', () => {
    const packages = {
      'suite-1': {
        tools: ['paint'],
        files: { 'bin/paint': program('libcore.so.1'), 'bin/other': program('libtrace.so.1') },
      },
      'trace-2': {
        files: {
          'lib/libcore.so.1': lib('libcore.so.1', 'libtrace.so.1'),
          'lib/libtrace.so.1': lib('libtrace.so.1', 'libpotrace.so.0'),
        },
      },
    }
    expect(findingsOf('HST002', { packages, host: potrace })[0]?.evidence['path']).toEqual([
      { package: 'suite-1', object: 'bin/paint' },
      { package: 'trace-2', object: 'lib/libcore.so.1' },
      { package: 'trace-2', object: 'lib/libtrace.so.1' },
    ])
  })

  it('shares its fingerprint with RES001, so that a baseline holds where there is no host', () => {
    const packages = { 'blender-3.6': blender }
    const [found] = findingsOf('HST002', { packages, host: potrace })
    const [missing] = findingsOf('RES001', { packages, host: null })
    expect(found?.fingerprint).toBe(missing?.fingerprint)
    expect(found?.fingerprint).toMatch(/./)
  })
})

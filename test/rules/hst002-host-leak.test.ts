/** HST002: found on the host, absent from the base. */
import { describe, expect, it } from 'vitest'
import { findingsOf, inSystem, lib, otherLib, program, verdicts } from '../support/studio.ts'

const blender = { files: { 'bin/blender': program('libpotrace.so.0', 'libc.so.6') } }
const potrace = {
  [inSystem('libpotrace.so.0')]: lib('libpotrace.so.0', 'libjbig.so.0'),
  [inSystem('libjbig.so.0')]: lib('libjbig.so.0'),
}

describe('host-leak', () => {
  it('names the library, the file of the host, and what the file loads in turn', () => {
    const [finding, ...more] = findingsOf('HST002', { packages: { 'blender-3.6': blender }, host: potrace })
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'blender-3.6',
      subject: 'libpotrace.so.0',
      severity: 'error',
      confidence: 'exact',
      objects: ['bin/blender'],
      evidence: { file: '/usr/lib/x86_64-linux-gnu/libpotrace.so.0', base: 'lacks', brings: ['libjbig.so.0'] },
    })
    expect(finding?.repairs[0]).toMatchObject({ kind: 'graft', target: 'libpotrace.so.0' })
  })

  it('names the OS package of the host where a database tells', () => {
    const host = {
      ...potrace,
      'var/lib/dpkg/status':
        'Package: libpotrace0\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.16-2\n',
      'var/lib/dpkg/info/libpotrace0:amd64.list': '/usr/lib/x86_64-linux-gnu/libpotrace.so.0\n',
    }
    const [finding] = findingsOf('HST002', { packages: { 'blender-3.6': blender }, host })
    expect(finding?.message).toContain('(dpkg libpotrace0 1.16-2)')
    expect(finding?.repairs.map((repair) => repair.kind)).toEqual(['os-package', 'graft'])
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
    const [leak] = findingsOf('HST002', { packages, host: potrace })
    const [missing] = findingsOf('RES001', { packages, host: null })
    expect(leak?.fingerprint).toBe(missing?.fingerprint)
  })

  it.each([
    ['both systems have it', { host: potrace, base: potrace, packages: { 'blender-3.6': blender } }],
    ['there is no base to compare with', { host: potrace, base: null, packages: { 'blender-3.6': blender } }],
    ['nobody has it', { packages: { 'blender-3.6': blender } }],
    [
      'a package has it on the library path',
      {
        host: potrace,
        packages: {
          'blender-3.6': blender,
          'potrace-1': { files: { 'lib/libpotrace.so.0': otherLib('libpotrace.so.0') } },
        },
      },
    ],
  ])('is silent where %s', (_, spec) => {
    expect(verdicts('HST002', spec)).toEqual([])
  })

  it('is no more than a warning for a private library that nothing loads', () => {
    const files = { 'lib/private/libq.so.1': lib('libq.so.1', 'libpotrace.so.0') }
    expect(verdicts('HST002', { packages: { 'blender-3.6': { files } }, host: potrace })).toEqual([
      'blender-3.6 libpotrace.so.0 warn',
    ])
  })
})

/** REQ001: requires does not name the package at all. */
import { describe, expect, it } from 'vitest'
import { findingsOf, inSystem, lib, otherLib, program, verdicts } from '../support/studio.ts'

const oiio = { files: { 'lib/libOpenImageIO.so.2.4': lib('libOpenImageIO.so.2.4', 'libtiff.so.6') } }
const tiff = { files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } }

describe('requirement-undeclared', () => {
  it('warns in a context where it binds, and is an error in lint', () => {
    const packages = { 'oiio-2.4': oiio, 'tiff-4.5.1': tiff }
    const [finding] = findingsOf('REQ001', { packages })
    expect(finding).toMatchObject({
      package: 'oiio-2.4',
      subject: 'tiff',
      severity: 'warn',
      evidence: { sonames: ['libtiff.so.6'], bound_to: [] },
    })
    expect(finding?.repairs[0]?.text).toBe("Add 'tiff-4.5' to requires of oiio-2.4.")
    expect(verdicts('REQ001', { packages, purpose: 'lint' })).toEqual(['oiio-2.4 tiff error'])
  })

  it('is judged by ownership: where the system answers, the evidence says so', () => {
    const packages = { 'oiio-2.4': oiio, 'tiff-4.5.1': { ...tiff, libraryPath: [] } }
    const [finding] = findingsOf('REQ001', { packages, host: { [inSystem('libtiff.so.6')]: otherLib('libtiff.so.6') } })
    expect(finding?.evidence['bound_to']).toEqual(['/usr/lib/x86_64-linux-gnu/libtiff.so.6'])
  })

  it('needs no system at all', () => {
    expect(verdicts('REQ001', { packages: { 'oiio-2.4': oiio, 'tiff-4.5.1': tiff }, host: null, base: null })).toEqual([
      'oiio-2.4 tiff warn',
    ])
  })

  it.each([
    ['requires names the package', { 'oiio-2.4': { ...oiio, requires: ['tiff-4+<5'] }, 'tiff-4.5.1': tiff }],
    [
      'the variant names it',
      { 'oiio-2.4': { ...oiio, variant: { index: 0, requires: ['tiff-4'] } }, 'tiff-4.5.1': tiff },
    ],
    [
      'the package has a public copy itself',
      { 'oiio-2.4': { files: { ...oiio.files, ...tiff.files } }, 'tiff-4.5.1': tiff },
    ],
    [
      'the copy is private',
      {
        'oiio-2.4': oiio,
        'maya-2024': { libraryPath: [], files: { 'lib/private/libtiff.so.6': lib('libtiff.so.6') } },
      },
    ],
    [
      'every system gives the library',
      {
        'oiio-2.4': { files: { 'bin/x': program('libstdc++.so.6') } },
        'gcc-12': { files: { 'lib/libstdc++.so.6': lib('libstdc++.so.6') } },
      },
    ],
    [
      "the package's own private copy answers",
      {
        'oiio-2.4': {
          files: {
            'bin/x': {
              elf: {
                type: 'exec' as const,
                interpreter: '/lib64/ld-linux-x86-64.so.2',
                needs: ['libtiff.so.6'],
                rpath: '$ORIGIN/../lib/private',
              },
            },
            'lib/private/libtiff.so.6': lib('libtiff.so.6'),
          },
        },
        'tiff-4.5.1': tiff,
      },
    ],
  ])('is silent where %s', (_, packages) => {
    expect(verdicts('REQ001', { packages })).toEqual([])
  })

  it('is not satisfied by a conflict or a weak requirement', () => {
    const packages = { 'oiio-2.4': { ...oiio, requires: ['!tiff-3', '~tiff-4'] }, 'tiff-4.5.1': tiff }
    expect(verdicts('REQ001', { packages })).toEqual(['oiio-2.4 tiff warn'])
  })
})

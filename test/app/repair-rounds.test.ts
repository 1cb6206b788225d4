/** Planning in rounds: what one repair brings to light is planned in the next round, until nothing is new. */
import { describe, expect, it } from 'vitest'
import { planStudio } from '../support/repairing.ts'
import { inSystem, lib, program } from '../support/studio.ts'

const GLX = '{graft}/lib/libGLX.so.0'

describe('what a graft opens by itself', () => {
  const packages = { 'paint-1': { files: { 'bin/paint': program('libGLX.so.0') } } }
  const host = {
    [inSystem('libGLX.so.0')]: lib('libGLX.so.0'),
    [inSystem('libGLX_mesa.so.0')]: lib('libGLX_mesa.so.0', 'libdrm.so.2'),
    [inSystem('libdrm.so.2')]: lib('libdrm.so.2'),
    [inSystem('dri/swrast_dri.so')]: lib('swrast_dri.so', 'libLLVM.so.15'),
    [inSystem('libLLVM.so.15')]: lib('libLLVM.so.15'),
  }

  it('is grafted in turn, with what it loads and the variable that leads to it', () => {
    const { entries, proof } = planStudio({ packages, host, base: {} })
    expect(entries['grafts libGLX.so.0']).toMatchObject({ dest: GLX })
    expect(entries['grafts libGLX_mesa.so.0']).toMatchObject({ closure: ['libdrm.so.2'], fixes: ['HST010'] })
    expect(entries['grafts swrast_dri.so']).toMatchObject({
      dest: '{graft}/lib/dri/swrast_dri.so',
      closure: ['libLLVM.so.15'],
    })
    expect(entries['env LIBGL_DRIVERS_PATH {graft}/lib/dri']).toMatchObject({ op: 'append' })
    expect(proof.findings).toEqual([])
  })

  it('is tried until nothing is new, and the first audit is kept', () => {
    const { plan } = planStudio({ packages, host, base: {} })
    expect(plan.before.findings.map(({ rule, subject }) => `${rule} ${subject}`)).toEqual(['HST002 libGLX.so.0'])
    expect(plan.seen.map(({ rule, subject }) => `${rule} ${subject}`)).toEqual([
      'HST002 libGLX.so.0',
      'HST010 libGLX_mesa.so.0',
      'HST010 swrast_dri.so',
    ])
  })
})

describe('what packages can mend themselves', () => {
  it('comes first: a library of a package on no search path is not copied from the host', () => {
    const tiff = { libraryPath: [], files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } }
    const oiio = { requires: ['tiff'], files: { 'bin/oiio': program('libtiff.so.6', 'libz.so.1') } }
    const host = { [inSystem('libtiff.so.6')]: lib('libtiff.so.6'), [inSystem('libz.so.1')]: lib('libz.so.1') }
    const { entries, proof } = planStudio({ packages: { 'oiio-2': oiio, 'tiff-4': tiff }, host, base: {} })
    expect(Object.keys(entries).sort()).toEqual([
      'env LD_LIBRARY_PATH {graft}/lib',
      'grafts libz.so.1',
      'tiff env LD_LIBRARY_PATH {tiff}/lib',
    ])
    expect(proof.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('never has packages require each other in a circle, which Rez refuses', () => {
    const packages = {
      'ocio-2': { files: { 'bin/convert': program('liboiio.so.2'), 'lib/libocio.so.2': lib('libocio.so.2') } },
      'oiio-2': { files: { 'lib/liboiio.so.2': lib('liboiio.so.2', 'libcms.so.1') } },
      'cms-1': { files: { 'lib/libcms.so.1': lib('libcms.so.1', 'libocio.so.2') } },
    }
    const { entries, plan, proof } = planStudio({ packages, host: {}, base: {} })
    expect(Object.keys(entries).sort()).toEqual(['cms requires ocio', 'oiio requires cms'])
    expect(plan.withheld.map(({ finding, reason }) => [finding.package, reason])).toEqual([
      ['ocio-2', 'oiio requires cms requires ocio, and Rez refuses circles'],
    ])
    expect(proof.findings.map(({ rule, repairs }) => [rule, repairs[0]?.kind])).toEqual([['REQ001', 'advice']])
  })

  it('plans nothing for a context without findings', () => {
    const { entries, plan } = planStudio({ packages: { 'a-1': { files: { 'bin/a': program() } } }, host: {}, base: {} })
    expect(entries).toEqual({})
    expect(plan.seen).toEqual([])
  })
})

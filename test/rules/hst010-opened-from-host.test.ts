/** HST010: a library of the context opens a file by itself that the host has and the base has not. */
import { describe, expect, it } from 'vitest'
import { findingsOf, inSystem, lib, program, verdicts } from '../support/studio.ts'

const packages = { 'paint-1': { files: { 'bin/paint': program('libGLX.so.0', 'libfontconfig.so.1') } } }
const both = {
  [inSystem('libGLX.so.0')]: lib('libGLX.so.0'),
  [inSystem('libfontconfig.so.1')]: lib('libfontconfig.so.1'),
}
const mesa = { [inSystem('libGLX_mesa.so.0')]: lib('libGLX_mesa.so.0') }
const fonts = { 'etc/fonts/fonts.conf': '<fontconfig/>' }

describe('what a library opens by name', () => {
  it('is a warning where the host has it and the base has none, of the whole context', () => {
    const [finding, ...more] = findingsOf('HST010', { packages, host: { ...both, ...mesa }, base: both })
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: null,
      subject: 'libGLX_mesa.so.0',
      severity: 'warn',
      confidence: 'inferred',
      objects: ['libGLX.so.0'],
    })
    expect(finding?.message).toContain('loaded by paint of paint-1')
    expect(finding?.repairs.at(-1)?.action).toMatchObject({ kind: 'opened', folder: null, tree: false })
  })

  it('is found wherever the library itself would search, on the library path too', () => {
    const vendor = { files: { 'lib/libGLX_mesa.so.0': lib('libGLX_mesa.so.0') } }
    const spec = { packages: { ...packages, 'mesa-22': vendor }, host: both, base: both }
    expect(verdicts('HST010', spec)).toEqual([])
  })

  it.each([
    ['the base has it too', { host: { ...both, ...mesa }, base: { ...both, ...mesa } }],
    [
      'the base has that of another vendor',
      { host: { ...both, ...mesa }, base: { ...both, [inSystem('libGLX_nvidia.so.0')]: lib('libGLX_nvidia.so.0') } },
    ],
    ['the host has none either', { host: both, base: both }],
    ['the library itself is missing in the base, which is said of it', { host: { ...both, ...mesa }, base: {} }],
    ['there is one system alone', { host: null, base: both }],
  ])('is not missed where %s', (_, systems) => {
    expect(verdicts('HST010', { packages, ...systems })).toEqual([])
  })
})

describe('what a library opens in a folder', () => {
  it('is found in the process of what was opened, in the folders of its variable', () => {
    const dri = { [inSystem('dri/swrast_dri.so')]: lib('swrast_dri.so') }
    const systems = { host: { ...both, ...mesa, ...dri }, base: { ...both, ...mesa } }
    const [finding] = findingsOf('HST010', { packages, ...systems })
    expect(finding).toMatchObject({ subject: 'swrast_dri.so' })
    expect(finding?.repairs.at(-1)?.action).toMatchObject({ folder: 'lib/dri', variable: 'LIBGL_DRIVERS_PATH' })
    const drivers = { environment: { LIBGL_DRIVERS_PATH: 'dri' }, files: { 'dri/swrast_dri.so': lib('swrast_dri.so') } }
    expect(verdicts('HST010', { packages: { ...packages, 'drivers-1': drivers }, ...systems })).toEqual([])
  })

  it('is not to be copied where one file of many does not help', () => {
    const [finding] = findingsOf('HST010', { packages, host: { ...both, ...fonts }, base: both })
    expect(finding).toMatchObject({ subject: 'fonts.conf', repairs: [] })
  })
})

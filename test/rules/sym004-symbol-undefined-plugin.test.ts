/** SYM004: a symbol that nothing defines in a plugin or Python module. */
import { describe, expect, it } from 'vitest'
import type { StudioPackage, StudioSpec } from '../support/studio.ts'
import { findingsOf, verdicts } from '../support/studio.ts'
import { executable, library } from '../support/symbols.ts'

const audit = (packages: StudioSpec['packages'], more: Partial<StudioSpec> = {}): StudioSpec => ({
  packages,
  base: null,
  ...more,
})
const plugin = { elf: { symbols: [{ name: 'host_call', defined: false }] } }
const host = (symbol: string): StudioPackage => ({
  tools: ['host'],
  files: { 'bin/host': executable({ gives: [symbol] }) },
})
const moduleFile = (name: string): StudioPackage['files'] => ({
  [`python/${name}.cpython-311-x86_64-linux-gnu.so`]: {
    elf: { symbols: ['PyList_New', '_Py_Dealloc'].map((symbol) => ({ name: symbol, defined: false })) },
  },
})

describe('symbol-undefined-plugin', () => {
  it('is a note where no program is known to open the plugin', () => {
    const [finding, ...more] = findingsOf(
      'SYM004',
      audit({ 'addon-1': { libraryPath: [], files: { 'plugins/p.so': plugin } } }),
    )
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'addon-1',
      subject: 'host_call',
      severity: 'note',
      confidence: 'heuristic',
      objects: ['plugins/p.so'],
    })
  })

  it('is gone when the program that opens it is in the context: required, named by plugin_for, or by policy', () => {
    const files = { 'plugins/p.so': plugin }
    expect(
      verdicts(
        'SYM004',
        audit({ 'host-1': host('host_call'), 'addon-1': { requires: ['host'], libraryPath: [], files } }),
      ),
    ).toEqual([])
    expect(
      verdicts(
        'SYM004',
        audit({ 'host-1': host('host_call'), 'addon-1': { pluginFor: ['host'], libraryPath: [], files } }),
      ),
    ).toEqual([])
    const plugins = [{ name: 'p', match: ['plugins/*.so'], host: 'host' }]
    expect(
      verdicts(
        'SYM004',
        audit({ 'host-1': host('host_call'), 'addon-1': { libraryPath: [], files } }, { policy: { plugins } }),
      ),
    ).toEqual([])
  })

  it('names the program that was tried in vain', () => {
    const packages = {
      'host-1': host('other_call'),
      'addon-1': { requires: ['host'], libraryPath: [], files: { 'plugins/p.so': plugin } },
    }
    const [finding] = findingsOf('SYM004', audit(packages))
    expect(finding?.confidence).toBe('inferred')
    expect(finding?.message).toContain('not even in the process of')
    expect(finding?.evidence['tried']).toEqual([expect.stringContaining('bin/host')])
  })

  it('says nothing of what Python gives its modules, with a Python of the context, of the system, or without', () => {
    const python = { files: { 'bin/python3.11': executable({ gives: ['PyList_New', '_Py_Dealloc'] }) } }
    const packages = { 'mod-1': { files: moduleFile('a') } }
    expect(verdicts('SYM004', audit({ 'python-3.11': python, ...packages }))).toEqual([])
    expect(verdicts('SYM004', audit(packages))).toEqual([])
    const system = { 'usr/bin/python3': executable({ gives: ['PyList_New', '_Py_Dealloc'] }) }
    expect(verdicts('SYM004', audit(packages, { host: system }))).toEqual([])
  })

  it('is one finding for the modules of another Python', () => {
    const python = { files: { 'bin/python3.12': executable({ gives: ['PyList_New'] }) } }
    const packages = { 'python-3.12': python, 'mod-1': { files: { ...moduleFile('a'), ...moduleFile('b') } } }
    expect(findingsOf('SYM004', audit(packages)).map(({ subject, objects }) => [subject, objects.length])).toEqual([
      ['_Py_Dealloc', 2],
    ])
  })

  it('says nothing where the program that opens it is incomplete itself', () => {
    const broken = { tools: ['host'], files: { 'bin/host': executable({ needs: ['libgone.so'] }) } }
    const packages = {
      'host-1': broken,
      'addon-1': { requires: ['host'], libraryPath: [], files: { 'plugins/p.so': plugin } },
    }
    expect(verdicts('SYM004', audit(packages))).toEqual([])
  })

  it('counts a library that Python alone can complete as one of its modules', () => {
    const python = { files: { 'bin/python3.11': executable({ gives: ['PyList_New'] }) } }
    const boost = {
      files: { 'lib/libboost_python.so': library('libboost_python.so', { wants: { '': ['PyList_New'] } }) },
    }
    expect(verdicts('SYM003', audit({ 'python-3.11': python, 'boost-1': boost }))).toEqual([])
  })
})

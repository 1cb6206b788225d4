/** SYM004: a symbol that nothing defines in a plugin or Python module. */
import { describe, expect, it } from 'vitest'
import { ruleWorlds } from '../support/rule-worlds.ts'
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
const addon = (more: Partial<StudioPackage> = {}): StudioPackage => ({
  libraryPath: [],
  files: { 'plugins/p.so': plugin },
  ...more,
})
const required = addon({ requires: ['host'] })
const named = { plugins: [{ name: 'p', match: ['plugins/*.so'], host: 'host' }] }

const moduleFile = (name: string): StudioPackage['files'] => ({
  [`python/${name}.cpython-311-x86_64-linux-gnu.so`]: {
    elf: { symbols: ['PyList_New', '_Py_Dealloc'].map((symbol) => ({ name: symbol, defined: false })) },
  },
})
const modules: StudioPackage = { files: { ...moduleFile('a'), ...moduleFile('b') } }
const python = (...gives: string[]): StudioPackage => ({ files: { 'bin/python3.11': executable({ gives }) } })
const full = python('PyList_New', '_Py_Dealloc')
const broken: StudioPackage = { tools: ['host'], files: { 'bin/host': executable({ needs: ['libgone.so'] }) } }

ruleWorlds('SYM004', {
  found: [
    {
      name: 'a plugin that no program is known to open, as a note',
      studio: audit({ 'host-1': host('host_call'), 'addon-1': addon() }),
      finds: ['addon-1 host_call note'],
      afterRepair: [
        audit({ 'host-1': host('host_call'), 'addon-1': required }),
        audit({ 'host-1': host('host_call'), 'addon-1': addon({ pluginFor: ['host'] }) }),
        audit({ 'host-1': host('host_call'), 'addon-1': addon() }, { policy: named }),
      ],
    },
    {
      name: 'the program that was tried in vain',
      studio: audit({ 'host-1': host('other_call'), 'addon-1': required }),
      finds: ['addon-1 host_call note'],
      says: ['not even in the process of', 'bin/host'],
      afterRepair: audit({ 'host-1': host('host_call'), 'addon-1': required }),
    },
    {
      name: 'one cause for the modules of another Python',
      studio: audit({
        'python-3.12': { files: { 'bin/python3.12': executable({ gives: ['PyList_New'] }) } },
        'mod-1': modules,
      }),
      finds: ['mod-1 _Py_Dealloc note'],
      afterRepair: audit({ 'python-3.11': full, 'mod-1': modules }),
    },
  ],
  clean: [
    {
      name: 'about what a Python of the context gives its modules',
      studio: audit({ 'python-3.11': full, 'mod-1': modules }),
    },
    { name: 'about modules where there is no Python', studio: audit({ 'mod-1': modules }) },
    {
      name: 'about what a Python of the system gives',
      studio: audit(
        { 'mod-1': modules },
        { host: { 'usr/bin/python3': executable({ gives: ['PyList_New', '_Py_Dealloc'] }) } },
      ),
    },
    {
      name: 'where the program that opens it is incomplete itself',
      studio: audit({ 'host-1': broken, 'addon-1': required }),
    },
  ],
})

describe('symbol-undefined-plugin', () => {
  it('is a heuristic without a program, and inferred where one was tried', () => {
    expect(findingsOf('SYM004', audit({ 'addon-1': addon() }))).toEqual([
      expect.objectContaining({ confidence: 'heuristic', objects: ['plugins/p.so'] }),
    ])
    const [tried] = findingsOf('SYM004', audit({ 'host-1': host('other_call'), 'addon-1': required }))
    expect(tried?.confidence).toBe('inferred')
    expect(tried?.evidence['tried']).toEqual([expect.stringContaining('bin/host')])
  })

  it('counts a library that Python alone can complete as one of its modules', () => {
    const boost = {
      files: { 'lib/libboost_python.so': library('libboost_python.so', { wants: { '': ['PyList_New'] } }) },
    }
    expect(verdicts('SYM003', audit({ 'python-3.11': python('PyList_New'), 'boost-1': boost }))).toEqual([])
    expect(verdicts('SYM003', audit({ 'python-3.11': python(), 'boost-1': boost }))).not.toEqual([])
  })
})

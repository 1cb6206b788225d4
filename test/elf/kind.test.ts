/** What a file is. */
import { describe, expect, it } from 'vitest'
import type { ObjectKind } from '../../src/domain/object.ts'
import { DF_1_PIE } from '../../src/domain/object.ts'
import type { ElfSpec } from '../support/elf/spec.ts'
import { FORMATS, readSpec } from '../support/elf/source.ts'

const interpreter = '/lib64/ld-linux-x86-64.so.2'

const KINDS: readonly (readonly [title: string, spec: ElfSpec, kind: ObjectKind])[] = [
  ['a shared library', { soname: 'liba.so.1' }, 'library'],
  ['a PIE', { interpreter, flags1: DF_1_PIE }, 'program'],
  ['a PIE with a soname', { interpreter, flags1: DF_1_PIE, soname: 'tool' }, 'program'],
  ['a PIE of the time before DF_1_PIE', { interpreter }, 'program'],
  ['a library that can be started, as libc.so.6', { interpreter, soname: 'libc.so.6' }, 'library'],
  ['a program at a fixed address', { interpreter, type: 'exec' }, 'program'],
  ['a static program', { type: 'exec', dynamic: false }, 'static'],
  ['a static PIE', { flags1: DF_1_PIE }, 'static-pie'],
  ['an object file', { type: 1, dynamic: false }, 'relocatable'],
  ['a core dump', { type: 4, dynamic: false }, 'core'],
  ['a type of its own', { type: 0xfe00 }, 'other'],
]

it.each(KINDS)('%s', (_, spec, kind) => {
  expect(readSpec(spec)).toMatchObject({ object: { kind }, faults: [] })
})

describe('split debug files', () => {
  const spec = {
    soname: 'liba.so.1',
    needs: ['libb.so.1'],
    buildId: 'aabbccdd',
    abiTag: { kernel: [3, 2, 0] as const },
  }
  for (const [title, format] of FORMATS) {
    it.each(['empty', 'unstored', 'unrelated', 'beyond'] as const)(`${title}: %s`, (debug) => {
      // Enough tables that the place of the dynamic section lies beyond the short file.
      const data = new Uint8Array(600)
      const { object, faults } = readSpec({ ...spec, ...format, data, debug })
      expect(faults).toEqual([])
      expect(object).toMatchObject({ kind: 'debug', dynamic: false, soname: null, needs: [], buildId: 'aabbccdd' })
    })
  }

  it('does not take a library that lost its end for one', () => {
    const { object, faults } = readSpec({ ...spec, data: new Uint8Array(600), truncate: 500 })
    expect(object).toMatchObject({ kind: 'library', dynamic: false })
    expect(faults[0]).toMatchObject({ kind: 'truncated' })
    expect(faults[0]?.message).toContain('before the dynamic section')
  })

  it('takes an empty dynamic section for none', () => {
    const { object } = readSpec({ dynamicOmit: [4, 5, 6, 10, 11, 0x6ffffef5] })
    expect(object).toMatchObject({ kind: 'debug', dynamic: false })
  })
})

it('keeps a packed file without dynamic section', () => {
  const { object, faults } = readSpec({ type: 'exec', dynamic: false, data: new Uint8Array(50) })
  expect(faults).toEqual([])
  expect(object).toMatchObject({ kind: 'static', dynamic: false, needs: [] })
  expect(object?.loads).toHaveLength(2)
})

it('reads PT_GNU_STACK as executable, not executable, absent', () => {
  expect(readSpec({ executableStack: true }).object?.executableStack).toBe(true)
  expect(readSpec({ executableStack: false }).object?.executableStack).toBe(false)
  expect(readSpec({ executableStack: null }).object?.executableStack).toBeNull()
})

it('takes the last PT_GNU_STACK and the last PT_DYNAMIC with bytes, as the loader does', () => {
  const stack = { type: 0x6474e551, flags: 7 }
  const empty = { type: 2, fileSize: 0 }
  const { object } = readSpec({ executableStack: false, needs: ['liba.so'], segments: [stack, empty] })
  expect(object).toMatchObject({ executableStack: true, dynamic: true, needs: [{ name: 'liba.so' }] })
})

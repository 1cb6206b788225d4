/** Objects without bytes: the loader takes them, and nothing is said of what is not known. */
import { expect, test } from 'vitest'
import { EM_386, EM_X86_64, ELFCLASS32, ELFCLASS64 } from '../../src/domain/object.ts'
import type { OverlayEntry } from '../../src/domain/tree.ts'
import { virtualObject } from '../../src/elf/virtual.ts'
import { resolveClosure } from '../../src/loader/closure.ts'
import { createWorld } from '../../src/system/world.ts'
import { makeWorld, program } from '../support/loader/world.ts'

function worldWith(versions: readonly string[] | null): ReturnType<typeof makeWorld> {
  const reading = virtualObject({ soname: 'libq.so.1', machine: EM_X86_64, elfClass: ELFCLASS64, versions })
  const { system } = makeWorld({
    '/bin/p': program({ needs: ['libq.so.1'], versionNeeds: [{ file: 'libq.so.1', versions: ['Q_2'] }] }),
  })
  const overlay = new Map<string, OverlayEntry>([['/usr/lib/libq.so.1', { kind: 'object', reading }]])
  return createWorld({ name: 'base', system, overlay })
}

test('a virtual object answers a need', () => {
  const found = resolveClosure(worldWith(['Q_1', 'Q_2']), '/bin/p')
  expect(found.objects.map((entry) => entry.file)).toContain('/usr/lib/libq.so.1')
  expect(found.start).toBeNull()
})

test('a version node that it does not define is missing, as the loader would say', () => {
  expect(resolveClosure(worldWith(['Q_1']), '/bin/p').start).toContain('Q_2')
})

test('its symbols are not known, which is not the same as none', () => {
  expect(worldWith(null).symbols('/usr/lib/libq.so.1')).toEqual({ symbols: [], faults: [], unknown: true })
})

test('one of the other class is passed over, as a file of that class would be', () => {
  const reading = virtualObject({ soname: 'libq.so.1', machine: EM_386, elfClass: ELFCLASS32, versions: null })
  const { system } = makeWorld({ '/bin/p': program({ needs: ['libq.so.1'] }) })
  const overlay = new Map<string, OverlayEntry>([['/usr/lib/libq.so.1', { kind: 'object', reading }]])
  const found = resolveClosure(createWorld({ name: 'base', system, overlay }), '/bin/p')
  expect(found.objects.map((entry) => entry.file)).not.toContain('/usr/lib/libq.so.1')
  expect(reading.header?.phentsize).toBe(32)
})

/** PKG001: a file that promises to be an object and cannot be read as one. */
import { expect, it } from 'vitest'
import { buildElf } from '../support/elf/build.ts'
import { auditStudio, program, verdicts } from '../support/studio.ts'

const inPackage = (
  path: string,
  content: string | Uint8Array,
): { readonly packages: { 'p-1': { readonly files: Record<string, string | Uint8Array> } } } => ({
  packages: { 'p-1': { files: { [path]: content } } },
})

it.each([
  ['an empty library', 'lib/libq.so', ''],
  ['a pointer of Git LFS', 'lib/libq.so.1', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'],
  ['text under the name of a library', 'lib/libq.so.1', 'hello'],
  ['a truncated object', 'lib/libq.so.1', buildElf({ soname: 'libq.so.1' }).slice(0, 70)],
  ['a truncated object of any name', 'share/payload', buildElf({ soname: 'libq.so.1' }).slice(0, 30)],
])('reports %s', (_, path, content) => {
  expect(verdicts('PKG001', inPackage(path, content))).toEqual([`p-1 ${path} note`])
})

it.each([
  ['a linker script', 'lib/libq.so', '/* GNU ld script */ INPUT(libq.so.1)'],
  ['data', 'share/table', 'hello'],
  ['a script', 'bin/tool', '#!/bin/sh\n'],
])('is silent about %s', (_, path, content) => {
  expect(verdicts('PKG001', inPackage(path, content))).toEqual([])
})

it('makes the audit incomplete only where a need leads to the file', () => {
  const broken = { 'lib/libq.so.1': 'hello' }
  expect(auditStudio({ packages: { 'p-1': { files: broken } } }).incomplete).toEqual([])
  const used = { ...broken, 'bin/a': program('libq.so.1') }
  expect(auditStudio({ packages: { 'p-1': { files: used } } }).incomplete).toHaveLength(1)
})

/** PKG001: a file that promises to be an object and cannot be read as one. */
import { expect, it } from 'vitest'
import { buildElf } from '../support/elf/build.ts'
import type { FoundWorld } from '../support/rule-worlds.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { auditStudio, lib, program } from '../support/studio.ts'

const studio = (path: string, content: StudioFile): StudioSpec => ({
  packages: { 'p-1': { files: { [path]: content } } },
})
const whole = buildElf({ soname: 'libq.so.1' })
const found = (name: string, path: string, content: StudioFile): FoundWorld => ({
  name,
  studio: studio(path, content),
  finds: [`p-1 ${path} note`],
  afterRepair: studio(path, whole),
})

ruleWorlds('PKG001', {
  found: [
    found('an empty library', 'lib/libq.so', ''),
    found(
      'a pointer of Git LFS',
      'lib/libq.so.1',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    ),
    found('text under the name of a library', 'lib/libq.so.1', 'hello'),
    found('a truncated object', 'lib/libq.so.1', whole.slice(0, 70)),
    found('a truncated object of any name', 'share/payload', whole.slice(0, 30)),
  ],
  clean: [
    { name: 'about a linker script', studio: studio('lib/libq.so', '/* GNU ld script */ INPUT(libq.so.1)') },
    { name: 'about data', studio: studio('share/table', 'hello') },
    { name: 'about a script', studio: studio('bin/tool', '#!/bin/sh\n') },
    { name: 'about a library that can be read', studio: studio('lib/libq.so.1', lib('libq.so.1')) },
  ],
})

it('makes the audit incomplete only where a need leads to the file', () => {
  const broken = { 'lib/libq.so.1': 'hello' }
  expect(auditStudio({ packages: { 'p-1': { files: broken } } }).incomplete).toEqual([])
  const used = { ...broken, 'bin/a': program('libq.so.1') }
  expect(auditStudio({ packages: { 'p-1': { files: used } } }).incomplete).toHaveLength(1)
})

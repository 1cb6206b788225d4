/** What the builder makes for x86-64 is taken by this machine's own loader. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildElf } from '../support/elf/build.ts'
import type { ElfSpec } from '../support/elf/spec.ts'

const LOADER = '/lib64/ld-linux-x86-64.so.2'
const present = process.platform === 'linux' && process.arch === 'x64' && existsSync(LOADER)
if (!present) process.stderr.write(`SKIPPED: no ${LOADER} on this machine; no built file was loaded\n`)

const VERSIONED: ElfSpec = {
  soname: 'libversioned.so',
  versionDefinitions: ['V_1', { name: 'V_2', parents: ['V_1'] }],
  symbols: [{ name: 'f', version: 'V_1', hidden: true }, { name: 'f', version: 'V_2' }, { name: 'plain' }],
}
const program: ElfSpec = { interpreter: LOADER, needs: ['libmiddle.so', 'libabsent.so'], runpath: '$ORIGIN' }
const FILES: Readonly<Record<string, ElfSpec>> = {
  'libversioned.so': VERSIONED,
  'libmiddle.so': {
    soname: 'libmiddle.so',
    needs: ['libversioned.so'],
    runpath: '$ORIGIN',
    versionNeeds: [{ file: 'libversioned.so', versions: ['V_2', { name: 'V_8', weak: true }] }],
    symbols: [
      { name: 'f', version: 'V_2', defined: false },
      { name: 'plain', defined: false },
      { name: 'missing', defined: false },
    ],
    hash: ['gnu'],
    abiTag: { kernel: [3, 2, 0] },
    properties: { 0xc0008002: 1 },
    relr: true,
  },
  'libdemanding.so': {
    needs: ['libversioned.so'],
    runpath: '$ORIGIN',
    versionNeeds: [{ file: 'libversioned.so', versions: ['V_7'] }],
    hash: ['sysv'],
  },
  'libplain.so': {},
  'libfilter.so': { needs: [{ kind: 'filter', name: 'libplain.so' }], runpath: '$ORIGIN' },
  pie: { ...program, flags1: 0x08000001 },
  exec: { ...program, type: 'exec', executableStack: true },
  filtered: { interpreter: LOADER, needs: ['libfilter.so'], runpath: '$ORIGIN' },
  quiet: { interpreter: LOADER, flags1: 0x08000000 },
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'elf-'))
  for (const [name, spec] of Object.entries(FILES))
    writeFileSync(path.join(folder, name), buildElf(spec), { mode: 0o755 })
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** What the loader prints of a file, addresses and the loader's own lines left out. */
function trace(name: string, environment: Readonly<Record<string, string>> = {}): string {
  const result = spawnSync(LOADER, [path.join(folder, name)], {
    env: { LD_TRACE_LOADED_OBJECTS: '1', ...environment },
  })
  return `${result.stdout.toString()}${result.stderr.toString()}`
    .replaceAll(`${folder}/`, '')
    .split('\n')
    .filter((line) => !/vdso|ld-linux/.test(line))
    .map((line) => line.trim().replace(/ \(0x[0-9a-f]+\)$/, ''))
    .filter((line) => line !== '')
    .join('\n')
}

test.skipIf(!present)('a library with needs, run path and versions', () => {
  expect(trace('libmiddle.so')).toContain('libversioned.so => libversioned.so')
  expect(trace('libmiddle.so')).toMatch(/weak version `V_8' not found/)
  expect(trace('libdemanding.so')).toMatch(/version `V_7' not found \(required by libdemanding.so\)/)
  expect(trace('libversioned.so')).toBe('statically linked')
})

test.skipIf(!present)('a filter, whose filtee comes first', () => {
  expect(trace('filtered').split('\n')).toEqual(['libplain.so => libplain.so', 'libfilter.so => libfilter.so'])
})

test.skipIf(!present).each(['pie', 'exec'])('a program: %s', (name) => {
  const lines = trace(name).split('\n')
  expect(lines.slice(0, 3)).toEqual([
    'libmiddle.so => libmiddle.so',
    'libabsent.so => not found',
    'libversioned.so => libversioned.so',
  ])
})

test.skipIf(!present)('undefined symbols are looked up when everything is bound', () => {
  const bound = trace('libmiddle.so', { LD_BIND_NOW: '1', LD_WARN: '1' })
  expect(bound).toMatch(/undefined symbol: missing/)
  expect(bound).not.toMatch(/undefined symbol: (?:f|plain)/)
})

test.skipIf(!present)('the kernel starts a built program, which ends at once', () => {
  expect(spawnSync(path.join(folder, 'quiet')).status).toBe(0)
})

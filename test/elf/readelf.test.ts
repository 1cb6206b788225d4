/** The same facts as binutils' readelf, over libraries and programs of this machine, the samples and built files. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readSymbols } from '../../src/elf/symbols.ts'
import { buildElf } from '../support/elf/build.ts'
import { elfFilesBelow, readFile, withSource } from '../support/elf/disk.ts'
import { EVERYTHING } from '../support/elf/everything.ts'
import { hasReadelf, ourFacts, readelfFacts } from '../support/elf/readelf.ts'
import { FORMATS } from '../support/elf/source.ts'

const MOST = 200
const SAMPLES = path.resolve(import.meta.dirname, '../../samples')
const FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/bin']
const present = hasReadelf()
if (!present) process.stderr.write('SKIPPED: no readelf on this machine; nothing was compared with it\n')

/** Every n-th file, so that no more than `most` are left. */
function thinned(files: readonly string[], most: number): readonly string[] {
  const step = Math.max(1, Math.ceil(files.length / most))
  return files.filter((_, i) => i % step === 0)
}

function compare(files: readonly string[]): number {
  const theirs = readelfFacts(files)
  for (const file of files) {
    const facts = theirs.get(file)
    // The notes of an object file lie in sections alone, which we do not read.
    if (facts !== undefined && facts.type !== 'REL')
      expect({ file, ...ourFacts(readFile(file)) }).toEqual({ file, ...facts })
  }
  return theirs.size
}

test.skipIf(!present)("the machine's own files", () => {
  const files = thinned(FOLDERS.filter((folder) => existsSync(folder)).flatMap(elfFilesBelow), MOST)
  if (files.length === 0) process.stderr.write(`SKIPPED: no ELF files below ${FOLDERS.join(', ')}\n`)
  expect(compare(files)).toBe(files.length)
})

test.skipIf(!present)('the samples', () => {
  const files = thinned(elfFilesBelow(SAMPLES), MOST)
  if (files.length === 0) process.stderr.write('SKIPPED: no ELF files among the samples\n')
  expect(compare(files)).toBe(files.length)
})

test.skipIf(!present)('files built for every class and byte order', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'elf-'))
  try {
    const needs = EVERYTHING.needs?.filter(
      (need) => typeof need !== 'string' || (need !== '' && !need.includes('\udcff')),
    )
    const versionNeeds = EVERYTHING.versionNeeds?.slice(0, 1)
    const symbols = EVERYTHING.symbols?.filter((symbol) => symbol.version !== 'N_1')
    const spec = { ...EVERYTHING, needs: needs ?? [], versionNeeds: versionNeeds ?? [], symbols: symbols ?? [] }
    const files = FORMATS.map(([title, format]) => {
      const file = path.join(folder, title.replaceAll(' ', '-'))
      // readelf knows the property bits of x86 only, and follows tables of versions by their sections.
      writeFileSync(file, buildElf({ ...spec, ...format, properties: {}, sections: true }))
      return file
    })
    expect(compare(files)).toBe(4)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test("every dynamic symbol of the machine's own libraries has a name, and undefined ones a version out of the needs", () => {
  const files = thinned(FOLDERS.filter((folder) => existsSync(folder)).flatMap(elfFilesBelow), 60)
  if (files.length === 0) process.stderr.write(`SKIPPED: no ELF files below ${FOLDERS.join(', ')}\n`)
  for (const file of files) {
    const { symbols, faults } = withSource(file, (source) => readSymbols(source, file))
    expect(faults).toEqual([])
    const demanded = new Set(readFile(file).object?.versionNeeds.map((need) => `${need.file} ${need.version}`))
    for (const symbol of symbols) {
      if (symbol.defined || symbol.version === null) continue
      expect(demanded).toContain(`${symbol.versionFile ?? ''} ${symbol.version}`)
    }
  }
})

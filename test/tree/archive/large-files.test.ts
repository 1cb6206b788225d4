/** ELF files that are too large to be looked at whole while an archive streams by. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { faultText } from '../../../src/domain/fault.ts'
import type { ElfReading } from '../../../src/domain/object.ts'
import { failed } from '../../../src/domain/tree.ts'
import type { Tree } from '../../../src/domain/tree.ts'
import { readElf } from '../../../src/elf/read.ts'
import { readSymbols } from '../../../src/elf/symbols.ts'
import { openSource } from '../../../src/system/source.ts'
import type { Keeper, Span } from '../../../src/tree/archive/kept.ts'
import { openTar } from '../../../src/tree/archive/open.ts'
import { buildElf } from '../../support/elf/build.ts'
import { makeFolder } from '../../support/system/folder.ts'
import { ociLayout, tar } from '../../support/tree/tar-writer.ts'

const MiB = 1024 * 1024
/** So much of the beginning of a file is looked at as a whole. */
const HEAD = 32 * MiB
const names = Array.from({ length: 500 }, (_, i) => ({ name: `function_${i}` }))
const spec = { soname: 'libbig.so.1', needs: ['libc.so.6'], symbols: names, buildId: 'c0ffee' }

/** What readers ask for, in the order in which it lies: the head, then all that the dynamic section names, then that itself. */
const files: Record<string, Uint8Array> = {
  // The dynamic section is at the end, as in most: it leads back to the head, which is kept.
  'usr/lib/libends.so': buildElf({ ...spec, filler: HEAD + 4 * MiB }),
  // It leads back to tables behind the head, which have gone by: they need a second pass.
  'usr/lib/libback.so': buildElf({ ...spec, data: new Uint8Array(HEAD + 4 * MiB), filler: 2 * MiB }),
  // A table lies across the end of the head, and another one between head and end, both of which are asked for at once.
  'usr/lib/libover.so': buildElf({
    ...spec,
    data: new Uint8Array(HEAD - 3000),
    filler: 12 * MiB,
    segments: [{ type: 4, offset: HEAD + 6 * MiB, address: HEAD + 6 * MiB, fileSize: 64, memorySize: 64, align: 4 }],
  }),
  // The end is missing, as in a copy that was not finished.
  'usr/lib/libcut.so': buildElf({ ...spec, filler: HEAD + 8 * MiB }).slice(0, HEAD + 4 * MiB),
  'usr/lib/libsmall.so': buildElf({ ...spec, filler: 3 * MiB }),
  'usr/lib/empty.so': new Uint8Array(0),
  'usr/lib/short.so': Uint8Array.of(0x7f, 0x45),
  'usr/bin/script': Buffer.from(`#!/bin/sh\n${'echo\n'.repeat(20_000)}`),
  'usr/share/large.bin': new Uint8Array(HEAD + 2 * MiB).fill(0x23),
}

let root = ''

beforeAll(() => {
  root = makeFolder(files)
})

function seen(tree: Tree): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.keys(files).map((path) => {
      const file = tree.open(`/${path}`)
      if (failed(file)) throw new Error(file.errno)
      const reading: ElfReading = readElf(file, path)
      return [path, { size: file.size, reading, symbols: readSymbols(file, path) }]
    }),
  )
}

async function treeOf(spec: string): Promise<Tree> {
  const system = await openSource(spec, null)
  if ('message' in system) throw new Error(faultText(system))
  expect(system.faults).toEqual([])
  return system.tree
}

test('what is read of them in an archive is what is read of them in a folder', async () => {
  const folder = seen(await treeOf(root))
  expect(folder['usr/lib/libback.so']).toMatchObject({ reading: { object: { soname: 'libbig.so.1' }, faults: [] } })
  const archive = tar(...Object.entries(files).map(([name, data]) => ({ name, data })))
  const top = makeFolder({ 'root.tar': archive })
  expect(seen(await treeOf(join(top, 'root.tar')))).toEqual(folder)

  for (const [name, bytes] of ociLayout({ layers: [archive], store: (layer) => gzipSync(layer, { level: 1 }) })) {
    mkdirSync(dirname(join(top, 'layout', name)), { recursive: true })
    writeFileSync(join(top, 'layout', name), bytes)
  }
  expect(seen(await treeOf(`oci:${join(top, 'layout')}`))).toEqual(folder)
})

test('tables that lead back more often than an archive is gone through are told, not taken for empty', async () => {
  const top = makeFolder({ 'root.tar': tar({ name: 'lib/odd.so', data: files['usr/lib/libends.so'] ?? '' }) })
  /** Reads from the end to the beginning, each step when the one behind it is known. */
  const back: Keeper = {
    whole: () => false,
    spans: (source) => {
      const core: Span[] = []
      for (let offset = source.size - 1000; offset > HEAD && core.length < 10; offset -= 1000) {
        if (source.read(offset, 8).length === 0) break
        core.push({ offset, length: 8 })
      }
      return { core, symbols: [], zeros: false }
    },
  }
  const choice = { reference: null, platform: null }
  const archive = await openTar(join(top, 'root.tar'), { keeper: back, choice })
  expect('faults' in archive && archive.faults).toMatchObject([
    {
      kind: 'unsupported',
      message: expect.stringContaining('1 ELF file has tables in an order that 4 passes') as string,
    },
  ])
})

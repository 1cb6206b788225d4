/** The JSON of a real capture meets the published schema, and so does a declaration of a base. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { faultText } from '../../src/domain/fault.ts'
import { takeCapture } from '../../src/system/capture/take.ts'
import { buildElf } from '../support/elf/build.ts'
import { libcBytes, loaderBytes } from '../support/loader/stand-ins.ts'
import { schemaErrors } from '../support/published-schema.ts'
import { makeFolder } from '../support/system/folder.ts'

const ROOT = join(import.meta.dirname, '../..')
const MAGIC = 20
const PREAMBLE = MAGIC + 4 + 16

/** Reads a capture by docs/captures.md alone. */
function partsOf(bytes: Buffer): Record<string, unknown> {
  const length = bytes.readUInt32LE(MAGIC)
  const text = (from: number, size: number): unknown =>
    JSON.parse(inflateSync(bytes.subarray(from, from + size)).toString('utf8'))
  const head = text(PREAMBLE, length) as Record<string, [number, number, number]>
  const part = (name: string): unknown => text(PREAMBLE + length + (head[name]?.[0] ?? 0), head[name]?.[1] ?? 0)
  return { head, names: part('names'), files: part('files'), owners: part('owners') }
}

test('a capture', async () => {
  const root = makeFolder({
    'lib64/ld-linux-x86-64.so.2': loaderBytes([2, 36]),
    'usr/lib/libc.so.6': libcBytes([2, 36]),
    'usr/lib/libq.so.1': buildElf({ soname: 'libq.so.1' }),
    'usr/lib/libq.so': { link: 'libq.so.1' },
    'usr/bin/script': '#!/bin/sh\n',
    'etc/os-release': 'ID=debian\n',
    'var/lib/dpkg/status': 'Package: libq1\nVersion: 1.2-3\n\n',
    'var/lib/dpkg/info/libq1.list': '/usr/lib/libq.so.1\n',
  })
  const taken = await takeCapture(root, { rpmProgram: null, platform: null, progress: null, label: 'q', own: false })
  if ('message' in taken) throw new Error(faultText(taken))
  const file = join(makeFolder({}), 'q.capture')
  writeFileSync(file, taken.bytes)
  const parts = partsOf(readFileSync(file))
  expect(schemaErrors('capture', parts)).toEqual([])
  expect(parts['owners']).toEqual([['dpkg', 'libq1', '1.2-3', ['/usr/lib/libq.so.1']]])
  expect(schemaErrors('capture', { ...parts, names: [['x', 3]] })).not.toEqual([])
  expect(
    schemaErrors('capture', { ...parts, head: { ...(parts['head'] as object), schema: 'airtight/capture/v2' } }),
  ).not.toEqual([])
})

test('base.yaml', () => {
  const base = parse(readFileSync(join(ROOT, 'samples/rough_layout/base.yaml'), 'utf8')) as object
  expect(schemaErrors('base', base)).toEqual([])
  expect(schemaErrors('base', { ...base, 'x-ours': { any: 1 } })).toEqual([])
  expect(schemaErrors('base', { ...base, driver: [] })).not.toEqual([])
})

/**
 * The schema of the JSON in a capture, airtight/capture/v1. A capture has four JSON texts: its head, and three parts of the
 * index that the head points at; docs/captures.md tells how they lie in the file.
 */
import { z } from 'zod'
import type { CaptureHead, PackedFile, PackedNode, PackedOwner } from '../src/system/capture/format.ts'

const text = z.string()
const count = z.int().min(0)
const place = z.tuple([count, count, count]).describe('offset behind the head, packed size, size unpacked')

const head: z.ZodType<CaptureHead> = z.strictObject({
  schema: z.literal('airtight/capture/v1'),
  label: text,
  environment: z.array(text).describe("NAME=value, of the image's configuration"),
  platform: text.nullable(),
  notes: z.array(text),
  names: place,
  files: place,
  owners: place,
  core: z.array(place).describe('blocks that hold what resolution needs'),
  symbols: z.array(place).describe('blocks that hold what only symbols need'),
})

const folder = z.tuple([text, z.literal(0), count, z.number(), z.array(z.lazy(() => node))])
const node: z.ZodType<PackedNode> = z
  .union([
    folder.describe('a folder: name, kind, mode, time of change in seconds, children sorted by name'),
    z
      .tuple([text, z.literal(1), count, count])
      .describe('a file whose bytes are kept: name, kind, mode, place in files'),
    z
      .tuple([text, z.literal(2), count, count, text])
      .describe('any other file: name, kind, mode, size, its first bytes'),
    z.tuple([text, z.literal(3), text]).describe('a link: name, kind, target as written'),
    z.tuple([text, z.literal(4)]).describe('a device, a pipe, a socket'),
  ])
  .meta({ id: 'node' })

const stretches = z
  .tuple([count, count, z.array(count)])
  .describe('block, position in it, pairs of offset in the file and length')
const file: z.ZodType<PackedFile> = z.tuple([z.literal([0, 1, 2]), count, z.number(), stretches, stretches])
const owner: z.ZodType<PackedOwner> = z.tuple([text, text, text, z.array(text)])

/** The four texts of a capture, by their names in the head. */
const parts = z.strictObject({
  head,
  names: z.array(node).describe('the root folder'),
  files: z.array(
    file.describe('0 whole, 1 ELF, 2 ELF whose holes read as zeros; size, time; for resolution, for symbols'),
  ),
  owners: z.array(owner.describe('package manager, OS package, version, those of its files that are in the capture')),
})

/** JSON Schema (2020-12) of the four texts. */
export function captureJsonSchema(): object {
  return { $id: 'urn:airtight:capture:v1', title: 'airtight/capture/v1', ...z.toJSONSchema(parts, { io: 'input' }) }
}

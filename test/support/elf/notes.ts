/** The notes of a declared file. */
import type { Format } from './bytes.ts'
import { Writer } from './bytes.ts'
import type { ElfSpec } from './spec.ts'

const NT_GNU_ABI_TAG = 1
const NT_GNU_BUILD_ID = 3
const NT_GNU_PROPERTY = 5
const NT_DLOPEN = 0x407c0c0a

/** ABI tag, build id and dlopen notes, aligned to 4 bytes; empty where none is declared. */
export function plainNotes(spec: ElfSpec, format: Format): Uint8Array {
  const writer = new Writer(format)
  if (spec.abiTag !== undefined) {
    const content = new Writer(format).word(spec.abiTag.os ?? 0)
    for (const part of spec.abiTag.kernel) content.word(part)
    note(writer, 'GNU', NT_GNU_ABI_TAG, content.bytes(), 4)
  }
  if (spec.buildId !== undefined) note(writer, 'GNU', NT_GNU_BUILD_ID, Buffer.from(spec.buildId, 'hex'), 4)
  for (const one of spec.dlopen ?? []) {
    const text = typeof one === 'string' ? one : JSON.stringify(one)
    note(writer, 'FDO', NT_DLOPEN, Buffer.from(`${text}\0`, 'utf8'), 4)
  }
  return writer.bytes()
}

/** The property note, aligned as the class wants it; empty where none is declared. */
export function propertyNote(spec: ElfSpec, format: Format): Uint8Array {
  const writer = new Writer(format)
  const properties = Object.entries(spec.properties ?? {})
  if (properties.length === 0) return writer.bytes()
  const align = format.wide ? 8 : 4
  const content = new Writer(format)
  // The gABI extension wants the properties sorted by type.
  for (const [type, value] of properties.map(([t, v]) => [Number(t), v] as const).sort((a, b) => a[0] - b[0])) {
    content.word(type).word(4).word(value).pad(align)
  }
  note(writer, 'GNU', NT_GNU_PROPERTY, content.bytes(), align)
  return writer.bytes()
}

function note(writer: Writer, owner: string, type: number, content: Uint8Array, align: number): void {
  const name = Buffer.from(`${owner}\0`, 'latin1')
  writer.word(name.length).word(content.length).word(type).raw(name).pad(align).raw(content).pad(align)
}

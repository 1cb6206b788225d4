/** The use case of `base export`. */
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import type { ExportFormat } from '../system/base-export.ts'
import { exportBase } from '../system/base-export.ts'
import { readBaseFile } from '../system/base.ts'
import { openSource } from '../system/source.ts'

/** A declared base as text for another tool. With `pin` the versions come from the capture or root that it names. */
export async function exportDeclared(base: string, format: ExportFormat, pin: boolean): Promise<string | Fault> {
  const file = readBaseFile(base)
  if (!('declaration' in file)) return file[0] ?? faultAtLine('malformed', base, null, 'is no declared base')
  const own = file.root ?? file.capture
  if (pin && own === null) {
    return faultAtLine(
      'unsupported',
      base,
      null,
      'names no capture and no root to take versions from; add capture: FILE',
    )
  }
  const reference = pin && own !== null ? await openSource(own, null, 'rpm') : null
  if (reference !== null && 'message' in reference) return reference
  const versions = reference === null ? null : new Map(reference.packages().map((item) => [item.name, item]))
  const text = exportBase(file.declaration, { format, versions })
  return typeof text === 'string' ? text : faultAtLine('malformed', base, null, text.problem)
}

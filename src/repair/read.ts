/** Reads repair files: every fault names the line, and the key that was probably meant. `x-` keys are passed over. */
import type { Fault } from '../domain/fault.ts'
import { faultAtLine } from '../domain/fault.ts'
import type { RepairFile } from '../domain/repair.ts'
import { readYaml } from '../policy/yaml.ts'
import { repairFileSchema } from './schema.ts'

/** Bytes of the largest file that is read: a plan for thousands of libraries stays far below. */
export const MAX_REPAIR_FILE: number = 16 * 1024 * 1024

/**
 * The repair file in a text.
 *
 * @param path its name, for messages
 * @returns faults in the order of the file where it is none
 */
export function parseRepairFile(text: string, path: string): RepairFile | readonly Fault[] {
  if (text.length > MAX_REPAIR_FILE) {
    return [faultAtLine('unsupported', path, null, `larger than ${MAX_REPAIR_FILE} bytes`)]
  }
  const located = readYaml(text, path, repairFileSchema, 'everywhere')
  return 'data' in located ? withoutSchema(located.data) : located
}

function withoutSchema(data: RepairFile & { schema?: string }): RepairFile {
  const file = { ...data }
  delete file.schema
  return file
}

/** Tells faults from a file. */
export function isRepairFile(value: RepairFile | readonly Fault[]): value is RepairFile {
  return 'kind' in value
}

/** Writes schemas/ from the code; with --check it only says whether the files are in step. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { baselineJsonSchema } from '../src/policy/baseline.ts'
import { policyJsonSchema } from '../src/policy/schema.ts'
import { repairJsonSchema } from '../src/repair/schema.ts'
import { baseFileJsonSchema } from '../src/system/base.ts'
import { captureJsonSchema } from './capture-schema.ts'
import { diffJsonSchema } from './diff-schema.ts'
import { imageBuildJsonSchema, planReportJsonSchema } from './image-schemas.ts'
import { migrationJsonSchema } from './migration-schema.ts'
import { observationJsonSchema } from './observation-schema.ts'
import { auditJsonSchema } from '../src/report/json-schema.ts'

const FOLDER = resolve(import.meta.dirname, '../schemas')

/** The text of each schema file by its name. */
export async function schemaFiles(): Promise<ReadonlyMap<string, string>> {
  const style = await resolveConfig(resolve(FOLDER, 'audit.v1.schema.json'))
  const files = new Map<string, string>()
  for (const [kind, schema] of [
    ['audit', auditJsonSchema()],
    ['baseline', baselineJsonSchema()],
    ['base', baseFileJsonSchema()],
    ['capture', captureJsonSchema()],
    ['diff', diffJsonSchema()],
    ['image-build', imageBuildJsonSchema()],
    ['image-plan-report', planReportJsonSchema()],
    ['migration', migrationJsonSchema()],
    ['observation', observationJsonSchema()],
    ['policy', policyJsonSchema()],
    ['repair', repairJsonSchema()],
  ] as const) {
    files.set(`${kind}.v1.schema.json`, await format(JSON.stringify(schema), { ...style, parser: 'json' }))
  }
  return files
}

if (process.argv[1] === import.meta.filename) {
  const check = process.argv.includes('--check')
  for (const [name, text] of await schemaFiles()) {
    const file = resolve(FOLDER, name)
    if (!check) writeFileSync(file, text)
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      console.error(`schemas/${name} is out of step with the code: npx tsx tools/schemas.ts`)
      process.exitCode = 1
    }
  }
}

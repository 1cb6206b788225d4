/** Documents held against the schemas that the repository ships. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'

const SCHEMAS = resolve(import.meta.dirname, '../../schemas')

/** What is wrong in a document by schemas/NAME.v1.schema.json; nothing where it is valid. */
export function schemaErrors(name: string, document: unknown): readonly string[] {
  const schema = JSON.parse(readFileSync(resolve(SCHEMAS, `${name}.v1.schema.json`), 'utf8')) as object
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema)
  validate(document)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
}

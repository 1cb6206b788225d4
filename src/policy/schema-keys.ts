/** Looks into a zod schema: the forms that may stand at a path, and which keys and values they know. */
import { z } from 'zod'

/** Every form that the value at a path of data may have; none where the path leaves what the schema knows. */
export function formsAt(schema: unknown, path: readonly (string | number)[]): readonly unknown[] {
  let forms = branches(schema)
  for (const key of path) forms = forms.flatMap((form) => below(form, key)).flatMap(branches)
  return forms
}

/** Every key that the forms know. */
export function keysOf(forms: readonly unknown[]): readonly string[] {
  return [...new Set(forms.flatMap((form) => (form instanceof z.ZodObject ? Object.keys(form.shape) : [])))]
}

/** The values of the forms that are values: of a key that tells kinds of files apart, or names the schema. */
export function literalsOf(forms: readonly unknown[]): readonly string[] {
  return forms.flatMap((form) => (form instanceof z.ZodLiteral ? [...form.values].map(String) : []))
}

/** What the forms are, for people. */
export function namesOf(forms: readonly unknown[]): readonly string[] {
  return forms.flatMap((form) => {
    if (form instanceof z.ZodArray) return ['a list']
    if (form instanceof z.ZodObject) return [`a mapping of ${Object.keys(form.shape).join(', ')}`]
    if (form instanceof z.ZodRecord) return ['a mapping']
    if (form instanceof z.ZodNull) return ['null']
    if (form instanceof z.ZodBoolean) return ['true or false']
    if (form instanceof z.ZodNumber) return ['a number']
    return form instanceof z.ZodEnum ? form.options.map(String) : ['a text']
  })
}

function below(form: unknown, key: string | number): readonly unknown[] {
  if (form instanceof z.ZodObject) {
    const shape: Readonly<Record<string, unknown>> = form.shape
    return Object.hasOwn(shape, key) ? [shape[key]] : []
  }
  if (form instanceof z.ZodRecord) return [form.valueType]
  return form instanceof z.ZodArray ? [form.element] : []
}

/** The forms a value may have, wrappers taken off. */
function branches(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodOptional) return branches(schema.unwrap())
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(branches)
  return [schema]
}

/** `object.name`. */
import { collectionMethod } from './collection-methods.ts'
import { raised, typeName } from './runtime.ts'
import type { Rt } from './runtime.ts'
import { strMethod } from './str-methods.ts'

/** The attribute of a value; ends the statement where Python would raise AttributeError. */
export function attributeOf(object: Rt, name: string): Rt {
  const found =
    object.kind === 'object'
      ? (object.attribute?.(name) ?? null)
      : object.kind === 'str'
        ? strMethod(object.value, name)
        : collectionMethod(object, name)
  return found ?? raised('AttributeError', `${typeName(object)} has no attribute "${name}" that is evaluated`)
}

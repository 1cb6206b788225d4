/** Python values as Airtight knows them: immutable, typed as Python types them, so that `1`, `1.0` and `True` stay apart. */

export interface NoneValue {
  readonly kind: 'none'
}
export interface BoolValue {
  readonly kind: 'bool'
  readonly value: boolean
}
export interface IntValue {
  readonly kind: 'int'
  readonly value: bigint
}
export interface FloatValue {
  readonly kind: 'float'
  readonly value: number
}
export interface StrValue {
  readonly kind: 'str'
  readonly value: string
}
/** `value` holds one UTF-16 unit per byte. */
export interface BytesValue {
  readonly kind: 'bytes'
  readonly value: string
}
export interface SequenceValue {
  readonly kind: 'list' | 'tuple' | 'set'
  readonly items: readonly Value[]
}
export interface DictValue {
  readonly kind: 'dict'
  /** In the order of insertion, keys unique. */
  readonly entries: readonly (readonly [Value, Value])[]
}

/** A value that can stand in a package definition. */
export type Value = NoneValue | BoolValue | IntValue | FloatValue | StrValue | BytesValue | SequenceValue | DictValue

export const NONE: NoneValue = { kind: 'none' }
export const TRUE: BoolValue = { kind: 'bool', value: true }
export const FALSE: BoolValue = { kind: 'bool', value: false }

export function str(value: string): StrValue {
  return { kind: 'str', value }
}

export function bool(value: boolean): BoolValue {
  return value ? TRUE : FALSE
}

export function int(value: number | bigint): IntValue {
  return { kind: 'int', value: BigInt(value) }
}

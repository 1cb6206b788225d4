/** Number literals of Python. */
import type { Value } from './value.ts'

const INTEGER = /^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0+|[1-9][0-9]*)$/
const FLOAT = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
/** Longer ones are no version and no size, and big integers cost quadratic time. */
const MAX_DIGITS = 1000

/** The value of a number as written; null for complex numbers and for what Python 3 refuses, such as `0777`. */
export function numberValue(text: string): Value | null {
  const digits = text.replace(/_/g, '')
  if (digits.length > MAX_DIGITS) return null
  if (INTEGER.test(digits)) return { kind: 'int', value: BigInt(digits) }
  if (!/[.eE]/.test(digits) || !FLOAT.test(digits)) return null
  return { kind: 'float', value: Number(digits) }
}

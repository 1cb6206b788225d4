/** Numbers in the presentation types of Python's format mini-language. */
import { typeName, unknown } from './runtime.ts'
import type { Rt } from './runtime.ts'

/** A number as type `d`, `x`, `X`, `o`, `b`, `f` or `F` writes it; `places` is the precision. */
export function formatNumber(value: Rt, type: string, places: number | null): string {
  const number = numberOf(value, type)
  if (places !== null && places > 100) return unknown('a number of this precision is not evaluated')
  if (type === 'd') return (typeof number === 'bigint' ? number : wholePart(number)).toString()
  const base = BASES[type]
  if (base !== undefined) {
    const text = whole(number, type).toString(base)
    return type === 'X' ? text.toUpperCase() : text
  }
  if (type === 'f' || type === 'F') return fixedText(Number(number), places ?? 6)
  return unknown(`the format "${type}" is not evaluated`)
}

/** A number with a fixed count of places, rounded from its exact value, halves to even, as Python rounds. */
function fixedText(value: number, places: number): string {
  if (!(Math.abs(value) < 1e21)) return unknown('a number of this size is not formatted')
  // Every double is a whole number of steps of 2^-1074.
  const exponent = value === 0 ? 0 : Math.max(-1074, Math.floor(Math.log2(Math.abs(value))) - 53)
  const steps = BigInt(Math.abs(value) * 2 ** Math.min(1000, -exponent) * 2 ** Math.max(0, -exponent - 1000))
  const scaled = steps * 10n ** BigInt(places)
  const one = exponent < 0 ? 1n << BigInt(-exponent) : 1n
  const shifted = exponent > 0 ? scaled << BigInt(exponent) : scaled
  const rest = shifted % one
  const down = shifted / one
  const up = rest * 2n > one || (rest * 2n === one && down % 2n === 1n)
  const digits = (up ? down + 1n : down).toString().padStart(places + 1, '0')
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

const BASES: Readonly<Record<string, number>> = { x: 16, X: 16, o: 8, b: 2 }

function numberOf(value: Rt, type: string): number | bigint {
  if (value.kind === 'bool') return value.value ? 1n : 0n
  if (value.kind === 'int' || value.kind === 'float') return value.value
  return unknown(`TypeError: the format "${type}" takes a number, not ${typeName(value)}`)
}

function whole(number: number | bigint, type: string): bigint {
  return typeof number === 'bigint' ? number : unknown(`TypeError: the format "${type}" takes an int`)
}

function wholePart(number: number): bigint {
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : unknown('ValueError: no int')
}

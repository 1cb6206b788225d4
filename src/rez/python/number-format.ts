/** Numbers in the presentation types of Python's format mini-language. */
import { typeName, unknown } from './runtime.ts'
import type { Rt } from './runtime.ts'

/** A number as type `d`, `x`, `X`, `o`, `b`, `f`, `F`, `e` or `E` writes it; `places` is the precision. */
export function formatNumber(value: Rt, type: string, places: number | null): string {
  const number = numberOf(value, type)
  if (places !== null && places > 100) return unknown('a number of this precision is not evaluated')
  if (type === 'd') return (typeof number === 'bigint' ? number : wholePart(number)).toString()
  const base = BASES[type]
  if (base !== undefined) {
    const text = whole(number, type).toString(base)
    return type === 'X' ? text.toUpperCase() : text
  }
  const size = Number(number)
  if (type === 'f' || type === 'F') {
    return Math.abs(size) >= 1e21 ? unknown('a number of this size is not formatted') : size.toFixed(places ?? 6)
  }
  if (type !== 'e' && type !== 'E') return unknown(`the format "${type}" is not evaluated`)
  const text = size.toExponential(places ?? 6).replace(/e([+-])(\d)$/, 'e$10$2')
  return type === 'E' ? text.toUpperCase() : text
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

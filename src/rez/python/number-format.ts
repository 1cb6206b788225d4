/** Numbers in the presentation types of Python's format mini-language. */
import { typeName, unknown } from './runtime.ts'
import type { Rt } from './runtime.ts'

/** A number as type `d`, `x`, `X`, `o`, `b`, `f`, `F`, `e`, `E` or `g` writes it; `places` is the precision. */
export function formatNumber(value: Rt, type: string, places: number | null): string {
  const number =
    value.kind === 'bool'
      ? value.value
        ? 1n
        : 0n
      : value.kind === 'int' || value.kind === 'float'
        ? value.value
        : null
  if (number === null) return unknown(`TypeError: the format "${type}" takes a number, not ${typeName(value)}`)
  if (places !== null && places > 100) return unknown('a number of this precision is not evaluated')
  switch (type) {
    case 'd':
      return (typeof number === 'bigint' ? number : wholePart(number)).toString()
    case 'x':
      return whole(number, type).toString(16)
    case 'X':
      return whole(number, type).toString(16).toUpperCase()
    case 'o':
      return whole(number, type).toString(8)
    case 'b':
      return whole(number, type).toString(2)
    case 'f':
    case 'F':
      return Math.abs(Number(number)) >= 1e21
        ? unknown('a number of this size is not formatted')
        : Number(number).toFixed(places ?? 6)
    case 'e':
    case 'E': {
      const text = Number(number)
        .toExponential(places ?? 6)
        .replace(/e([+-])(\d)$/, 'e$10$2')
      return type === 'E' ? text.toUpperCase() : text
    }
    default:
      return unknown(`the format "${type}" is not evaluated`)
  }
}

function whole(number: number | bigint, type: string): bigint {
  return typeof number === 'bigint' ? number : unknown(`TypeError: the format "${type}" takes an int`)
}

function wholePart(number: number): bigint {
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : unknown('ValueError: no int')
}

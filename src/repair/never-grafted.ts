/** Libraries that are never copied into an image. */
import type { Drivers } from '../rules/knowledge/lookup.ts'
import { isLibc } from '../rules/knowledge/lookup.ts'

/** Why a library stays where it is, in words; null for one that may be copied. */
export function neverGrafted(name: string, drivers: Drivers): string | null {
  if (isLibc(name)) return 'loader and C library belong to the base'
  if (drivers.of(name) !== null) return 'it belongs to the driver of the machine'
  return null
}

/** Says how far the unpacking of an image has come. */
import type { UnpackProgress } from '../app/run-unpacked.ts'
import type { Output } from './output.ts'

export function unpacking(output: Output): UnpackProgress {
  return (label, bytes) => {
    output.progress(() => `unpacking  ${label}   ${(bytes / 1e6).toFixed(0)} MB`)
  }
}

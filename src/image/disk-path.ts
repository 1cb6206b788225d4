/** Names of files for Node: text where they are text, else their bytes. */
import { Buffer } from 'node:buffer'
import { encodeBytes, isRaw } from '../domain/bytes.ts'

/** A byte string as a path of this machine. */
export function diskPath(path: string): string | Buffer {
  return isRaw(path) ? Buffer.from(encodeBytes(path)) : path
}

/** A studio as the bench needs it: its folders, the ELF files of its packages, and a library path. */
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs'
import path from 'node:path'

export interface Studio {
  readonly folder: string
  /** ELF files below rez/, relative to it, of the x86-64 machine. */
  readonly objects: readonly string[]
  /** LD_LIBRARY_PATH of the context, with packages below `at`. */
  readonly libraryPath: string
  /** `NAME==VERSION` requests of the context. */
  readonly requests: readonly string[]
  readonly at: string
}

interface ContextFile {
  readonly packages: readonly string[]
  readonly library_path: readonly string[]
}

/** Reads a studio: `rez/`, `host/`, `base/` and `contexts.json`. */
export function readStudio(folder: string, context: string): Studio {
  const at = '/studio/rez'
  const contexts = JSON.parse(readFileSync(path.join(folder, 'contexts.json'), 'utf8')) as Record<string, ContextFile>
  const chosen = contexts[context]
  if (chosen === undefined) throw new Error(`${folder}/contexts.json has no context ${context}`)
  return {
    folder,
    objects: elfFiles(path.join(folder, 'rez')),
    libraryPath: chosen.library_path.map((entry) => `${at}/${entry}`).join(':'),
    requests: chosen.packages.map((name) => {
      const cut = name.indexOf('-')
      return `${name.slice(0, cut)}==${name.slice(cut + 1)}`
    }),
    at,
  }
}

/** ELF files (x86-64, EXEC or DYN) below a folder, relative to it, sorted. */
export function elfFiles(folder: string): readonly string[] {
  const found: string[] = []
  const head = Buffer.alloc(20)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = path.join(entry.parentPath, entry.name)
    const descriptor = openSync(file, 'r')
    const count = readSync(descriptor, head, 0, 20, 0)
    closeSync(descriptor)
    if (count < 20 || head.readUInt32BE(0) !== 0x7f454c46) continue
    const type = head.readUInt16LE(16)
    if (head.readUInt16LE(18) === 62 && (type === 2 || type === 3)) found.push(path.relative(folder, file))
  }
  return found.sort()
}

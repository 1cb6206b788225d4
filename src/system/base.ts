/** A declared base: `base.yaml`, schema `airtight/base/v1`. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { LineCounter, isMap, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { z } from 'zod'
import { closest } from '../domain/closest.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAtLine, whyUnread } from '../domain/fault.ts'
import type { BaseDeclaration, CpuLevel } from '../domain/system.ts'
import { levelName } from './cpu.ts'

export const BASE_SCHEMA = 'airtight/base/v1'
const MAX_SIZE = 4 * 1024 * 1024

const name = z.string().min(1)
const cpus = [1, 2, 3, 4].map((level) => levelName(level as CpuLevel))

/** Keys of the file in the order they are written; `x-` keys are kept apart before this looks at the rest. */
const baseFile = z.strictObject({
  schema: z.literal(BASE_SCHEMA),
  name,
  image: name.nullish(),
  capture: name.nullish(),
  root: name.nullish(),
  os: z.strictObject({ family: name, version: z.string(), arch: name }).nullish(),
  provides: z.strictObject({ os_packages: z.array(name).nullish(), sonames: z.array(name).nullish() }).nullish(),
  drivers: z.array(name).nullish(),
  cpu: z.enum(cpus).nullish(),
})

/** JSON Schema (2020-12) of `base.yaml`, for editors. */
export function baseFileJsonSchema(): object {
  const schema = z.toJSONSchema(baseFile, { io: 'input' })
  return { $id: 'urn:airtight:base:v1', title: BASE_SCHEMA, ...schema, patternProperties: { '^x-': {} } }
}

/** A declared base and where its tree or capture lies. */
export interface BaseFile {
  readonly declaration: BaseDeclaration
  /** Absolute path of the folder it can be looked at, null where the file names none. */
  readonly root: string | null
  /** Absolute path of its capture, null where the file names none. */
  readonly capture: string | null
}

/** Reads a `base.yaml`; every fault names the line. */
export function readBaseFile(path: string): BaseFile | readonly Fault[] {
  try {
    const bytes = readFileSync(path)
    if (bytes.length > MAX_SIZE) return [faultAtLine('unsupported', path, null, `larger than ${MAX_SIZE} bytes`)]
    return parseBaseFile(bytes.toString('utf8'), path)
  } catch (error) {
    return [faultAtLine('unreadable', path, null, whyUnread(error))]
  }
}

/**
 * Parses the text of a `base.yaml`.
 *
 * @param path the file, for messages and as the place that relative paths start from
 */
export function parseBaseFile(text: string, path: string): BaseFile | readonly Fault[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors.map((error) =>
    faultAtLine('malformed', path, lines.linePos(error.pos[0]).line, firstLine(error.message)),
  )
  if (broken.length > 0) return broken
  const plain = toPlain(document, path)
  if (!('data' in plain)) return plain
  const result = baseFile.safeParse(plain.data)
  if (!result.success) {
    return result.error.issues.flatMap((issue) => issueFaults(issue, { document, lines, path }))
  }
  const { os, provides, cpu, image, drivers, root, capture } = result.data
  const place = (target: string | null | undefined): string | null =>
    target === null || target === undefined ? null : resolve(dirname(path), target)
  return {
    declaration: {
      name: result.data.name,
      image: image ?? null,
      os: os ?? null,
      osPackages: provides?.os_packages ?? [],
      sonames: provides?.sonames ?? [],
      drivers: drivers ?? [],
      cpu: (cpus.indexOf(cpu ?? levelName(1)) + 1) as CpuLevel,
    },
    root: place(root),
    capture: place(capture),
  }
}

/** The document as plain data without top-level `x-` keys; faults where it is no mapping or its aliases explode. */
function toPlain(document: Document.Parsed, path: string): { readonly data: unknown } | readonly Fault[] {
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 })
    if (data !== null && typeof data === 'object' && !Array.isArray(data)) {
      return { data: Object.fromEntries(Object.entries(data).filter(([key]) => !key.startsWith('x-'))) }
    }
    return [faultAtLine('malformed', path, 1, `expected a mapping that begins with schema: ${BASE_SCHEMA}`)]
  } catch (error) {
    return [faultAtLine('malformed', path, null, error instanceof Error ? firstLine(error.message) : String(error))]
  }
}

interface Source {
  readonly document: Document.Parsed
  readonly lines: LineCounter
  readonly path: string
}

type Issue = z.core.$ZodIssue

function issueFaults(issue: Issue, source: Source): readonly Fault[] {
  const keys = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = closest(key, knownKeys(keys))
      const advice = near === null ? `known keys: ${knownKeys(keys).join(', ')}` : `did you mean '${near}'?`
      return faultAtLine('malformed', source.path, lineOf(source, [...keys, key]), `unknown key '${key}'; ${advice}`)
    })
  }
  const message = `${keys.join('.')}: ${firstLine(issue.message)}`
  return [faultAtLine('malformed', source.path, lineOf(source, keys), message)]
}

function knownKeys(path: readonly string[]): readonly string[] {
  if (path[0] === 'os') return ['family', 'version', 'arch']
  if (path[0] === 'provides') return ['os_packages', 'sonames']
  return Object.keys(baseFile.shape)
}

/** Line of the deepest key of the path that stands in the document. */
function lineOf({ document, lines }: Source, path: readonly string[]): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      if (pair === undefined) break
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else break
  }
  return lines.linePos(offset).line
}

function firstLine(text: string): string {
  return text.replace(/\n.*/s, '')
}

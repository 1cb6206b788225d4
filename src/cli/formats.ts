/** The formats that a document is written in; each is loaded when it is asked for. */
import { errorCode } from '../domain/fault.ts'
import { appendFileSync } from 'node:fs'
import { auditJson } from '../report/audit-json.ts'
import type { AuditDocument } from '../report/document.ts'
import type { FormatOptions } from '../report/place.ts'
import { UsageError } from './exit.ts'

type Writer = (document: AuditDocument, options: FormatOptions) => string

/** Formats beside the text for a person. */
const WRITERS: Readonly<Record<string, () => Promise<Writer>>> = {
  json: () => Promise.resolve(auditJson),
  html: async () => {
    const [{ auditHtml }, { pageAssets }] = await Promise.all([
      import('../report/html/html.ts'),
      import('./page-assets.ts'),
    ])
    return (document) => auditHtml(document, pageAssets())
  },
  sarif: async () => (await import('../report/sarif.ts')).sarif,
  junit: async () => (await import('../report/junit.ts')).junit,
  github: async () => {
    const [{ githubAnnotations }, { markdown }] = await Promise.all([
      import('../report/github.ts'),
      import('../report/markdown.ts'),
    ])
    return (document, options) => {
      summarise(markdown(document))
      return githubAnnotations(document, options)
    }
  },
  gitlab: async () => (await import('../report/gitlab.ts')).gitlab,
  markdown: async () => (await import('../report/markdown.ts')).markdown,
  cyclonedx: async () => (await import('../report/cyclonedx.ts')).cyclonedx,
  dot: async () => (await import('../report/dot.ts')).dot,
}

/** The values of --format. */
export const FORMATS: readonly string[] = ['text', ...Object.keys(WRITERS)]

/** Formats that tell more than the text: hashes, trails, what files of the systems load in turn. */
const WHOLE = new Set(['json', 'html', 'cyclonedx'])

/** How much of an audit a format needs. */
export function depthOf(format: string | null): 'whole' | 'shown' {
  return WHOLE.has(format ?? 'text') ? 'whole' : 'shown'
}

/** A document in a format other than text. */
export async function written(document: AuditDocument, format: string): Promise<string> {
  const writer = await WRITERS[format]?.()
  if (writer === undefined) throw new UsageError(`--format is '${format}'`, `use one of ${FORMATS.join(', ')}`)
  return writer(document, { folder: process.env['GITHUB_WORKSPACE'] ?? process.env['CI_PROJECT_DIR'] ?? process.cwd() })
}

/** The summary of a GitHub job is a file that every step may add to. */
function summarise(text: string): void {
  const file = process.env['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '') return
  try {
    appendFileSync(file, text)
  } catch (error) {
    const code = errorCode(error)
    throw new UsageError(`the job summary ${file} cannot be written (${code})`)
  }
}

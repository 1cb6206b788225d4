/** The transcript in README.md: the audit of rough_layout as a terminal of 100 columns shows it. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { auditText } from '../../src/report/audit-text.ts'
import type { AuditDocument } from '../../src/report/document.ts'
import { plainStyle } from '../../src/report/style.ts'
import { expectedFile, sampleRuns } from './runs.ts'

const README = resolve(import.meta.dirname, '../../README.md')
const BLOCK = /(?<=```text\n)rough_layout[^`]*(?=```)/

/** README.md as it is, and as it should be after what the sample is expected to say. */
export function readme(): { readonly path: string; readonly is: string; readonly should: string } {
  const run = sampleRuns.find((candidate) => candidate.studio === 'rough_layout')
  if (run === undefined) throw new Error('the sample rough_layout is not run')
  const saved = readFileSync(expectedFile(run, 'json'), 'utf8').replaceAll('{repository}', join('/opt', 'airtight'))
  const document = JSON.parse(saved) as AuditDocument
  const text = auditText(document, { style: plainStyle, width: 100, all: false, faults: false })
  const is = readFileSync(README, 'utf8')
  if (!BLOCK.test(is)) throw new Error('README.md has no block of text that begins with rough_layout')
  return { path: README, is, should: is.replace(BLOCK, () => text) }
}

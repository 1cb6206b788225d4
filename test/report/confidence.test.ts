/** What --confidence leaves out. */
import { expect, it } from 'vitest'
import { toDocument } from '../../src/app/document.ts'
import type { AuditDocument } from '../../src/report/document.ts'
import { atConfidence } from '../../src/report/confidence.ts'
import { auditStudio, INTERPRETER, program } from '../support/studio.ts'

/** One finding that is exact, RES001, and one guess, RES007. */
function document(): AuditDocument {
  const elf = {
    type: 'exec' as const,
    interpreter: INTERPRETER,
    needs: ['libc.so.6', 'libgone.so.1'],
    symbols: [{ name: 'dlopen', defined: false }],
    data: Buffer.from('\0libpulse.so.0\0', 'latin1'),
  }
  return toDocument(
    auditStudio({ packages: { 'a-1': { files: { 'bin/a': { elf }, 'bin/b': program('libc.so.6') } } } }),
    'whole',
  )
}

it('keeps what is as sure as asked for, and counts it alone', () => {
  const seen = atConfidence(document(), 'exact')
  expect(seen.findings.map((finding) => finding.rule)).toEqual(['RES001'])
  expect(seen.summary.findings).toEqual({ error: 1, warn: 0, note: 0 })
  expect(Object.keys(seen.summary.rules)).toEqual(['RES001'])
  expect(seen.summary.notes.at(-1)).toBe('1 finding is less sure than exact and left out')
})

it('leaves a document as it is where nothing is less sure', () => {
  const whole = document()
  expect(whole.findings.map((finding) => finding.rule)).toEqual(['RES001', 'RES007'])
  expect(atConfidence(whole, 'heuristic')).toBe(whole)
  expect(atConfidence(whole, 'inferred').findings).toHaveLength(1)
})

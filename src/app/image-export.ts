/** The use case of `image export`: the root folder of an image with the script that starts its programs. */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { startScript } from '../image/start.ts'
import type { BuildReport } from '../report/image-build.ts'
import { statusAt } from '../tree/status.ts'
import type { AuditFailure } from './audit.ts'
import type { BuildQuestion } from './image-build.ts'
import { buildImage } from './image-build.ts'

/** Builds below a folder beside the final one, and gives it its name when all of it is there. */
export async function exportImage(
  question: Omit<BuildQuestion, 'format' | 'compression'>,
): Promise<BuildReport | AuditFailure> {
  const target = resolve(question.audit.folder, question.path)
  const taken = takenBy(target, question.path)
  if (taken !== null) return { failures: [taken] }
  const part = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.part`)
  try {
    mkdirSync(part, { recursive: true })
    const path = join(part, 'root')
    const report = await buildImage({ ...question, path, format: 'folder', compression: 'none' })
    if ('failures' in report) return { failures: report.failures.map((fault) => namedAs(fault, path, question.path)) }
    if (report.written === null) return report
    const start = join(part, 'start')
    writeFileSync(start, startScript())
    chmodSync(start, 0o755)
    renameSync(part, target)
    return report
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return { failures: [faultAt('unreadable', question.path, null, `cannot be written (${String(error.code)})`)] }
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

function takenBy(target: string, path: string): Fault | null {
  const status = statusAt(target)
  if (status === null) return null
  if ('message' in status) return { ...status, file: path }
  if (!status.isDirectory()) return faultAt('malformed', path, null, 'is a file; name a new folder')
  if (readdirSync(target).length === 0) return null
  return faultAt('malformed', path, null, 'is a folder with things in it; name a new one')
}

/** What went wrong is told of the folder that was asked for. */
function namedAs(fault: Fault, from: string, to: string): Fault {
  return fault.file.startsWith(from) ? { ...fault, file: to + fault.file.slice(from.length) } : fault
}

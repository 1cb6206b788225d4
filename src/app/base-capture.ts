/** The use case of `base capture`. */
import type { Fault } from '../domain/fault.ts'
import { takeCapture } from '../system/capture/take.ts'
import type { Taken } from '../system/capture/take.ts'
import { rootProblem } from '../system/source.ts'
import { isFileSource } from '../system/source-kind.ts'

export { captureScript } from '../system/capture/script.ts'

export interface CaptureRequest {
  readonly source: string
  readonly own: boolean
  readonly label: string
  readonly platform: string | null
  readonly progress: (label: string, bytes: number) => void
}

/** The bytes of a capture; a fault where the source is none. */
export async function captureSystem(request: CaptureRequest): Promise<Taken | Fault> {
  const { source } = request
  if (!isFileSource(source)) {
    const problem = rootProblem(source)
    if (problem !== null) return problem
  }
  return takeCapture(source, { ...request, rpmProgram: 'rpm' })
}

/** The use case of `base capture`. */
import { statSync } from 'node:fs'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { takeCapture } from '../system/capture/take.ts'
import type { Taken } from '../system/capture/take.ts'
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
  if (!isFileSource(source) && statSync(source, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return faultAt(
      'missing',
      source,
      null,
      'does not exist; name a root folder, oci:DIR, docker-archive:FILE or a tar archive',
    )
  }
  return takeCapture(source, { ...request, rpmProgram: 'rpm' })
}

/** Takes the capture of a source. */
import type { Fault } from '../../domain/fault.ts'
import { faultAt } from '../../domain/fault.ts'
import { openFolderTree, volumeTree } from '../../tree/folder.ts'
import { keptVolume } from '../../tree/archive/kept.ts'
import { keepTree } from '../../tree/archive/walk.ts'
import { openOwners } from '../owners.ts'
import { isFileSource } from '../source-kind.ts'
import { dropSettings, settingsKeeper } from './settings.ts'
import type { SourceProgress } from '../source-file.ts'
import { openFileSource } from '../source-file.ts'
import { writeCapture } from './write.ts'

export interface TakeOptions {
  /** The rpm program that may be asked about an rpm database. */
  readonly rpmProgram: string | null
  readonly platform: string | null
  readonly progress: SourceProgress | null
  /** What the capture calls itself. */
  readonly label: string
  /** The source is this machine. */
  readonly own: boolean
}

export interface Taken {
  readonly bytes: Uint8Array
  readonly notes: readonly string[]
  readonly faults: readonly Fault[]
}

/** The capture of a folder, an image or an archive. */
export async function takeCapture(spec: string, options: TakeOptions): Promise<Taken | Fault> {
  if (isFileSource(spec)) {
    const source = await openFileSource(spec, options.platform, options.progress)
    if ('message' in source) return source
    if (source.isCapture) return faultAt('unsupported', spec, null, 'is a capture already')
    const tree = volumeTree(spec, { volume: keptVolume(source.root), inner: '' })
    const owners = openOwners(tree, options.rpmProgram)
    const { root, environment, platform } = source
    dropSettings(root)
    const bytes = writeCapture({ label: options.label, root, owners, environment, platform, notes: [] })
    return { bytes, notes: [...source.notes, ...owners.notes], faults: [...source.faults, ...owners.faults] }
  }
  const tree = openFolderTree(spec)
  const walked = keepTree(tree, settingsKeeper(tree), options.own)
  const owners = openOwners(tree, options.rpmProgram)
  const left = walked.skipped.map((folder) => `${folder} lies on another file system and is not in the capture`)
  const { root } = walked
  const bytes = writeCapture({ label: options.label, root, owners, environment: [], platform: null, notes: left })
  return { bytes, notes: [...left, ...owners.notes], faults: [...walked.faults, ...owners.faults] }
}

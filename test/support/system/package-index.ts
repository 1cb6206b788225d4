/** Indexes of OS packages made from files as repositories have them. */
import type { OfferedPackage } from '../../../src/domain/package-index.ts'
import { readIndexSources } from '../../../src/system/index-source.ts'
import { makeFolder } from './folder.ts'

/** What a folder with these files offers, or why it is no index. */
export async function indexOf(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<readonly OfferedPackage[] | string> {
  const read = await readIndexSources([makeFolder(files)], 'test')
  return 'message' in read ? read.message : read.data.packages
}

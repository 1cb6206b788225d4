/** File capabilities of a base that is a folder: an attribute which Node cannot read, so that layers made here lack it. */
import { spawnSync } from 'node:child_process'

const SHOWN = 5

/**
 * What is said of them, asked of getcap(8), which reads attributes and runs nothing below `root`.
 *
 * @returns a note that names the files, or that nothing could be asked; none where no file has any
 */
export function capabilityNotes(root: string, program = 'getcap'): readonly string[] {
  const { error, stdout } = spawnSync(program, ['-r', root], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (error !== undefined) {
    return ['getcap is not installed: if files of the base have capabilities, the image does not keep them']
  }
  const files = stdout
    .split('\n')
    .filter((line) => line.startsWith(`${root}/`))
    .map((line) => line.slice(root.length).replace(/ (?:= ?)?\S+$/, ''))
    .sort()
  if (files.length === 0) return []
  const more = files.length > SHOWN ? ` and ${files.length - SHOWN} more` : ''
  return [`capabilities of files of the base are not kept in the image: ${files.slice(0, SHOWN).join(', ')}${more}`]
}

/** musl's system search path (musl ldso/dynlink.c, `load_library`). */
import { decodeBytes } from '../domain/bytes.ts'
import type { Tree } from '../domain/tree.ts'
import { failed } from '../domain/tree.ts'

const DEFAULT_PATH = ['/lib', '/usr/local/lib', '/usr/lib']
const MAX_PATH_FILE = 1024 * 1024

/**
 * Folders of the system path in order. They stand in `<prefix>/etc/ld-musl-<arch>.path`, where prefix is the parent of
 * the folder that PT_INTERP names; without that file musl has a default, with an unreadable one nothing.
 *
 * @param interpreter the loader's name as PT_INTERP has it
 * @param machine the name compiled into the loader, such as `x86_64`; null takes it from its file name
 */
export function muslPath(tree: Tree, interpreter: string, machine: string | null): readonly string[] {
  const file = muslPathFile(interpreter, machine)
  const content = tree.content(file, MAX_PATH_FILE)
  if (failed(content)) return content.errno === 'ENOENT' ? DEFAULT_PATH : []
  const nul = content.indexOf(0)
  const text = decodeBytes(content, 0, nul < 0 ? content.length : nul)
  return text.split(/[:\n]/).filter((folder) => folder !== '')
}

/** The file that may hold the system path of a loader. */
function muslPathFile(interpreter: string, machine: string | null): string {
  const name = machine ?? /(?:^|\/)ld-musl-([^/]*)\.so\.1$/.exec(interpreter)?.[1] ?? ''
  return `${interpreter.split('/').slice(0, -2).join('/')}/etc/ld-musl-${name}.path`
}

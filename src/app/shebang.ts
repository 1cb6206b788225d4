/** The first line of a script, as the kernel reads it. */

/** `#!` lines longer than this are cut by the kernel (BINPRM_BUF_SIZE). */
export const SHEBANG_LIMIT = 256

export interface Shebang {
  readonly interpreter: string
  /** What `env` looks up on PATH; null for any other interpreter. */
  readonly command: string | null
}

/** Parses the beginning of a file (fs/binfmt_script.c); null when it is no script. */
export function parseShebang(text: string): Shebang | null {
  if (!text.startsWith('#!')) return null
  const end = text.indexOf('\n')
  const line = (end < 0 ? text : text.slice(0, end)).slice(2).trim()
  const [interpreter = '', ...rest] = line.split(/[ \t]+/)
  if (!interpreter.startsWith('/')) return null
  const isEnv = interpreter.endsWith('/env')
  return { interpreter, command: isEnv ? envCommand(rest) : null }
}

/** The first word of env(1) that is neither an option nor an assignment. */
function envCommand(words: readonly string[]): string | null {
  for (const word of words) {
    const text = word.startsWith('-S') ? word.slice(2) : word
    if (text === '' || text.startsWith('-') || text.includes('=')) continue
    return text
  }
  return null
}

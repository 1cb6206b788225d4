/** The files that are made for an image: the environment of its contexts, and the program that starts others in it. */
import type { Fault } from '../../domain/fault.ts'
import { START_ARGUMENTS } from '../../runtime/entry.ts'
import type { Composition } from './composition.ts'
import { ROOT_OWNED, below, parentOf } from './composition.ts'

/** The folder of everything that Airtight puts beside packages. */
export const OWN_FOLDER = 'etc/airtight'

/** The program that an image starts. */
export const ENTRY = 'airtight'

/** One file that is made, by its path in the image. */
export interface MadeFile {
  readonly path: string
  readonly text: string
  readonly mode?: number
}

/** Puts made files into the tree. */
export function addMade(composition: Composition, files: readonly MadeFile[]): readonly Fault[] {
  const faults: Fault[] = []
  for (const { path, text, mode = 0o644 } of files) {
    const folder = composition.folder(parentOf(path))
    if (typeof folder !== 'string') {
      faults.push(folder)
      continue
    }
    const bytes = Buffer.from(text, 'utf8')
    const fault = composition.put(below(folder, path.slice(path.lastIndexOf('/') + 1)), {
      kind: 'file',
      owner: { kind: 'environment' },
      mode,
      ...ROOT_OWNED,
      size: bytes.length,
      identity: null,
      content: { kind: 'bytes', bytes },
    })
    if (fault !== null) faults.push(fault)
  }
  return faults
}

/** A name of a context as the name of a file and as the value of a variable. */
function fileName(context: string): string {
  return context.replace(/[^\w.+-]/g, '_').replace(/^\./, '_') || 'context'
}

/** A name that comes again gets a number. */
function distinct(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count === 1 ? name : `${name}-${count}`
  })
}

/**
 * The entry script and the environments. With several contexts AIRTIGHT_CONTEXT chooses one; the first is the default.
 *
 * @param scripts in the order of the contexts
 */
export function environmentFiles(
  scripts: readonly { readonly context: string; readonly text: string }[],
): readonly MadeFile[] {
  const names = distinct(scripts.map(({ context }) => fileName(context)))
  const chosen =
    scripts.length < 2
      ? `. /${OWN_FOLDER}/environment.sh`
      : [
          `context=\${AIRTIGHT_CONTEXT:-${names[0] ?? ''}}`,
          `if [ ! -r "/${OWN_FOLDER}/contexts/$context.sh" ]; then`,
          `  echo "airtight: this image has no context '$context'; it has: ${names.join(' ')}" >&2`,
          '  exit 127',
          'fi',
          `. "/${OWN_FOLDER}/contexts/$context.sh"`,
        ].join('\n')
  const each =
    scripts.length < 2
      ? []
      : scripts.map(({ text }, at) => ({ path: `${OWN_FOLDER}/contexts/${names[at] ?? ''}.sh`, text }))
  return [
    { path: ENTRY, text: entryScript(chosen), mode: 0o755 },
    { path: `${OWN_FOLDER}/environment.sh`, text: scripts[0]?.text ?? '' },
    ...each,
  ]
}

function entryScript(environment: string): string {
  return `#!/bin/sh
# Starts its arguments in the Rez environment of this image; without arguments, a shell.
${environment}
if [ "$#" -eq 0 ]; then
  exec /bin/sh
fi
${START_ARGUMENTS}
`
}

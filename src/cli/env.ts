/** `airtight env`: the environment of a context as a shell script, JSON, or the list of an OCI image. */
import { oneContext, variablesOf } from '../app/environment.ts'
import { printable } from '../domain/bytes.ts'
import { ociEnvironment } from '../runtime/oci-environment.ts'
import { shellScript } from '../runtime/script.ts'
import { SYSTEM_PATH } from '../runtime/system-path.ts'
import { auditOptions, contextOptions, failed } from './audit-request.ts'
import { parseRelocation } from './image-request.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'env',
    summary: 'the Rez environment of a context, as a script for POSIX shells, as JSON, or for an image',
    details: [
      'The script sets what the packages set, in the order in which Rez does, and nothing of the caller; references such as ${HOME} are left to the shell that reads it. Aliases become functions, source() and command() become what Rez would run.',
      'JSON is that of rez context -i -f json --no-env without REZ_USED and its like; audit --env takes it. Statements of package files that were not evaluated are named on stderr.',
      'oci is the Env list of an OCI image: a JSON array of NAME=VALUE, the folders of the system at the end of PATH. No engine expands references: those to variables of the context have their values, others stay as written and are named on stderr, with aliases and source() that no list can hold.',
    ],
    argument: {
      name: 'CONTEXT',
      required: true,
      many: true,
      help: 'an .rxt file, a package folder, or Rez requests that make one context',
    },
    options: [
      ...contextOptions,
      { name: 'format', value: 'FORMAT', choices: ['sh', 'json', 'oci'], help: 'sh by default' },
      {
        name: 'relocate',
        value: 'FROM=TO',
        repeat: true,
        help: 'a folder that lies elsewhere where the script is read',
      },
      {
        name: 'system-path',
        value: 'PATH',
        help: `what comes last on PATH in a script and in oci (default: ${SYSTEM_PATH})`,
      },
    ],
    examples: [
      {
        says: 'the environment of a context for an image that has the packages in /rez',
        command: 'airtight env lighting.rxt --relocate /studio/rez=/rez -o environment.sh',
      },
    ],
  },
  run: async (args, output) => {
    const relocations = args.values('relocate').map(parseRelocation)
    const found = await oneContext(auditOptions(args, args.positionals, output))
    if ('failures' in found) throw failed(found, output)
    const { context } = found
    for (const { file, line, code, reason } of context.unevaluated) {
      output.say(printable(`not evaluated: ${file}: line ${line}: ${code}: ${reason}`))
    }
    for (const note of context.notes) output.note(note)
    if (args.value('format') === 'json') {
      output.result(`${JSON.stringify(variablesOf(context, relocations), null, 2)}\n`)
      return 0
    }
    const options = { relocations, systemPath: args.value('system-path') ?? SYSTEM_PATH }
    if (args.value('format') === 'oci') {
      const { entries, notes } = ociEnvironment(context, options)
      for (const note of notes) output.note(note)
      output.result(`${JSON.stringify(entries, null, 2)}\n`)
      return 0
    }
    const script = shellScript(context, options)
    for (const note of script.notes) output.note(note)
    output.result(script.text)
    return 0
  },
}

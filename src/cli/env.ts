/** `airtight env`: the environment of a context as a shell script or JSON. */
import { oneContext, variablesOf } from '../app/environment.ts'
import { printable } from '../domain/bytes.ts'
import { shellScript } from '../runtime/script.ts'
import { auditOptions, contextOptions, failed } from './audit-request.ts'
import { SYSTEM_PATH, parseRelocation } from './image-request.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'env',
    summary: 'the Rez environment of a context, as a script for POSIX shells or as JSON',
    details: [
      'The script sets what the packages set, in the order in which Rez does, and nothing of the caller; references such as ${HOME} are left to the shell that reads it. Aliases become functions, source() and command() become what Rez would run.',
      'JSON is that of rez context -i -f json --no-env without REZ_USED and its like; audit --env takes it. Statements of package files that were not evaluated are named on stderr.',
    ],
    argument: {
      name: 'CONTEXT',
      required: true,
      many: true,
      help: 'an .rxt file, a package folder, or Rez requests that make one context',
    },
    options: [
      ...contextOptions,
      { name: 'format', value: 'FORMAT', choices: ['sh', 'json'], help: 'sh by default' },
      {
        name: 'relocate',
        value: 'FROM=TO',
        repeat: true,
        help: 'a folder that lies elsewhere where the script is read',
      },
      { name: 'system-path', value: 'PATH', help: `what comes last on PATH in a script (default: ${SYSTEM_PATH})` },
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
    for (const note of context.notes) output.say(`note: ${note.split('\n').map(printable).join('\n')}`)
    if (args.value('format') === 'json') {
      output.result(`${JSON.stringify(variablesOf(context, relocations), null, 2)}\n`)
      return 0
    }
    const script = shellScript(context, { relocations, systemPath: args.value('system-path') ?? SYSTEM_PATH })
    for (const note of script.notes) output.say(`note: ${note}`)
    output.result(script.text)
    return 0
  },
}

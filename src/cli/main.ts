/** The entry of the bundle: finds the command, runs it, and turns what went wrong into one clear line. */
import { printable } from '../domain/bytes.ts'
import { EXIT_CLEAN, EXIT_USAGE, EXIT_UNREAD, UsageError } from './exit.ts'
import { Output, terminalWidth, writeWhole } from './output.ts'
import { parseArguments } from './parse.ts'
import type { Command, CommandSpec } from './spec.ts'

/** Each command's modules run when it is asked for. */
const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  audit: () => import('./audit.ts'),
  lint: () => import('./lint.ts'),
  observe: () => import('./observe.ts'),
  run: () => import('./run.ts'),
  closure: () => import('./closure.ts'),
  why: () => import('./why.ts'),
  env: () => import('./env.ts'),
  'base capture': () => import('./base-capture.ts'),
  'base check': () => import('./base-check.ts'),
  'base diff': () => import('./base-diff.ts'),
  'base export': () => import('./base-export.ts'),
  'base index': () => import('./base-index.ts'),
  'base init': () => import('./base-init.ts'),
  'base show': () => import('./base-show.ts'),
  'policy show': () => import('./policy-show.ts'),
  'policy check': () => import('./policy-check.ts'),
  repair: () => import('./repair.ts'),
  'repair verify': () => import('./repair-verify-command.ts'),
  'repair check': () => import('./repair-check-command.ts'),
  'repair diff': () => import('./repair-diff-command.ts'),
  'repair apply': () => import('./repair-apply.ts'),
  'repair script': () => import('./repair-script.ts'),
  'repair patch-package': () => import('./repair-patch-package.ts'),
  'image apptainer': () => import('./image-apptainer.ts'),
  'image build': () => import('./image-build.ts'),
  'image containerfile': () => import('./image-containerfile.ts'),
  'image export': () => import('./image-export.ts'),
  'image plan': () => import('./image-plan.ts'),
  rules: () => import('./rules.ts'),
  report: () => import('./report.ts'),
  completion: () => import('./completion.ts'),
  diff: () => import('./diff.ts'),
  migrate: () => import('./migrate.ts'),
}

async function allSpecs(): Promise<readonly CommandSpec[]> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()))
  return loaded.map(({ command }) => command.spec)
}

async function main(words: readonly string[]): Promise<number> {
  // What a message names can be asked for where the message was met.
  const argv = words[0] === '--explain' ? ['rules', ...words.slice(1)] : words
  const [first = '', second = ''] = argv
  const pair = `${first} ${second}`
  const name = Object.hasOwn(commands, pair) ? pair : first
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) return withoutCommand(first, argv)
  const { command } = await load()
  const given = argv.slice(name.split(' ').length)
  try {
    return await start(command, given)
  } catch (error) {
    const code = command.failure?.(given) ?? null
    if (code === null) throw error
    await complain(error)
    return code
  }
}

async function start(command: Command, argv: readonly string[]): Promise<number> {
  const args = await parseArguments(command.spec, argv)
  if (args === null) {
    const { commandHelp } = await import('./usage.ts')
    writeWhole(1, commandHelp(command.spec, terminalWidth() ?? 100))
    return EXIT_CLEAN
  }
  const output = new Output({
    file: command.spec.outputFolder === true ? null : args.value('output'),
    quiet: args.flag('quiet'),
    noColor: args.flag('no-color'),
  })
  try {
    return await command.run(args, output, allSpecs)
  } finally {
    output.clearProgress()
  }
}

async function withoutCommand(first: string, argv: readonly string[]): Promise<number> {
  if (first === '--version' || first === '-V') {
    const { toolVersion } = await import('./version.ts')
    writeWhole(1, `airtight ${toolVersion()}\n`)
    return EXIT_CLEAN
  }
  if (argv.length === 0 || ['--help', '-h', 'help'].includes(first)) {
    const [{ toolHelp }, { toolVersion }] = await Promise.all([import('./usage.ts'), import('./version.ts')])
    const help = toolHelp(await allSpecs(), toolVersion())
    writeWhole(argv.length === 0 ? 2 : 1, help)
    return argv.length === 0 ? EXIT_USAGE : EXIT_CLEAN
  }
  const { unknownCommand } = await import('./usage.ts')
  throw unknownCommand(argv, Object.keys(commands))
}

/** The system does not say which folder we stand in: it was deleted, or may not be looked at. */
function lostFolder(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd'
}

async function complain(problem: unknown): Promise<number> {
  const error = lostFolder(problem)
    ? new UsageError('the working folder does not exist any more', 'change to another one')
    : problem
  if (error instanceof UsageError) {
    writeWhole(
      2,
      `error: ${printable(error.message)}\n${error.hint === null ? '' : `hint: ${printable(error.hint)}\n`}`,
    )
    return EXIT_USAGE
  }
  const { toolVersion } = await import('./version.ts')
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const lines = stack.split('\n').map(printable).join('\n')
  writeWhole(2, `error: this is a fault of airtight ${toolVersion()}, please report it with these lines\n${lines}\n`)
  return EXIT_UNREAD
}

// Until a command says otherwise: one that stops midway, waiting for what never comes, has not succeeded.
process.exitCode = EXIT_UNREAD
void main(process.argv.slice(2))
  .catch(complain)
  .then((code) => {
    process.exitCode = code
  })

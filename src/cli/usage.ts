/** Help and usage errors, through commander: loaded only where somebody has to be told something. */
import { Command, CommanderError } from 'commander'
import { closest } from '../domain/closest.ts'
import { UsageError } from './exit.ts'
import type { CommandSpec } from './spec.ts'
import { commonOptions } from './spec.ts'

const PAGE = 100

/** What is wrong with the arguments, with the nearest option where one is near. */
export function explainUsage(spec: CommandSpec, argv: readonly string[]): UsageError {
  const hint = `airtight ${spec.name} --help lists the options`
  try {
    asCommander(spec, PAGE).parse([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
    const near = /Did you mean (.*)\?/.exec(rest.join(' '))?.[1]
    return new UsageError(message, near === undefined ? hint : `did you mean ${near}?`)
  }
  return new UsageError('these arguments do not fit together', hint)
}

/** What is wrong with a command that does not exist, with the nearest that does. */
export function unknownCommand(argv: readonly string[], names: readonly string[]): UsageError {
  const [first = '', second = ''] = argv
  const family = names.filter((name) => name.startsWith(`${first} `))
  if (family.length > 0) {
    const wrong = second === '' || second.startsWith('-') ? `${first} what?` : `unknown command '${first} ${second}'`
    return new UsageError(wrong, `there are: ${family.join(', ')}`)
  }
  if (first.startsWith('-'))
    return new UsageError(`unknown option '${first}'`, 'a command comes first: airtight --help')
  const near = closest(first, [...new Set(names.map((name) => name.split(' ')[0] ?? name))])
  return new UsageError(
    `unknown command '${first}'`,
    near === null ? 'airtight --help lists the commands' : `did you mean ${near}?`,
  )
}

/** The help of one command, wrapped at `width` columns. */
export function commandHelp(spec: CommandSpec, width: number): string {
  return asCommander(spec, width).helpInformation() + exampleText(spec)
}

/** The help of the whole tool: each command with its summary. */
export function toolHelp(specs: readonly CommandSpec[], version: string): string {
  const width = Math.max(...specs.map((spec) => spec.name.length))
  const lines = specs.map((spec) => `  ${spec.name.padEnd(width)}  ${spec.summary}`)
  return [
    `airtight ${version}: which files does the software in your Rez packages really load, and from where?`,
    '',
    'Usage: airtight COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...lines,
    '',
    'airtight COMMAND --help explains each with an example, airtight --explain RULE a rule. Nothing that is examined is',
    'ever run, but for what run and observe are told to start.',
    '',
    'Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 something could not be read, 4 a baseline or repair files',
    'are out of date, 125 run or observe could not start the command.',
    '',
  ].join('\n')
}

function asCommander(spec: CommandSpec, width: number): Command {
  const command = new Command(`airtight ${spec.name}`)
    .description([spec.summary, ...spec.details].join('\n\n'))
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    .configureHelp({ helpWidth: width })
    .showSuggestionAfterError(true)
  if (spec.argument !== null) {
    const { name, many, required, help } = spec.argument
    const inner = many ? `${name}...` : name
    command.argument(required ? `<${inner}>` : `[${inner}]`, help)
  }
  if (spec.rest !== undefined) {
    const { name = '', many = false, required = false } = spec.argument ?? {}
    const inner = many ? `${name}...` : name
    const argument = spec.argument === null ? '' : required ? ` <${inner}>` : ` [${inner}]`
    command.usage(`[options]${argument} -- ${spec.rest}`)
  }
  for (const option of [...spec.options, ...commonOptions]) {
    const flags = `${option.short === undefined ? '' : `-${option.short}, `}--${option.name}`
    const choices = option.choices === undefined ? '' : ` (${option.choices.join(', ')})`
    const repeat = option.repeat === true ? '; may be repeated' : ''
    command.option(option.value === undefined ? flags : `${flags} <${option.value}>`, option.help + choices + repeat)
  }
  return command
}

function exampleText(spec: CommandSpec): string {
  if (spec.examples.length === 0) return ''
  const lines = spec.examples.flatMap((example) => [`  ${example.says}:`, `    $ ${example.command}`])
  return ['', 'Examples:', ...lines, ''].join('\n')
}

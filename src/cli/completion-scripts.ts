/** Completion scripts from the table of commands: the shells ask nothing of airtight while somebody types. */
import { singleQuoted } from '../domain/shell.ts'
import type { CommandSpec, OptionSpec } from './spec.ts'
import { commonOptions } from './spec.ts'

/** The script for bash 4 and later. */
export function bashScript(specs: readonly CommandSpec[]): string {
  const cases = specs.map((spec) => `    ${singleQuoted(spec.name)}) options=${singleQuoted(words(spec))} ;;`)
  const values = optionsOf(specs).map(
    ([spec, option]) => `    ${singleQuoted(`${spec.name} --${option.name}`)}) ${bashValue(option)}; return ;;`,
  )
  return `# Completion of airtight for bash; written by: airtight completion bash
_airtight() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word options=
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${command:+$command }$word" in
      ${unique(prefixes(specs)).map(singleQuoted).join('|')}) command="\${command:+$command }$word" ;;
      *) break ;;
    esac
  done
  case "$command $previous" in
${values.join('\n')}
  esac
  case "$command" in
    '') mapfile -t COMPREPLY < <(compgen -W ${singleQuoted(unique(specs.map(({ name }) => first(name))).join(' '))} -- "$current"); return ;;
${families(specs)
  .map(
    ([name, below]) =>
      `    ${singleQuoted(name)}) mapfile -t COMPREPLY < <(compgen -W ${singleQuoted(below.join(' '))} -- "$current"); return ;;`,
  )
  .join('\n')}
${cases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -F _airtight airtight
`
}

/** The script for zsh. */
export function zshScript(specs: readonly CommandSpec[]): string {
  const cases = specs.map((spec) => {
    const lines = allOptions(spec).map((option) => `        ${singleQuoted(zshOption(option))}`)
    return `    ${singleQuoted(spec.name)})\n      _arguments -s ${spec.argument === null ? '' : "'*:file:_files' "}\\\n${lines.join(' \\\n')}\n      ;;`
  })
  const describe = (pairs: readonly (readonly [string, string])[]): string =>
    pairs.map(([name, summary]) => singleQuoted(`${name}:${summary.replaceAll(':', '\\:')}`)).join(' ')
  return `#compdef airtight
# Completion of airtight for zsh; written by: airtight completion zsh
_airtight() {
  local -a commands
  local command=
  local -i depth=0
  local word
  for word in "\${words[@]:1:CURRENT-2}"; do
    case "\${command:+$command }$word" in
      ${unique(prefixes(specs)).map(singleQuoted).join('|')}) command="\${command:+$command }$word"; depth+=1 ;;
      *) break ;;
    esac
  done
  if (( depth > 0 )); then
    words=(airtight "\${words[@]:1+depth}")
    (( CURRENT -= depth ))
  fi
  case "$command" in
    '') commands=(${describe(topCommands(specs))}); _describe command commands ;;
${families(specs)
  .map(
    ([name, below]) =>
      `    ${singleQuoted(name)}) commands=(${describe(below.map((word) => [word, summaryOf(specs, `${name} ${word}`)]))}); _describe command commands ;;`,
  )
  .join('\n')}
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _airtight ]]; then _airtight "$@"; else compdef _airtight airtight; fi
`
}

/** The script for fish. */
export function fishScript(specs: readonly CommandSpec[]): string {
  const lines = topCommands(specs).map(
    ([name, summary]) => `complete -c airtight -n __fish_use_subcommand -f -a ${fish(name)} -d ${fish(summary)}`,
  )
  for (const [name, below] of families(specs)) {
    for (const word of below) {
      const summary = summaryOf(specs, `${name} ${word}`)
      const unseen = `__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${below.join(' ')}`
      lines.push(`complete -c airtight -n ${fish(unseen)} -f -a ${fish(word)} -d ${fish(summary)}`)
    }
  }
  for (const spec of specs) {
    const seen = spec.name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ')
    for (const option of allOptions(spec)) {
      const short = option.short === undefined ? '' : ` -s ${option.short}`
      const value =
        option.value === undefined
          ? ' -f'
          : option.choices === undefined
            ? ' -r'
            : ` -x -a ${fish(option.choices.join(' '))}`
      lines.push(`complete -c airtight -n ${fish(seen)} -l ${option.name}${short}${value} -d ${fish(option.help)}`)
    }
  }
  return ['# Completion of airtight for fish; written by: airtight completion fish', ...lines, ''].join('\n')
}

function allOptions(spec: CommandSpec): readonly OptionSpec[] {
  return [...spec.options, ...commonOptions]
}

function words(spec: CommandSpec): string {
  return allOptions(spec)
    .map((option) => `--${option.name}`)
    .join(' ')
}

/** Options that take a value, with their commands. */
function optionsOf(specs: readonly CommandSpec[]): readonly (readonly [CommandSpec, OptionSpec])[] {
  return specs.flatMap((spec) =>
    allOptions(spec)
      .filter((option) => option.value !== undefined)
      .map((option) => [spec, option] as const),
  )
}

function bashValue(option: OptionSpec): string {
  return option.choices === undefined
    ? 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current")'
    : `mapfile -t COMPREPLY < <(compgen -W ${singleQuoted(option.choices.join(' '))} -- "$current")`
}

function zshOption(option: OptionSpec): string {
  const help = option.help.replaceAll(/[[\]:]/g, (char) => `\\${char}`)
  const repeat = option.repeat === true ? '*' : ''
  if (option.value === undefined) return `${repeat}--${option.name}[${help}]`
  const value = option.choices === undefined ? '_files' : `(${option.choices.join(' ')})`
  return `${repeat}--${option.name}=[${help}]:${option.value.replaceAll(':', '\\:')}:${value}`
}

function first(name: string): string {
  return name.split(' ')[0] ?? name
}

/** Every beginning of a command: `base`, `base init`. */
function prefixes(specs: readonly CommandSpec[]): readonly string[] {
  return specs.flatMap(({ name }) => [first(name), name])
}

/** Words that only begin commands, with what may follow: `base` with `init` and `show`. */
function families(specs: readonly CommandSpec[]): readonly (readonly [string, readonly string[]])[] {
  const names = specs.map(({ name }) => name)
  return unique(names.filter((name) => name.includes(' ')).map(first))
    .filter((name) => !names.includes(name))
    .map((name) => [
      name,
      names.filter((other) => other.startsWith(`${name} `)).map((other) => other.slice(name.length + 1)),
    ])
}

function topCommands(specs: readonly CommandSpec[]): readonly (readonly [string, string])[] {
  return unique(specs.map(({ name }) => first(name))).map((name) => [name, summaryOf(specs, name)])
}

function summaryOf(specs: readonly CommandSpec[], name: string): string {
  const exact = specs.find((spec) => spec.name === name)
  if (exact !== undefined) return exact.summary
  return specs
    .filter((spec) => spec.name.startsWith(`${name} `))
    .map((spec) => spec.name.slice(name.length + 1))
    .join(', ')
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}

/** In single quotes of fish only the quote and the backslash are special. */
function fish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

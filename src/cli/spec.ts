/** How a command describes itself: one table from which arguments are read, checked and explained. */
import type { Output } from './output.ts'

export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string
  readonly short?: string
  /** What stands for the value in the help; absent for a switch. */
  readonly value?: string
  /** May be given more than once. */
  readonly repeat?: boolean
  readonly choices?: readonly string[]
  readonly help: string
}

export interface ArgumentSpec {
  readonly name: string
  readonly required: boolean
  readonly many: boolean
  readonly help: string
}

export interface Example {
  readonly command: string
  readonly says: string
}

export interface CommandSpec {
  /** As typed: `closure`, `base init`. */
  readonly name: string
  readonly summary: string
  /** Further paragraphs of the help. */
  readonly details: readonly string[]
  readonly argument: ArgumentSpec | null
  readonly options: readonly OptionSpec[]
  readonly examples: readonly Example[]
  /** What stands behind `--` and is handed on untouched, as `CMD [ARGS...]`; absent for a command that hands on nothing. */
  readonly rest?: string
  /** `-o` names a folder that the command fills; its result goes to stdout. */
  readonly outputFolder?: boolean
}

/** The arguments of one command as given. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** The last value of an option, null when it was not given. */
  value(name: string): string | null
  /** Every value of a repeatable option, in order. */
  values(name: string): readonly string[]
  flag(name: string): boolean
  /** Everything behind the first `--`; null without one. Only for a command with {@link CommandSpec.rest}. */
  readonly rest: readonly string[] | null
}

export interface Command {
  readonly spec: CommandSpec
  /** The exit code of a failure of ours, for a command whose exit code is that of a program it runs; 2 or 3 without. */
  failure?(argv: readonly string[]): number | null
  /**
   * Does the work, writes the result and returns the exit code.
   *
   * @param specs every command of the tool, for those that speak about others
   */
  run(args: Arguments, output: Output, specs: () => Promise<readonly CommandSpec[]>): Promise<number>
}

/** The options that every command takes. */
export const commonOptions: readonly OptionSpec[] = [
  { name: 'output', short: 'o', value: 'FILE', help: 'write the result to FILE (beside it first, then renamed)' },
  { name: 'quiet', short: 'q', help: 'no talk on stderr, only errors' },
  { name: 'no-color', help: 'no colours (also NO_COLOR; FORCE_COLOR forces them)' },
  { name: 'help', short: 'h', help: 'explain this command' },
]

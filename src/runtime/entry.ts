/** Starts a command in the environment of a context where no image holds it: the script travels as an argument. */

/** The longest argument that Linux takes (MAX_ARG_STRLEN, 32 pages), with room to spare. */
export const MOST_SCRIPT = 120_000

/**
 * The words that run a command behind an environment script. What Rez calls an alias is a function in the script, or an
 * alias where no function can have its name: neither can be exec'd.
 */
export function inEnvironment(script: string, command: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', `${script}\n${START}`, 'airtight', ...command]
}

const START = `case $1 in
  */*) exec "$@" ;;
esac
case $(command -v -- "$1") in
  alias\\ *)
    airtight_alias=$1
    shift
    eval "$airtight_alias \\"\\$@\\""
    exit
    ;;
  "$1")
    "$@"
    exit
    ;;
esac
exec "$@"`

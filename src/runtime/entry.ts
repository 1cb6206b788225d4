/** Starts a command behind the environment of a context: in an image, or where none holds it with the script as an argument. */

/** The longest argument that Linux takes (MAX_ARG_STRLEN, 32 pages), with room to spare. */
export const MOST_SCRIPT = 120_000

/** The words that run a command behind an environment script. */
export function inEnvironment(script: string, command: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', `${script}\n${START_ARGUMENTS}`, 'airtight', ...command]
}

/**
 * The end of a POSIX shell script that becomes the command in its arguments. What Rez calls an alias is a function in the
 * script, or an alias where no function can have its name: neither can be exec'd.
 */
export const START_ARGUMENTS = `case $1 in
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

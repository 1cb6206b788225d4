/** Where systems keep their commands: what comes last on PATH, and all of it where nobody sets it. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What this machine offers to compare with: its loader, ldconfig, dpkg, rpm, and leave to change the root. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { it } from 'vitest'

export const LOADER = '/lib64/ld-linux-x86-64.so.2'

/** Whether a program can be started. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined
}

/** What a program printed, standard error behind standard output, as byte string in Latin-1. */
export function printed(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const result = spawnSync(program, args, {
    encoding: 'latin1',
    timeout: 60_000,
    maxBuffer: 256 * 1024 * 1024,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...env },
  })
  return result.stdout + result.stderr
}

/** A test that needs something of the machine: where that is absent it is skipped and a line says so. */
export function itWhere(possible: boolean, need: string, name: string, test: () => void): void {
  if (!possible) console.warn(`skipped, this machine has no ${need}: ${name}`)
  it.skipIf(!possible)(name, test, 120_000)
}

export const hasLoader: boolean = process.arch === 'x64' && existsSync(LOADER)
export const canChangeRoot: boolean =
  process.getuid?.() === 0 && spawnSync('chroot', ['/', 'true'], { stdio: 'ignore' }).status === 0

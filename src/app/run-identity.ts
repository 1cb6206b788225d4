/** Who the caller is inside a root that does not know him, and how names of the network are found there. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Launch, LaunchMount } from '../runtime/launch.ts'
import { cacheFolder } from './run-unpacked.ts'

/** The launch with the files of the machine that an engine of its own would bring: passwd, resolv.conf, hosts. */
export function withIdentity(launch: Launch, root: string): Launch {
  if (root === '/') return launch
  const network = ['/etc/resolv.conf', '/etc/hosts']
    .filter((path) => existsSync(path))
    .map((path): LaunchMount => ({ source: path, target: path, readOnly: true, overFile: true }))
  const passwd = passwdOf(launch, root)
  return { ...launch, mounts: [...network, ...(passwd === null ? [] : [passwd]), ...launch.mounts] }
}

/** The root's own file with one line more, kept under its content: the command line stays good. */
function passwdOf({ user }: Launch, root: string): LaunchMount | null {
  let own: string
  try {
    own = readFileSync(join(root, 'etc/passwd'), 'utf8')
  } catch {
    return null
  }
  if (own.split('\n').some((line) => line.split(':')[2] === String(user.uid))) return null
  const text = `${own.replace(/\n*$/, '\n')}${user.name}:x:${user.uid}:${user.gid}::${user.home}:/bin/sh\n`
  const folder = cacheFolder()
  const file = join(folder, `passwd-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`)
  try {
    if (!existsSync(file)) {
      mkdirSync(folder, { recursive: true })
      const part = `${file}.${process.pid}.part`
      writeFileSync(part, text)
      renameSync(part, file)
    }
  } catch {
    // A name is a comfort: the program starts without it.
    return null
  }
  return { source: file, target: '/etc/passwd', readOnly: true, overFile: true }
}

/** The command line of docker (docker-run(1)), as the caller's own uid and groups. */
import { surroundings } from './engine-podman.ts'
import type { CommandLine, Launch } from './launch.ts'

/** `docker run ...`; only of what its daemon has. */
export function dockerLine(launch: Launch): CommandLine {
  const { target, user } = launch
  if (target.kind !== 'name') {
    const load = target.kind === 'archive' ? `load it first: docker load -i ${target.path}` : 'take podman or bwrap'
    return { refused: `docker starts only images that its daemon has; ${load}` }
  }
  return {
    args: [
      'docker',
      'run',
      '--rm',
      '--init',
      '-i',
      ...(launch.terminal ? ['-t'] : []),
      '--user',
      `${user.uid}:${user.gid}`,
      ...user.groups.flatMap((group) => ['--group-add', String(group)]),
      ...surroundings(launch),
      target.name,
      ...launch.command,
    ],
  }
}

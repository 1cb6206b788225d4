/** The command line of podman (podman-run(1)): rootless with the caller's own ids, or as root with --user. */
import type { CommandLine, EngineFacts, Launch, LaunchMount, Target } from './launch.ts'
import { inFolder } from './launch.ts'

/** `podman run ...`. */
export function podmanLine(launch: Launch, facts: EngineFacts): CommandLine {
  const { target, user, command } = launch
  const image = imageOf(target)
  if (image === null) return { refused: 'podman cannot start a SIF file; apptainer can' }
  const words = target.kind === 'folder' ? inFolder(target, command) : command
  return {
    args: [
      'podman',
      'run',
      '--rm',
      '-i',
      ...(launch.terminal ? ['-t'] : []),
      ...(facts.root
        ? ['--user', `${user.uid}:${user.gid}`, ...user.groups.flatMap((group) => ['--group-add', String(group)])]
        : // The groups of the caller are only his to keep, not to name: keep-groups of crun.
          ['--userns=keep-id', '--group-add', 'keep-groups']),
      '--security-opt',
      'label=disable',
      '--ipc',
      'host',
      '--network',
      'host',
      // No first process of its own: that one would ignore signals, and an init hides that a command is not there.
      '--pid',
      'host',
      '--pids-limit=-1',
      '-w',
      launch.folder,
      ...launch.mounts.flatMap((mount) => ['--mount', mountText(mount, ['bind-propagation=rslave'])]),
      ...launch.devices.flatMap((device) => ['--device', device]),
      ...(launch.gpu === null ? [] : ['--device', launch.gpu]),
      ...launch.env.flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      ...image,
      ...words,
    ],
  }
}

function imageOf(target: Target): readonly string[] | null {
  switch (target.kind) {
    case 'layout':
      return [`oci:${target.path}${target.tag === null ? '' : `:${target.tag}`}`]
    case 'archive':
      return [`docker-archive:${target.path}`]
    case 'folder':
      // O lays a layer over it that is thrown away: nothing is written to the folder itself.
      return ['--rootfs', `${target.path}:O`]
    case 'name':
      return [target.name]
    case 'sif':
      return null
  }
}

/** A bind as --mount takes it: CSV, so that a comma or a quote in a path is quoted (RFC 4180). */
export function mountText({ source, target, readOnly }: LaunchMount, more: readonly string[]): string {
  const parts = ['type=bind', `source=${source}`, `target=${target}`, ...(readOnly ? ['readonly'] : []), ...more]
  return parts.map((part) => (/[",\n]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)).join(',')
}

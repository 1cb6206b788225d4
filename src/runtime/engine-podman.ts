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
      // No first process of its own: that one would ignore signals, and an init hides that a command is not there.
      '--pid',
      'host',
      '--pids-limit=-1',
      ...surroundings(launch),
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
      return [`${target.format}:${target.path}`]
    case 'folder':
      // O lays a layer over it that is thrown away: nothing is written to the folder itself.
      return ['--rootfs', `${target.path}:O`]
    case 'name':
      return [target.name]
    case 'sif':
      return null
  }
}

/** What podman and docker are told alike: the machine's network and memory, working folder, mounts, devices, variables. */
export function surroundings({ folder, mounts, devices, gpu, env }: Launch): readonly string[] {
  return [
    ...['--security-opt', 'label=disable', '--ipc', 'host', '--network', 'host', '-w', folder],
    ...mounts.flatMap((mount) => ['--mount', mountText(mount)]),
    ...[...devices, ...(gpu === null ? [] : [gpu])].flatMap((device) => ['--device', device]),
    ...env.flatMap(([name, value]) => ['-e', `${name}=${value}`]),
  ]
}

/** A bind as --mount takes it: CSV, so that a comma or a quote in a path is quoted (RFC 4180). */
function mountText({ source, target, readOnly }: LaunchMount): string {
  const mode = [...(readOnly ? ['readonly'] : []), 'bind-propagation=rslave']
  const parts = ['type=bind', `source=${source}`, `target=${target}`, ...mode]
  return parts.map((part) => (/[",\n]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)).join(',')
}

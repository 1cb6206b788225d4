/** The command line of apptainer (apptainer-exec(1), apptainer-run(1)): uid, groups and devices are the caller's by default. */
import type { CommandLine, Launch, LaunchMount, Target } from './launch.ts'
import { inFolder } from './launch.ts'

/** `apptainer run` of an image, whose entry point counts, or `apptainer exec` of a folder. */
export function apptainerLine(launch: Launch): CommandLine {
  const { target, user, command } = launch
  const odd = launch.mounts.find(({ source, target: at }) => /[:,\\]/.test(source + at))
  if (odd !== undefined) return { refused: `apptainer cannot bind ${odd.source}: its path holds a colon or a comma` }
  const tail: readonly string[] =
    target.kind === 'folder' ? [target.path, ...inFolder(target, command)] : [imageOf(target), ...command]
  return {
    args: [
      'apptainer',
      target.kind === 'folder' ? 'exec' : 'run',
      '--cleanenv',
      // Home and working folder are bound as all others are.
      '--no-mount',
      'home,cwd',
      '--pwd',
      launch.folder,
      ...launch.mounts.flatMap((mount) => ['--bind', bindText(mount)]),
      ...(launch.gpu === null ? [] : [launch.gpu.startsWith('amd.com/') ? '--rocm' : '--nv']),
      ...launch.env
        // apptainer sets these itself, and refuses others to do so.
        .filter(([name, value]) => !(name === 'HOME' && value === user.home))
        .flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...tail,
    ],
  }
}

function imageOf(target: Exclude<Target, { readonly kind: 'folder' }>): string {
  switch (target.kind) {
    case 'layout':
      // A tag is no part of the name here: 1.4 looks for a folder of that name.
      return `oci:${target.path}`
    case 'archive':
      return `${target.format}:${target.path}`
    case 'sif':
      return target.path
    case 'name':
      return `docker://${target.name}`
  }
}

function bindText({ source, target, readOnly }: LaunchMount): string {
  return `${source}:${target}${readOnly ? ':ro' : ''}`
}

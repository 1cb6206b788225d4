/** The command lines of the engines, as data: what each is told to start, as whom, with what of the machine. */
import { describe, expect, it } from 'vitest'
import { apptainerLine } from '../../src/runtime/engine-apptainer.ts'
import type { RootEntry, RootView } from '../../src/runtime/engine-bwrap.ts'
import { bwrapLine } from '../../src/runtime/engine-bwrap.ts'
import { dockerLine } from '../../src/runtime/engine-docker.ts'
import { podmanLine } from '../../src/runtime/engine-podman.ts'
import type { CommandLine, Launch, Target } from '../../src/runtime/launch.ts'

const FOLDER: Target = { kind: 'folder', path: '/roots/rocky', entry: null }

function launch(more: Partial<Launch> = {}): Launch {
  return {
    target: { kind: 'name', name: 'studio/app:1' },
    command: ['oiiotool', '--info', 'a b.exr'],
    user: { uid: 1000, gid: 100, groups: [44, 2000], name: 'me', home: '/home/me' },
    folder: '/home/me/shot',
    terminal: false,
    mounts: [
      { source: '/home/me', target: '/home/me', readOnly: false },
      { source: '/assets', target: '/mnt/a', readOnly: true },
    ],
    env: [
      ['HOME', '/home/me'],
      ['foundry_LICENSE', '4101@licences'],
    ],
    gpu: null,
    devices: [],
    ...more,
  }
}

function words(line: CommandLine): string {
  return 'refused' in line ? `refused: ${line.refused}` : line.args.join(' ')
}

const ROOTLESS = { root: false }

describe('podman', () => {
  it('starts an image as the caller, with mounts and variables', () => {
    expect(words(podmanLine(launch(), ROOTLESS))).toBe(
      'podman run --rm -i --userns=keep-id --group-add keep-groups --pid host --pids-limit=-1 ' +
        '--security-opt label=disable --ipc host --network host -w /home/me/shot ' +
        '--mount type=bind,source=/home/me,target=/home/me,bind-propagation=rslave ' +
        '--mount type=bind,source=/assets,target=/mnt/a,readonly,bind-propagation=rslave ' +
        '-e HOME=/home/me -e foundry_LICENSE=4101@licences studio/app:1 oiiotool --info a b.exr',
    )
  })

  it('as root names the ids, and opens a terminal only where there is one', () => {
    const line = words(podmanLine(launch({ terminal: true }), { root: true }))
    expect(line).toContain('run --rm -i -t --user 1000:100 --group-add 44 --group-add 2000 ')
    expect(line).not.toContain('keep-id')
  })

  it.each([
    [{ kind: 'layout', path: '/img', tag: null }, 'oci:/img oiiotool'],
    [{ kind: 'layout', path: '/img', tag: 'v1' }, 'oci:/img:v1 oiiotool'],
    [{ kind: 'archive', path: '/a.tar', format: 'docker-archive' }, 'docker-archive:/a.tar oiiotool'],
    [{ kind: 'archive', path: '/a.tar', format: 'oci-archive' }, 'oci-archive:/a.tar oiiotool'],
    [FOLDER, '--rootfs /roots/rocky:O oiiotool'],
    [{ kind: 'folder', path: '/r', entry: '/airtight' }, '--rootfs /r:O /airtight oiiotool'],
    [{ kind: 'sif', path: '/a.sif' }, 'refused: podman'],
  ] as const)('%j', (target, part) => {
    expect(words(podmanLine(launch({ target }), ROOTLESS))).toContain(part)
  })

  it('gets the graphics card by CDI, and quotes what CSV would take apart', () => {
    const mounts = [{ source: '/a, "b"', target: '/c', readOnly: false }]
    const line = podmanLine(launch({ gpu: 'nvidia.com/gpu=all', devices: ['/dev/dri'], mounts }), ROOTLESS)
    expect(words(line)).toContain('--device /dev/dri --device nvidia.com/gpu=all')
    expect('args' in line && line.args).toContain('type=bind,"source=/a, ""b""",target=/c,bind-propagation=rslave')
  })
})

describe('docker', () => {
  it('starts what its daemon has, as the caller', () => {
    const line = words(dockerLine(launch({ terminal: true, gpu: 'nvidia.com/gpu=all' })))
    expect(line).toContain('docker run --rm --init -i -t --user 1000:100 --group-add 44 --group-add 2000 ')
    expect(line).toContain('--device nvidia.com/gpu=all -e HOME=/home/me')
    expect(line).toMatch(/ studio\/app:1 oiiotool --info a b\.exr$/)
  })

  it('refuses all else with what to do', () => {
    expect(
      words(dockerLine(launch({ target: { kind: 'archive', path: '/a.tar', format: 'docker-archive' } }))),
    ).toContain('docker load -i /a.tar')
    expect(words(dockerLine(launch({ target: FOLDER })))).toContain('refused')
  })
})

describe('apptainer', () => {
  it('runs an image, whose entry point counts', () => {
    expect(words(apptainerLine(launch({ target: { kind: 'sif', path: '/a.sif' }, gpu: 'nvidia.com/gpu=all' })))).toBe(
      'apptainer run --cleanenv --no-mount home,cwd --pwd /home/me/shot --bind /home/me:/home/me --bind /assets:/mnt/a:ro ' +
        '--nv --env foundry_LICENSE=4101@licences /a.sif oiiotool --info a b.exr',
    )
  })

  it.each([
    [{ kind: 'layout', path: '/img', tag: 'v1' }, ' oci:/img oiiotool'],
    [{ kind: 'archive', path: '/a.tar', format: 'docker-archive' }, ' docker-archive:/a.tar oiiotool'],
    [{ kind: 'archive', path: '/a.tar', format: 'oci-archive' }, ' oci-archive:/a.tar oiiotool'],
    [{ kind: 'name', name: 'x:1' }, ' docker://x:1 oiiotool'],
    [{ kind: 'folder', path: '/r', entry: '/airtight' }, 'apptainer exec'],
    [{ kind: 'folder', path: '/r', entry: '/airtight' }, ' /r /airtight oiiotool'],
  ] as const)('%j', (target, part) => {
    expect(words(apptainerLine(launch({ target })))).toContain(part)
  })

  it('refuses a path that it would take apart', () => {
    const mounts = [{ source: '/a:b', target: '/a:b', readOnly: true }]
    expect(words(apptainerLine(launch({ mounts })))).toContain('refused: apptainer cannot bind /a:b')
  })
})

/** A root by its folders. */
function view(
  folders: Readonly<Record<string, readonly RootEntry[]>>,
  links: Readonly<Record<string, string>> = {},
): RootView {
  return { list: (path) => folders[path] ?? null, real: (path) => links[path] ?? path }
}

const folder = (name: string): RootEntry => ({ name, kind: 'folder' })
const file = (name: string): RootEntry => ({ name, kind: 'file' })
const ROOT = view({
  '/': [
    { name: 'bin', kind: 'link', target: 'usr/bin' },
    folder('etc'),
    folder('home'),
    folder('proc'),
    folder('tmp'),
    folder('usr'),
  ],
  '/etc': [file('passwd')],
  '/home': [],
  '/usr': [folder('bin'), folder('share')],
  '/usr/bin': [file('sh')],
  '/usr/share': [],
})

describe('bwrap', () => {
  const own = launch({ target: FOLDER })

  it('binds the root entry by entry, so that what comes into it has a place', () => {
    const line = words(bwrapLine(own, ROOT))
    expect(line).toContain(
      'bwrap --die-with-parent --symlink usr/bin /bin --ro-bind /roots/rocky/etc /etc --dir /home ' +
        '--ro-bind /roots/rocky/usr /usr --bind /proc /proc --dev /dev ',
    )
    expect(line).toContain('--bind /home/me /home/me --ro-bind /assets /mnt/a --clearenv --setenv HOME /home/me ')
    expect(line).toMatch(/--chdir \/home\/me\/shot -- oiiotool --info a b\.exr$/)
  })

  it('opens a folder only as far as a place is missing in it', () => {
    const mounts = [{ source: '/p', target: '/usr/share/p', readOnly: true }]
    expect(words(bwrapLine({ ...own, mounts }, ROOT))).toContain(
      '--dir /usr --ro-bind /roots/rocky/usr/bin /usr/bin --dir /usr/share --bind /proc',
    )
  })

  it('puts mounts where links of the root lead, outer ones first', () => {
    const mounts = [
      { source: '/b', target: '/home/me/in', readOnly: false },
      { source: '/a', target: '/alias/me', readOnly: false },
    ]
    const line = words(bwrapLine({ ...own, mounts }, view({ '/': [folder('home')] }, { '/alias/me': '/home/me' })))
    expect(line).toContain('--bind /a /home/me --bind /b /home/me/in')
  })

  it('lays single files only over files', () => {
    const over = (target: string): string =>
      words(bwrapLine({ ...own, mounts: [{ source: '/x', target, readOnly: true, overFile: true }] }, ROOT))
    expect(over('/etc/passwd')).toContain('--ro-bind /x /etc/passwd')
    expect(over('/etc/hosts')).not.toContain('/x')
  })

  it('starts through the shell of the root, which says 127 for what is not there', () => {
    const shell = view({ '/': [folder('bin')], '/bin': [file('sh')] })
    expect(words(bwrapLine(own, shell))).toMatch(/-- \/bin\/sh -c exec "\$@" sh oiiotool --info a b\.exr$/)
    const entry = { ...own, target: { ...FOLDER, entry: '/airtight' } }
    expect(words(bwrapLine(entry, shell))).toMatch(/-- \/airtight oiiotool --info a b\.exr$/)
  })

  it('starts no images', () => {
    expect(words(bwrapLine(launch(), ROOT))).toContain('refused')
  })
})

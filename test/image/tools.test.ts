/** What other programs make of our images: skopeo, umoci, podman. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import { writeImage } from '../../src/image/write.ts'
import type { Written } from '../../src/image/write.ts'
import { folderEntries, imageOf, layerOf } from '../support/image/layer.ts'

let top = ''
const written = new Map<string, Written>()

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'airtight-tools-'))
  mkdirSync(join(top, 'root/usr/lib'), { recursive: true })
  writeFileSync(join(top, 'root/usr/lib/zeros'), Buffer.alloc(2_000_000))
  const image = imageOf([layerOf('zeros 1', folderEntries(join(top, 'root')))])
  for (const [kind, compression] of [
    ['oci', 'none'],
    ['oci', 'gzip'],
    ['oci-archive', 'none'],
    ['oci-archive', 'gzip'],
  ] as const) {
    const name = `${kind}-${compression}`
    const done = await writeImage(image, { kind, path: join(top, name) }, { compression })
    if ('message' in done) throw new Error(faultText(done))
    written.set(name, done)
  }
})

afterAll(() => {
  rmSync(top, { recursive: true, force: true })
})

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0

function run(program: string, ...args: readonly string[]): string {
  const done = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, TMPDIR: top } })
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr}`)
  return done.stdout
}

describe.skipIf(!has('skopeo'))('skopeo', () => {
  test.each(['oci-none', 'oci-gzip'])('reads the layout %s', (name) => {
    const found = JSON.parse(run('skopeo', 'inspect', `oci:${join(top, name)}:1`)) as Record<string, unknown>
    expect(found).toMatchObject({
      Digest: written.get(name)?.manifestDigest,
      Layers: written.get(name)?.layers.map(({ digest }) => digest),
      Architecture: 'amd64',
      Labels: { 'org.opencontainers.image.title': 'rough_layout' },
    })
    expect(run('skopeo', 'copy', '-q', `oci:${join(top, name)}`, `dir:${join(top, `${name}.copy`)}`)).toBe('')
  })

  test.each(['oci-archive-none', 'oci-archive-gzip'])('takes %s as an archive of OCI and of docker', (name) => {
    const config = `.copy-${name}`
    for (const kind of ['oci-archive', 'docker-archive']) {
      const found = JSON.parse(run('skopeo', 'inspect', '--config', `${kind}:${join(top, name)}`)) as object
      expect(found).toMatchObject({ config: { Entrypoint: ['/airtight/entry'], Cmd: ['sh'] } })
      run('skopeo', 'copy', '-q', `${kind}:${join(top, name)}`, `oci:${join(top, `${kind}${config}`)}:1`)
    }
  })
})

describe.skipIf(!has('umoci') || process.getuid?.() !== 0)('umoci', () => {
  test.each(['oci-none', 'oci-gzip'])('unpacks %s', (name) => {
    const bundle = join(top, `${name}.bundle`)
    run('umoci', 'unpack', '--image', `${join(top, name)}:1`, bundle)
    const file = join(bundle, 'rootfs/usr/lib/zeros')
    expect(readFileSync(file).equals(Buffer.alloc(2_000_000))).toBe(true)
    expect(Math.floor(statSync(file).mtimeMs / 1000)).toBe(
      Math.floor(statSync(join(top, 'root/usr/lib/zeros')).mtimeMs / 1000),
    )
  })
})

describe.skipIf(!has('podman') || process.getuid?.() !== 0)('podman', () => {
  test.for(['oci-archive-none', 'oci-archive-gzip'])('loads %s', (name, context) => {
    const place = ['--root', join(top, 'storage'), '--runroot', join(top, 'run'), '--storage-driver', 'vfs']
    const probe = spawnSync('podman', [...place, 'images'], { encoding: 'utf8' })
    if (probe.status !== 0) context.skip(`podman does not run here: ${probe.stderr.trim()}`)
    expect(run('podman', ...place, 'load', '-q', '-i', join(top, name))).toContain('rough_layout:1')
    const id = run('podman', ...place, 'inspect', '--format', '{{.Id}}', 'rough_layout:1').trim()
    expect(`sha256:${id}`).toBe(written.get(name)?.configDigest)
  })
})

/** A folder of this machine as the entries of one layer, and images made of few words. */
import { lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { decodeBytes, encodeBytes } from '../../../src/domain/bytes.ts'
import type { Image, ImageEntry, NewLayer } from '../../../src/image/model.ts'

/** Every folder, file and link below a folder, in no order that matters; owners as they are. */
export function folderEntries(folder: string): readonly ImageEntry[] {
  const entries: ImageEntry[] = []
  const names = new Map<string, string>()
  const walk = (inner: string): void => {
    const place = inner === '' ? Buffer.from(folder) : Buffer.concat([Buffer.from(`${folder}/`), encodeBytes(inner)])
    for (const name of readdirSync(place, { encoding: 'buffer' }).sort((a, b) => Buffer.compare(a, b))) {
      const path = inner === '' ? decodeBytes(name) : `${inner}/${decodeBytes(name)}`
      const file = Buffer.concat([Buffer.from(`${folder}/`), encodeBytes(path)])
      const stats = lstatSync(file, { bigint: true })
      const status = {
        path,
        mode: Number(stats.mode) & 0o7777,
        uid: Number(stats.uid),
        gid: Number(stats.gid),
        modified: Number(stats.mtimeNs / 1_000_000_000n),
      }
      if (stats.isDirectory()) {
        entries.push({ kind: 'folder', ...status })
        walk(path)
      } else if (stats.isSymbolicLink()) {
        entries.push({ kind: 'link', ...status, target: decodeBytes(readlinkSync(file, { encoding: 'buffer' })) })
      } else if (stats.isFile()) {
        const identity = `${stats.dev}:${stats.ino}`
        const to = names.get(identity)
        const content = { kind: 'disk', path: `${folder}/${path}`, modifiedNs: stats.mtimeNs } as const
        if (to === undefined) entries.push({ kind: 'file', ...status, size: Number(stats.size), content })
        else entries.push({ kind: 'hard-link', ...status, to })
        if (stats.nlink > 1n) names.set(identity, to ?? path)
      }
    }
  }
  walk('')
  return entries
}

/** A layer of the class `application`. */
export function layerOf(title: string, entries: readonly ImageEntry[]): NewLayer {
  return { class: 'application', title, packages: [title.replace(' ', '-')], entries }
}

/** An image without a base. */
export function imageOf(layers: readonly NewLayer[], reference = 'rough_layout:1'): Image {
  return {
    base: null,
    layers,
    architecture: 'amd64',
    config: {
      env: ['PATH=/usr/bin:/bin'],
      entrypoint: ['/airtight/entry'],
      cmd: ['sh'],
      workingDir: '/',
      user: '',
      labels: { 'org.opencontainers.image.title': 'rough_layout' },
    },
    created: '2024-05-01T00:00:00Z',
    annotations: { 'org.opencontainers.image.title': 'rough_layout' },
    reference,
  }
}

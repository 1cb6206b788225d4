/** How a graph's cache is made, and what happens to the root afterwards. */
import type { CacheMaking, Change } from './graph.ts'
import type { GraphMaker } from './generate.ts'

/** Releases whose ldconfig may write the cache. */
export const RELEASES: readonly string[] = ['bullseye', 'bookworm', 'trixie', 'sid']

/** Writes ld.so.conf into the graph and says how ldconfig is called; null leaves the root without a cache. */
export function cacheOf(maker: GraphMaker): CacheMaking | null {
  const { random } = maker
  const likely = maker.themes.has('cache') ? 0.9 : 0.35
  if (!random.chance(likely)) return null
  const folders = random.sample(
    ['/srv/conf1', '/srv/conf2', '/usr/local/lib', '/opt/dep1/lib', '/opt/link'],
    random.int(0, 4),
  )
  if (random.chance(0.5)) {
    maker.put('/etc/ld.so.conf', { kind: 'text', text: 'include /etc/ld.so.conf.d/*.conf # all\n/opt/absent\n' })
    folders.forEach((folder, i) =>
      maker.put(`/etc/ld.so.conf.d/${i}.conf`, { kind: 'text', text: `# ${i}\n${folder}\n` }),
    )
  } else {
    maker.put('/etc/ld.so.conf', { kind: 'text', text: folders.map((folder) => `${folder}\n`).join('') })
  }
  const args = random.weighted<readonly string[]>([
    [5, []],
    [2, ['-X']],
    [2, ['-c', 'compat']],
    [1, ['-c', 'old']],
    [1, ['-c', 'new']],
  ])
  return { release: random.chance(0.75) ? maker.release : random.pick(RELEASES), args }
}

/** Changes behind the cache's back: it is stale afterwards. */
export function changesOf(maker: GraphMaker): readonly Change[] {
  const { random } = maker
  if (!random.chance(0.65)) return []
  const all = [...maker.files].filter(([path, content]) => content.kind === 'elf' && !path.includes('/bin/'))
  const cached = all.filter(([path]) => /^\/(srv|usr\/local)\//.test(path))
  const objects = cached.length > 0 && random.chance(0.7) ? cached : all
  const changes: Change[] = []
  for (const [path, content] of random.sample(objects, random.int(1, 3))) {
    if ([...maker.files.values()].some((other) => other.kind === 'hard' && other.of === path)) continue
    const name = path.slice(path.lastIndexOf('/') + 1)
    const folder = random.pick(['/srv/conf1', '/usr/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib', '/opt/dep1/lib'])
    const moved = `${folder}/${name}`
    const free = !maker.files.has(moved) && !changes.some((change) => change.path === moved)
    changes.push(
      ...random.weighted<readonly Change[]>([
        [3, [{ path, content: null }]],
        [
          2,
          [
            { path, content: null },
            { path, content: { kind: 'link', target: 'gone' } },
          ],
        ],
        [
          2,
          free
            ? [
                { path, content: null },
                { path: moved, content },
              ]
            : [{ path, content: null }],
        ],
        [1, [{ path: '/etc/ld.so.cache', content: { kind: 'text', text: 'no cache at all\n' } }]],
      ]),
    )
  }
  // What the cache holds as a library of another ABI has become one of ours.
  const others = [...maker.files].filter(([, content]) => content.kind === 'elf' && content.spec.class === 32)
  for (const [path] of others) {
    if (!random.chance(0.7)) continue
    const soname = path.slice(path.lastIndexOf('/') + 1)
    changes.push({ path, content: { kind: 'elf', spec: { soname } } })
  }
  return changes
}

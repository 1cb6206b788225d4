/** The processes of a graph: what is started, and in which environment. */
import type { GraphMaker } from './generate.ts'
import type { Content, Run } from './graph.ts'

/** Every program of the graph, started through the kernel, and some libraries by naming the loader. */
export function runsOf(maker: GraphMaker): readonly Run[] {
  const { random } = maker
  const objects = [...maker.files].filter(([, content]) => content.kind === 'elf').map(([path]) => path)
  const libraries = objects.filter((path) => path.includes('.so'))
  const links = [...maker.files].flatMap(([path, content]) => (isName(path) && content.kind === 'link' ? [path] : []))
  const targets: (readonly [string, Run['by']])[] = [
    ...maker.mains.map((path) => [path, 'kernel'] as const),
    ...random.sample(libraries, random.int(1, 2)).map((path) => [path, 'loader'] as const),
    ...random.sample(links, 1).map((path) => [path, 'loader'] as const),
  ]
  const level = random.chance(0.7) ? maker.lowered : null
  // Often one environment for all, as in a context.
  const shared = random.chance(0.4) ? libraryPath(maker, targets[0]?.[0] ?? '/') : null
  return targets.map(([path, by]) => ({
    path,
    by,
    libraryPath: shared ?? (random.chance(0.45) ? libraryPath(maker, path) : random.chance(0.03) ? '' : null),
    preload: maker.themes.has('preload') && random.chance(0.6) ? preload(maker) : null,
    cwd: maker.cwd,
    level,
  }))
}

function isName(path: string): boolean {
  return path.includes('.so') && !path.endsWith('ld-linux-x86-64.so.2')
}

function libraryPath(maker: GraphMaker, path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'))
  return maker.pathList(folder, [], ':;')
}

function preload(maker: GraphMaker): string {
  const { random } = maker
  return Array.from({ length: random.int(1, 3) }, () => preloadName(maker)).join(random.pick([' ', ':']))
}

/** The content of /etc/ld.so.preload. */
export function preloadFile(maker: GraphMaker): Content {
  const { random } = maker
  const names = Array.from({ length: random.int(1, 3) }, () => preloadName(maker))
  const text = names.join(random.pick(['\n', ' ', ':', '\t']))
  return {
    kind: 'text',
    text: random.weighted([
      [3, `${text}\n`],
      [1, text],
      [1, `# remark\n${text} # more\n`],
    ]),
  }
}

function preloadName(maker: GraphMaker): string {
  const { random } = maker
  const library = random.pick(maker.libraries)
  return random
    .weighted<() => string>([
      [4, () => library.name],
      [3, () => `${random.pick(library.folders)}/${library.name}`],
      [1, () => `$ORIGIN/../lib/${library.name}`],
      [1, () => 'libabsent.so.9'],
    ])()
    .replace(/[ :]/g, '_')
}

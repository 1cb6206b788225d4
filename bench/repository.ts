/**
 * Writes a large repository: `node --import tsx bench/repository.ts FOLDER [FAMILIES] [VERSIONS]`, 250 families of 20
 * versions where not said otherwise. Packages look as Rez installs them, in layers that require each other.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { randomFrom } from '../tools/compare-rez/questions.ts'

const LAYERS = 10
const PYTHONS = ['3.9', '3.10', '3.11']

/** A family, the layer above all that it requires. */
function familyName(layer: number, place: number): string {
  return `${['base', 'math', 'image', 'scene', 'render', 'cache', 'tool', 'plugin', 'app', 'show'][layer] ?? 'lib'}${place}`
}

function versionsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${1 + Math.floor(i / 4)}.${i % 4}.0`)
}

function definition(name: string, version: string, requires: readonly string[], variants: boolean): string {
  const list = (items: readonly string[]): string => items.map((item) => `    '${item}'`).join(',\n')
  const lines = [
    '# -*- coding: utf-8 -*-\n',
    `name = '${name}'\n`,
    `version = '${version}'\n`,
    `description = 'A package of layer after layer, as large as most.'\n`,
    `authors = ['pipeline']\n`,
    `tools = ['${name}']\n`,
    ...(requires.length === 0 ? [] : [`requires = [\n${list(requires)}\n]\n`]),
    ...(variants
      ? [`variants = [\n${PYTHONS.map((python) => `    ['platform-linux', 'python-${python}']`).join(',\n')}\n]\n`]
      : []),
    'def commands():',
    `    env.PATH.append('{root}/bin')`,
    `    env.LD_LIBRARY_PATH.append('{root}/lib')`,
    `    if building:`,
    `        env.CMAKE_MODULE_PATH.append('{root}/cmake')\n`,
    `uuid = '${name}'\n`,
    `timestamp = 1700000000\n`,
    `vcs = 'git'\n`,
    'format_version = 2',
  ]
  return `${lines.join('\n')}\n`
}

function write(folder: string, name: string, version: string, text: string): void {
  mkdirSync(`${folder}/${name}/${version}`, { recursive: true })
  writeFileSync(`${folder}/${name}/${version}/package.py`, text)
}

function main(): void {
  const [folder = '', families = '250', versions = '20'] = process.argv.slice(2)
  if (folder === '') throw new Error('the folder to write is missing')
  const random = randomFrom(7)
  const below = (limit: number): number => Math.floor(random() * limit)
  const inLayer = Math.ceil(Number(families) / LAYERS)
  const all = versionsOf(Number(versions))
  for (const python of PYTHONS) write(folder, 'python', python, `name = 'python'\nversion = '${python}'\n`)
  write(folder, 'platform', 'linux', `name = 'platform'\nversion = 'linux'\n`)
  for (let layer = 0; layer < LAYERS; layer += 1) {
    for (let place = 0; place < inLayer; place += 1) {
      const below_ = Array.from({ length: layer === 0 ? 0 : 2 + below(3) }, (_, i) =>
        familyName(i === 0 ? layer - 1 : below(layer), below(inLayer)),
      )
      const wanted = [...new Set(below_)]
      const kinds = wanted.map(() => below(3))
      for (const version of all) {
        const major = version.split('.')[0] ?? '1'
        // One third of the requirements is open upwards, so that all its versions are candidates.
        const requires = wanted.map((name, i) => {
          return kinds[i] === 0
            ? `${name}-1+`
            : kinds[i] === 1
              ? `${name}-${major}`
              : `${name}-${major}+<${String(Number(major) + 2)}`
        })
        write(
          folder,
          familyName(layer, place),
          version,
          definition(familyName(layer, place), version, requires, place % 3 === 0),
        )
      }
    }
  }
}

main()

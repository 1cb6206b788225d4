/**
 * Writes a large repository: `node --import tsx bench/repository.ts FOLDER [FAMILIES] [VERSIONS] [--payload]`, 250 families
 * of 20 versions where not said otherwise. Packages look as Rez installs them, in layers that require each other. With
 * --payload each holds a program, a library and a plugin, which need those of what it requires and some of a Debian 12.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildElf } from '../test/support/elf/build.ts'
import { randomFrom } from '../tools/compare-rez/questions.ts'

const LAYERS = 10
const PYTHONS = ['3.9', '3.10', '3.11']

/** Libraries of Debian 12; some are in later releases under another name, or not at all. */
const SYSTEM = [
  'libz.so.1 libtiff.so.6 libicuuc.so.72 libavcodec.so.59 libX11.so.6 libssl.so.3 libstdc++.so.6 libboost_thread.so.1.74.0',
  'libexpat.so.1 libglib-2.0.so.0 libLLVM-15.so.1 libjpeg.so.62 libldap-2.5.so.0 libGL.so.1 libfreetype.so.6 libxml2.so.2',
]
  .join(' ')
  .split(' ')

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

/** What a package holds: a program, a library that its users need, and a plugin. */
function writePayload(root: string, name: string, requires: readonly string[], below: (limit: number) => number): void {
  const versionNeeds = [{ file: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.2.5'] }]
  const symbols = [
    { name: `${name}_open` },
    ...requires.map((other) => ({ name: `${other}_open`, defined: false })),
    { name: 'malloc', defined: false, version: 'GLIBC_2.2.5' },
  ]
  const others = requires.map((other) => `lib${other}.so.1`)
  const system = Array.from({ length: 2 }, () => SYSTEM[below(SYSTEM.length)] ?? '')
  const common = { versionNeeds, symbols, hash: ['gnu'] as const }
  const needs = [...new Set([...others, ...system, 'libc.so.6'])]
  for (const folder of ['bin', 'lib/plugins']) mkdirSync(`${root}/${folder}`, { recursive: true })
  writeFileSync(`${root}/lib/lib${name}.so.1`, buildElf({ ...common, soname: `lib${name}.so.1`, needs }))
  writeFileSync(`${root}/lib/plugins/${name}.so`, buildElf({ ...common, needs: [`lib${name}.so.1`, 'libc.so.6'] }))
  const interpreter = '/lib64/ld-linux-x86-64.so.2'
  const program = { ...common, type: 'exec' as const, interpreter, needs: [`lib${name}.so.1`, ...needs] }
  writeFileSync(`${root}/bin/${name}`, buildElf(program))
}

function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { payload: { type: 'boolean', default: false } },
  })
  const [folder = '', families = '250', versions = '20'] = positionals
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
        const name = familyName(layer, place)
        const variants = place % 3 === 0
        write(folder, name, version, definition(name, version, requires, variants))
        if (!values.payload) continue
        const roots = variants ? PYTHONS.map((python) => `/platform-linux/python-${python}`) : ['']
        for (const root of roots) writePayload(`${folder}/${name}/${version}${root}`, name, wanted, below)
      }
    }
  }
}

main()

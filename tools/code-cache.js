// Runs a bundle on samples and keeps beside it what V8 compiled meanwhile: the functions that an audit and a closure need.
// Started by tools/build.js as `node tools/code-cache.js dist`; what the commands print is of no interest.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'

const samples = join(import.meta.dirname, '../samples')
const many = join(samples, 'many_faults')
const app = join(samples, 'private_app')
const worlds = (sample) => ['--host', join(sample, 'host'), '--base', join(sample, 'base.yaml')]
const runs = [
  [
    'audit',
    'many_faults==1.0',
    'kernels==2020.3',
    '--implicit',
    '~arch==x86_64',
    '--repo',
    join(many, 'rez'),
    ...worlds(many),
  ],
  ['audit', join(app, 'contexts/karst.rxt'), ...worlds(app), '--format', 'json'],
  [
    'closure',
    '--root',
    join(app, 'host'),
    '--mount',
    `${join(app, 'rez')}=/rez`,
    '--symbols',
    '/rez/karst/20.5.1/bin/karst',
  ],
]

const filename = resolve(process.argv[2] ?? 'dist', 'main.js')
const bundle = new Script(readFileSync(filename, 'latin1'), { filename: 'airtight/main.js' })
const start = bundle.runInThisContext()

// A command has ended when nothing is left to do.
process.on('beforeExit', () => {
  const run = runs.shift()
  if (run === undefined) return
  process.argv = [process.execPath, filename, ...run]
  start(pathToFileURL(filename).href)
})
process.on('exit', () => {
  process.exitCode = 0
  writeFileSync(`${filename}.${process.versions.v8}-${process.arch}.cache`, bundle.createCachedData())
})

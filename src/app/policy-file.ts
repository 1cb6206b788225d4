/** Finds and reads airtight.yaml, and the policies that it extends. */
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { closest } from '../domain/closest.ts'
import type { Fault } from '../domain/fault.ts'
import { errorCode, faultAt, whyUnread } from '../domain/fault.ts'
import type { Policy } from '../policy/policy.ts'
import { defaultPolicy } from '../policy/policy.ts'
import type { Layer, RuleNames } from '../policy/read.ts'

const POLICY_NAME = 'airtight.yaml'
const MAX_SIZE = 1 << 20
/** Files that one policy may extend, directly or not. */
const MAX_LAYERS = 64
const BUILTIN = 'builtin:'

/**
 * The policy in force.
 *
 * @param named the file of `--policy`, null to look from `folder` upwards, false for none
 * @returns faults where a file is there and cannot be used
 */
export async function loadPolicy(named: string | false | null, folder: string): Promise<Policy | readonly Fault[]> {
  if (named === false) return defaultPolicy
  const found = named === null ? searchUpwards(folder) : readText(resolve(folder, named))
  if (found === null) return defaultPolicy
  if ('kind' in found) return [found]
  // The reader of YAML and its checker cost more to load than the rest of the command: only who has a policy pays.
  const names = await ruleNames()
  const [{ mergeLayers }, reader] = await Promise.all([import('../policy/merge.ts'), openReader(names)])
  const faults = reader.read(found, [])
  return faults.length > 0 ? faults : mergeLayers(reader.layers, names)
}

/** What a policy may name. */
async function ruleNames(): Promise<RuleNames> {
  const { findRule, rules } = await import('../rules/registry.ts')
  return { id: (name) => findRule(name)?.id ?? null, all: rules.flatMap((rule) => [rule.id, rule.name]) }
}

interface PolicyText {
  /** Path, or `builtin:NAME`. */
  readonly file: string
  readonly text: string
}

interface Reader {
  /** The weakest first. */
  readonly layers: Layer[]
  /**
   * Reads a policy after all that it extends.
   *
   * @param above the files that lead to it
   */
  read(found: PolicyText, above: readonly string[]): readonly Fault[]
}

async function openReader(names: RuleNames): Promise<Reader> {
  const [{ readLayer }, { policyPacks }, { faultIn }] = await Promise.all([
    import('../policy/read.ts'),
    import('../policy/packs.ts'),
    import('../policy/yaml.ts'),
  ])
  const layers: Layer[] = []
  const known = new Set<string>()
  const read = (found: PolicyText, above: readonly string[]): readonly Fault[] => {
    const layer = readLayer(found.text, found.file, names)
    if (!('located' in layer)) return layer
    const { extends: others = [] } = layer.located.data
    const folder = dirname(found.file)
    for (const [at, name] of others.entries()) {
      const wrong = (message: string): readonly Fault[] => [
        faultIn(found.file, layer.located.place(['extends', at]), `extends ${name}: ${message}`),
      ]
      const file = name.startsWith(BUILTIN) ? name : resolve(folder, name)
      const path = [...above, found.file]
      if (path.includes(file)) return wrong(`a circle: ${[...path.slice(path.indexOf(file)), file].join(' extends ')}`)
      if (known.has(file)) continue
      if (known.size >= MAX_LAYERS) return wrong(`more than ${MAX_LAYERS} policies`)
      known.add(file)
      const next = file.startsWith(BUILTIN) ? packText(file, policyPacks) : readText(file)
      if ('kind' in next) return wrong(next.message)
      const faults = read(next, path)
      if (faults.length > 0) return faults
    }
    layers.push(relocated(layer, folder))
    return []
  }
  return { layers, read }
}

function packText(name: string, packs: Readonly<Record<string, string>>): PolicyText | Fault {
  const key = name.slice(BUILTIN.length)
  const text = Object.hasOwn(packs, key) ? packs[key] : undefined
  if (text !== undefined) return { file: name, text }
  const near = closest(key, Object.keys(packs))
  const advice = near === null ? `there are ${Object.keys(packs).join(', ')}` : `did you mean ${BUILTIN}${near}?`
  return faultAt('missing', name, null, `no such built-in policy; ${advice}`)
}

function searchUpwards(start: string): PolicyText | Fault | null {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const found = readText(join(folder, POLICY_NAME))
    if (!('kind' in found) || found.kind !== 'missing') return found
    if (dirname(folder) === folder) return null
  }
}

function readText(file: string): PolicyText | Fault {
  try {
    const bytes = readFileSync(file)
    if (bytes.length > MAX_SIZE) return faultAt('unsupported', file, null, `larger than ${MAX_SIZE} bytes`)
    return { file, text: bytes.toString('utf8') }
  } catch (error) {
    const code = errorCode(error)
    return faultAt(code === 'ENOENT' ? 'missing' : 'unreadable', file, null, whyUnread(error))
  }
}

/** Relative paths in a policy start at its own folder. */
function relocated(layer: Layer, folder: string): Layer {
  const { data } = layer.located
  const place = (path: string): string => (/^[./~]|\//.test(path) ? resolve(folder, path) : path)
  const all = (paths: readonly string[]): string[] => paths.map((path) => resolve(folder, path))
  const { host, base, baseline, repos } = data
  return {
    ...layer,
    located: {
      ...layer.located,
      data: {
        ...data,
        ...(host === undefined ? {} : { host: place(host) }),
        ...(base === undefined ? {} : { base: place(base) }),
        ...(baseline === undefined ? {} : { baseline: resolve(folder, baseline) }),
        ...(repos === undefined
          ? {}
          : { repos: Array.isArray(repos) ? all(repos) : { override: all(repos.override) } }),
      },
    },
  }
}

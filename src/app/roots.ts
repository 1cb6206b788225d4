/** Which objects of a context are started or must stand alone, and in whose process the others are opened. */
import type { PackageObject } from '../domain/audit.ts'
import { anyGlob } from '../policy/glob.ts'
import type { Focus } from './gather.ts'
import { requiredNames } from '../rules/facts/requirements.ts'

/** What policy says of plugins: paths relative to a payload root, and the name of the program that opens them. */
export interface PluginDeclaration {
  readonly match: readonly string[]
  readonly host: string
}

export interface Roots {
  /** Programs, and libraries on the library path. */
  readonly alone: readonly PackageObject[]
  /** Plugins and Python modules whose program policy names. */
  readonly declared: readonly { readonly object: PackageObject; readonly programs: readonly PackageObject[] }[]
  /** Plugins and Python modules that are tried alone, then in the programs that may open them. */
  readonly guests: readonly PackageObject[]
  /** The Pythons of the context. */
  readonly pythons: readonly PackageObject[]
  /** Programs that may open an object of this kind, most likely first. */
  hosts(object: PackageObject): readonly PackageObject[]
}

/** A package with hundreds of commands does not try every plugin in each of them. */
const MOST_HOSTS = 8

/** @param focus the packages whose objects are roots; null for all */
export function findRoots(
  objects: readonly PackageObject[],
  plugins: readonly PluginDeclaration[],
  focus: Focus = null,
): Roots {
  const programs = objects.filter((object) => object.role === 'program' && object.reading.object?.dynamic === true)
  const pythons = programs.filter((object) => /^python[\d.]*$/.test(fileName(object)))
  const tests = plugins.map(({ match, host }) => ({ matches: anyGlob(match), host }))
  const alone: PackageObject[] = []
  const declared: { object: PackageObject; programs: readonly PackageObject[] }[] = []
  const guests: PackageObject[] = []
  for (const object of objects) {
    if (focus !== null && !focus(object.owner)) continue
    if (object.role === 'program') {
      alone.push(object)
    } else if (object.role === 'library') {
      if (object.onLibraryPath) alone.push(object)
    } else {
      const names = tests.filter(({ matches }) => matches(object.relative)).map(({ host }) => host)
      const named = programs.filter((program) => names.includes(fileName(program)))
      if (named.length > 0) declared.push({ object, programs: named })
      else guests.push(object)
    }
  }
  return { alone, declared, guests, pythons, hosts }

  /**
   * Python for its modules, the programs of what `plugin_for` names, the package's own, and the tools of what it requires:
   * a plugin requires its host.
   */
  function hosts(object: PackageObject): readonly PackageObject[] {
    const direct = requiredNames(object.owner.requires)
    const python = object.role === 'python-module' ? pythons : []
    const named = new Set(object.owner.pluginFor)
    const openers = programs.filter((program) => named.has(program.owner.name))
    const tools = openers.filter((program) => program.owner.tools.includes(fileName(program)))
    const own = programs.filter((program) => program.owner === object.owner)
    const required = programs.filter(
      (program) => direct.has(program.owner.name) && program.owner.tools.includes(fileName(program)),
    )
    const candidates = new Set([...python, ...tools, ...openers, ...own, ...required])
    return [...candidates].filter((program) => sameMachine(program, object)).slice(0, MOST_HOSTS)
  }
}

function fileName(object: PackageObject): string {
  return object.path.slice(object.path.lastIndexOf('/') + 1)
}

function sameMachine(a: PackageObject, b: PackageObject): boolean {
  return a.reading.header?.machine === b.reading.header?.machine && a.reading.header?.class === b.reading.header?.class
}

/** The environment that the commands of a context make, found without executing them (`_execute` in `resolved_context.py`). */
import type { Environment, EnvironmentAction, Package, Unevaluated } from '../../domain/context.ts'
import { printable } from '../../domain/bytes.ts'
import { packageId } from '../../domain/context.ts'
import { neededVariable } from '../python/caller-text.ts'
import { callFunction, runModule } from '../python/execute.ts'
import type { Machine, Watcher } from '../python/machine.ts'
import { bool, builtin, FALSE, newFrame, str, textArgument, unknown } from '../python/runtime.ts'
import type { HostObject, Rt, UnknownBinding } from '../python/runtime.ts'
import { Parent } from '../python/facts.ts'
import type { MachineFacts, ParentEnvironment } from '../python/facts.ts'
import type { Statement } from '../python/syntax.ts'
import { walk } from '../python/walk.ts'
import { codeLine, unevaluated } from '../source/code-line.ts'
import type { Definition } from '../source/definition.ts'
import { Actions } from './actions.ts'
import { PackageObject, requirementsObject, resolveObject, systemObject, unknownObject } from './bindings.ts'
import { CallerReferences } from './caller-references.ts'
import { environmentObject } from './environment-object.ts'
import { escapedFunction } from './escaped.ts'
import { touchedVariables } from './touched-variables.ts'
import type { NamedTexts } from './touched-variables.ts'
import { Variables } from './variables.ts'
import { contextVariables } from './context-variables.ts'
import { includedModule, moduleObject, moduleOnPath } from './source-modules.ts'
import type { ModuleSource } from './source-modules.ts'
import { intersectsFunction } from './version-binding.ts'

/** What the evaluation starts from. */
export interface EnvironmentInput {
  /** In the order of `resolved_packages`. */
  readonly packages: readonly { readonly package: Package; readonly definition: Definition }[]
  /** Package requests as written. */
  readonly requests: readonly string[]
  /** Rez's names of the machine that the context is for; without them `system` is not known. */
  readonly system?: { readonly platform: string; readonly arch: string; readonly os: string }
  /** Implicit requests; without them `implicits` is not known. */
  readonly implicits?: readonly string[]
  /** Resolved ephemerals such as `.foo-1`; without them `ephemerals` is known only where nobody asks for one. */
  readonly ephemerals?: readonly string[]
  /** What joins the entries of variables, `:` for those that it lacks; Rez's defaults where absent. */
  readonly separators?: ReadonlyMap<string, string>
  /** Answers `os.path.exists` and its like in commands, null for what is not known; without it such conditions are not evaluated. */
  readonly exists?: NonNullable<MachineFacts['exists']>
  /** Answers `os.listdir` in commands: null for a folder of which nothing is known. */
  readonly list?: NonNullable<MachineFacts['list']>
  /** The Python module in a file that commands import: null for a file of which nothing is known. */
  readonly module?: ModuleSource
  /** What is known of the shell that starts the context. */
  readonly parent?: ParentEnvironment
  /** `building` of Rez: true while a package is built; false without. */
  readonly building?: boolean
  readonly watch?: Watcher
}

/** What the commands of the packages make. */
export interface EnvironmentResult {
  readonly environment: Environment
  readonly actions: readonly EnvironmentAction[]
  /** Statements whose effect is not known, in the order in which they were reached. */
  readonly unevaluated: readonly Unevaluated[]
  readonly notes: readonly string[]
}

const PHASES = ['pre_commands', 'commands', 'post_commands'] as const

/** Everything that lasts from one package's commands to the next's. */
interface Run {
  readonly input: EnvironmentInput
  readonly packages: readonly PackageObject[]
  readonly variables: Variables
  readonly shared: ReadonlyMap<string, Rt>
  /** Names used through `env`. */
  readonly touched: Set<string>
  readonly unevaluated: Unevaluated[]
  readonly notes: Set<string>
  readonly references: CallerReferences
  /** The line that runs. */
  line: () => number
  readonly parent: Parent
  /** What commands have put on `sys.path`, and the modules that came from there: Rez is one process for all packages. */
  readonly searchPath: string[]
  readonly imported: Map<string, HostObject | UnknownBinding>
}

/**
 * Runs all pre_commands, then all commands, then all post_commands, in the order of the packages. Statements that depend
 * on anything unknown (the caller's environment, files, code outside the subset) are listed instead of guessed, and
 * variables that they might change are named in the notes. Includes the REZ_NAME_... variables of each package; those
 * of the context as a whole (REZ_USED...) and the system's part of PATH are left out.
 */
export function environmentOf(input: EnvironmentInput): EnvironmentResult {
  const parent: Parent = new Parent(input.parent, {
    stands: (name) => variables.isCallers(name),
    needs: (name) => run.references.need(variables.package ?? '', run.line(), name),
  })
  const variables: Variables = new Variables(input.separators, { context: contextVariables(input), parent })
  const packages = input.packages.map((item) => new PackageObject(item))
  const run: Run = {
    input,
    packages,
    variables,
    shared: sharedBindings(input, packages),
    touched: new Set(),
    unevaluated: [],
    notes: new Set(),
    references: new CallerReferences(),
    line: () => 0,
    parent,
    searchPath: [],
    imported: new Map(),
  }
  for (const item of input.packages) setPackageVariables(variables, item.package)
  for (const phase of PHASES) {
    for (const item of packages) runCommands(run, item, phase)
  }
  for (const [name, reason] of variables.doubtful()) {
    run.notes.add(`${name} may differ: ${reason}`)
  }
  for (const note of run.references.notes()) run.notes.add(note)
  const missed = new Set(run.unevaluated.flatMap(({ reason }) => neededVariable(reason) ?? []))
  if (missed.size > 0) run.notes.add(missedNote([...missed].sort()))
  const actions = variables.actions()
  // What packages wrote stands in notes, which are shown line by line.
  const notes = [...run.notes].map(printable)
  return { environment: variables.environment(), actions, unevaluated: run.unevaluated, notes }
}

/** What would be known if the policy said it. */
function missedNote(names: readonly string[]): string {
  const said = names.map((name) => `$${name}`).join(', ')
  return `commands read what the caller's shell has in ${said}: parent_environment of airtight.yaml can say it`
}

/** The variables that Rez sets for each package before any commands. */
function setPackageVariables(variables: Variables, item: Package): void {
  const prefix = `REZ_${item.name.toUpperCase().replace(/\./g, '_')}`
  const tokens = item.version === '' ? [] : item.version.split(/[^A-Za-z0-9_]/)
  const set = (suffix: string, value: string): void => {
    variables.set(`${prefix}_${suffix}`, { written: '', value: variables.expand(value) })
  }
  variables.package = packageId(item)
  set('VERSION', item.version)
  set('MAJOR_VERSION', tokens[0] ?? '')
  set('MINOR_VERSION', tokens[1] ?? '')
  set('PATCH_VERSION', tokens[2] ?? '')
  set('BASE', item.base)
  set('ROOT', item.root)
}

function sharedBindings(input: EnvironmentInput, packages: readonly PackageObject[]): ReadonlyMap<string, Rt> {
  const versionOf = (value: Rt): string | null =>
    value instanceof PackageObject ? value.resolved.package.version : null
  return new Map<string, Rt>([
    ['system', systemObject(input.system ?? null)],
    ['building', bool(input.building === true)],
    ['testing', FALSE],
    ['request', requirementsObject('request', input.requests)],
    [
      'implicits',
      input.implicits === undefined ? unknownObject('implicits') : requirementsObject('implicits', input.implicits),
    ],
    ['ephemerals', ephemerals(input)],
    ['resolve', resolveObject(packages)],
    ['intersects', intersectsFunction(versionOf)],
    ['literal', escapedFunction('literal', true)],
    ['expandable', escapedFunction('expandable', false)],
    [
      'optionvars',
      builtin('optionvars', ([name]) =>
        unknown(`optionvars(${textArgument(name, 'optionvars')}) is Rez's own configuration`),
      ),
    ],
  ])
}

function ephemerals(input: EnvironmentInput): Rt {
  if (input.ephemerals !== undefined) return requirementsObject('ephemerals', input.ephemerals)
  const asked = [...input.requests, ...input.packages.flatMap((item) => item.package.requires)]
  return asked.some((request) => request.startsWith('.'))
    ? unknownObject('ephemerals')
    : requirementsObject('ephemerals', [])
}

function runCommands(run: Run, item: PackageObject, phase: string): void {
  const { definition } = item.resolved
  const id = packageId(item.resolved.package)
  const lost = definition.unknown.get(phase)
  if (lost !== undefined) run.unevaluated.push(lost)
  const code = definition.functions.get(phase)
  if (code === undefined || lost !== undefined) return
  const invalid = code.body.find(returnsFrom)
  if (invalid !== undefined) {
    const reason = 'return outside a function: Rez runs commands as module code and stops here'
    run.unevaluated.push(unevaluated(definition.file, code.text, invalid.at, reason))
    doubt(run, id, code.body, reason)
    run.input.watch?.lost(code.body, reason)
    return
  }
  const frame = newFrame(null, run.shared)
  run.variables.package = id
  const machine = newMachine(run, definition, id)
  run.line = () => machine.at?.line ?? 0
  const actions = new Actions(
    run.variables,
    frame,
    (text) => run.notes.add(`${id}: ${text}`),
    (holder, marked) => {
      run.references.add(id, run.line(), holder, marked)
      run.input.watch?.refers?.(run.line())
    },
  )
  for (const [name, work] of actions.functions()) frame.names.set(name, work)
  frame.names.set('env', environmentObject(actions, run.touched, run.parent))
  frame.names.set('this', item)
  frame.names.set('version', item.version)
  frame.names.set('root', str(item.resolved.package.root))
  frame.names.set('base', str(item.resolved.package.base))
  for (const name of code.includes) {
    frame.names.set(name, includedModule(name, definition.modules?.get(name), machine))
  }
  runModule(machine, frame, code.text, code.body)
}

function newMachine(run: Run, definition: Definition, id: string): Machine {
  const { system, exists, list, watch } = run.input
  const files = new Map<string, string>()
  for (const one of definition.modules?.values() ?? []) if ('text' in one) files.set(one.text, one.file)
  return {
    facts: {
      platform: system?.platform ?? null,
      arch: system?.arch ?? null,
      exists: exists ?? null,
      list: list ?? null,
      parent: run.parent,
      folder: null,
      searchPath: run.searchPath,
    },
    steps: 0,
    calls: 0,
    tries: 0,
    text: '',
    call: callFunction,
    imported: (own, name) => {
      const known = run.imported.get(name)
      if (known !== undefined) return known
      const module = moduleOnPath(name, run.searchPath, run.input.module)
      if (module === null) return null
      if ('text' in module) files.set(module.text, module.file)
      run.imported.set(name, { kind: 'unknown', reason: `the module ${name} imports itself` })
      const made = moduleObject(name, module, own)
      run.imported.set(name, made)
      return made
    },
    report: (text, at, reason) => {
      report(run, { file: files.get(text) ?? definition.file, line: at.line, code: codeLine(text, at), reason })
    },
    note: (at, text) => run.notes.add(`${id} line ${at.line}: ${text}`),
    skipped: (code, reason, names) => doubt(run, id, code, reason, names),
    ...(watch === undefined ? {} : { watch }),
  }
}

/** Lists a statement once, however often a loop or a call meets it. */
function report(run: Run, item: Unevaluated): void {
  const same = (other: Unevaluated): boolean =>
    other.file === item.file && other.line === item.line && other.code === item.code
  if (!run.unevaluated.some(same)) run.unevaluated.push(item)
}

/** Marks the variables that passed-over code might have changed. */
function doubt(run: Run, id: string, code: readonly Statement[], reason: string, names?: NamedTexts): void {
  for (const name of touchedVariables(code, names)) {
    const line = code[0]?.at.line ?? 0
    if (name === null) {
      run.variables.doubtAll()
      run.notes.add(`${id} line ${line}: variables with computed names were not evaluated`)
    } else run.variables.doubt(name, `${id} line ${line}: ${reason}`)
  }
}

/** Whether a statement holds a return outside any function. */
function returnsFrom(statement: Statement): boolean {
  let found = false
  walk([statement], (node) => {
    if (!('kind' in node)) return false
    if (node.kind === 'return') found = true
    return node.kind !== 'lambda'
  })
  return found
}

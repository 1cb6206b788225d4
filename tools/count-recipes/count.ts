/** Counts the statements of recipes' commands that the evaluator knows, and names the others. */
import { readFileSync } from 'node:fs'
import { parsePython } from '../../src/rez/python/parse.ts'
import { environmentOf } from '../../src/rez/commands/environment.ts'
import type { EnvironmentInput } from '../../src/rez/commands/environment.ts'
import type { ParentEnvironment } from '../../src/rez/python/facts.ts'
import type { Statement } from '../../src/rez/python/syntax.ts'
import { walk } from '../../src/rez/python/walk.ts'
import type { Definition } from '../../src/rez/source/definition.ts'
import { readPackagePy } from '../../src/rez/source/package-py.ts'
import { readPackageYaml } from '../../src/rez/source/package-yaml.ts'
import type { Collection } from './collection.ts'
import { isStatement, linuxVariant, resolveOf } from './resolve.ts'

const PHASES = ['pre_commands', 'commands', 'post_commands'] as const

/** Reasons that Python itself would give: Rez ends the interpretation there. */
const STOPS =
  /^(?:it depends on code that was not evaluated \()?(?:Name|Key|Index|Value|Attribute|ZeroDivision)Error: (?!.*that is evaluated)/

/** What stands behind a stop of Rez's own kind, which ends the context: another run may get further. */
const BEHIND_STOP = /is not fully known: .*: stop\(\) ends the resolve here/

/** A statement whose effect is not known, and why. */
export interface Lost {
  readonly file: string
  readonly line: number
  readonly code: string
  readonly reason: string
}

export interface RecipeCount {
  readonly file: string
  /** Why the file was left out of the count; null for one that was counted. */
  readonly left: string | null
  readonly statements: number
  readonly evaluated: number
  /** Evaluated statements that put a reference to a variable of the caller into the environment. */
  readonly referring: number
  /** Statements that Rez does not reach on Linux: branches for other systems, and what stands behind a stop. */
  readonly elsewhere: number
  readonly lost: readonly Lost[]
}

/**
 * Counts one package.py or package.yaml, over four runs: when building and not, files that the code asks for being there
 * or not. A statement counts as evaluated when some run reaches it and none loses it;
 * runs that build count for what the others do not reach. `parent` is what is known of the caller's shell: nothing without.
 */
export function countRecipe(file: string, collection: Collection, parent?: ParentEnvironment): RecipeCount {
  const none = { file, statements: 0, evaluated: 0, referring: 0, elsewhere: 0, lost: [] }
  const text = readFileSync(file, 'utf8')
  const reading = file.endsWith('.yaml')
    ? readPackageYaml(text, file, parsePython)
    : readPackagePy(text, file, parsePython)
  const { definition } = reading
  if (definition === null) return { ...none, left: reading.faults[0]?.message ?? 'no definition' }
  const functions = PHASES.flatMap((phase) => definition.functions.get(phase) ?? [])
  if (functions.length === 0) return { ...none, left: whyNoCommands(definition) }
  if (linuxVariant(definition) === null) return { ...none, left: 'only for other systems than Linux' }
  const statements = functions.flatMap((one) => statementsBelow(one.body))
  const ran = new Set<Statement>()
  const stopped = new Set<Statement>()
  const lost = new Map<Statement, string>()
  const referring = new Set<number>()
  const settings = [false, true].flatMap((building) => [false, true].map((exists) => ({ building, exists })))
  for (const { building, exists } of settings) {
    // An audit never builds: what is decided without building stays so.
    const decided = new Set(building ? ran : [])
    const reached = new Set<Statement>()
    const watch: EnvironmentInput['watch'] = {
      refers: (line) => referring.add(line),
      ran: (statement) => reached.add(statement),
      lost: (code, reason) => {
        for (const one of statementsBelow(code)) {
          if (BEHIND_STOP.test(reason)) reached.delete(one)
          else if (STOPS.test(reason)) stopped.add(one)
          else if (!lost.has(one) && !(building && decided.has(one))) lost.set(one, reason)
        }
      },
    }
    environmentOf({
      ...resolveOf(definition, collection),
      building,
      exists: () => exists,
      watch,
      ...(parent === undefined ? {} : { parent }),
    })
    for (const statement of reached) ran.add(statement)
  }
  const unknown = statements.filter((one) => lost.has(one))
  const evaluated = statements.filter((one) => ran.has(one) && !lost.has(one) && !stopped.has(one))
  const lines = text.split('\n')
  return {
    file,
    left: null,
    statements: statements.length,
    evaluated: evaluated.length,
    referring: evaluated.filter((one) => referring.has(one.at.line)).length,
    elsewhere: statements.filter((one) => !lost.has(one) && (!ran.has(one) || stopped.has(one))).length,
    lost: unknown.map((one) => ({
      file,
      line: one.at.line,
      code: lines[one.at.line - 1]?.trim() ?? '',
      reason: lost.get(one) ?? '',
    })),
  }
}

function whyNoCommands(definition: Definition): string {
  const refused = PHASES.flatMap((phase) => definition.unknown.get(phase) ?? [])[0]
  return refused === undefined ? 'no commands' : refused.reason
}

/** Every statement below some code, those of nested functions among them. */
function statementsBelow(code: readonly Statement[]): readonly Statement[] {
  const found: Statement[] = []
  walk(code, (node) => {
    if (isStatement(node)) found.push(node)
    return true
  })
  return found
}

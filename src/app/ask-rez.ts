/** Contexts as an installed Rez resolves them (`--rez`), with a note for what static reading made otherwise. */
import { join, resolve } from 'node:path'
import type { Context, Package } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt, faultText } from '../domain/fault.ts'
import type { AskedContext } from '../rez/ask/answer.ts'
import { contextOf } from '../rez/ask/context.ts'
import { differences } from '../rez/ask/differences.ts'
import type { Task } from '../rez/ask/run.ts'
import { askRez } from '../rez/ask/run.ts'
import type { ContextOptions, ContextReading, ContextRequest, Faults } from '../rez/context/request.ts'
import type { ContextQuestion } from './audit-options.ts'

/** A request with what static reading made of it. */
export interface Read {
  readonly request: ContextRequest
  readonly reading: ContextReading
  readonly options: ContextOptions
}

/** Milliseconds that Rez may take for everything. */
const TIMEOUT = 300_000

/** One question to Rez. */
interface Question {
  readonly task: Task
  readonly options: ContextOptions
  readonly name: string
  /** Null where static reading failed, which `fault` says. */
  readonly context: Context | null
  readonly fault: Fault | null
}

/** The contexts of all requests, in their order, from one run of Rez. */
export async function askedContexts(
  reads: readonly Read[],
  options: ContextQuestion,
): Promise<
  { readonly contexts: readonly Context[]; readonly notes: readonly string[] } | { readonly failures: readonly Fault[] }
> {
  const questions = reads.flatMap(questionsOf)
  // Where there is nothing to ask, what is wrong with the request itself is the answer.
  const unasked = reads.filter((read) => questionsOf(read).length === 0)
  const wrong = unasked.flatMap(({ reading }) => ('faults' in reading ? reading.faults : []))
  if (wrong.length > 0) return { failures: wrong }
  const answers = await askRez(
    questions.map(({ task }) => task),
    {
      program: options.variables['AIRTIGHT_REZ'] ?? null,
      config: options.rezConfig.map((path) => resolve(options.folder, path)),
      environment: options.variables,
      timeoutMs: TIMEOUT,
    },
  )
  if ('error' in answers) return { failures: [faultAt('unreadable', '--rez', null, answers.error)] }
  const contexts: Context[] = []
  const failures: Fault[] = []
  for (const [i, question] of questions.entries()) {
    const answer = answers.answers[i] ?? { error: 'no answer' }
    const made = 'error' in answer ? refused(question, answer.error) : await agreed(question, answer)
    if (isContext(made)) contexts.push(made)
    else failures.push(...made.faults)
  }
  if (failures.length > 0) return { failures }
  return { contexts, notes: [`resolved by Rez ${answers.rez}`] }
}

function isContext(value: Context | Faults): value is Context {
  return 'packages' in value
}

async function agreed(question: Question, answer: AskedContext): Promise<Context | Faults> {
  const { context: read, fault, name, options } = question
  const made = await contextOf(read?.name ?? name, answer, read?.environment ?? null, options)
  if (!isContext(made)) return made
  const notes = read === null ? [] : differences(made, read)
  const failed =
    fault === null ? [] : [`Rez and static reading differ: static reading finds no context: ${faultText(fault)}`]
  // What is told of the request itself, such as the names of a suite's tools, holds for Rez's answer too.
  const kept = read?.notes.filter((note) => note.startsWith('the suite ')) ?? []
  return { ...made, requests: read?.requests ?? made.requests, notes: [...kept, ...made.notes, ...failed, ...notes] }
}

function refused({ name, context }: Question, error: string): Faults {
  const [line = ''] = error.split('\n')
  const read = context === null ? '' : ' (static reading finds one: leave out --rez to audit it)'
  return { faults: [faultAt('malformed', name, null, `Rez finds no context: ${line}${read}`)] }
}

function questionsOf({ request, reading, options }: Read): readonly Question[] {
  const contexts = 'contexts' in reading ? reading.contexts : []
  const fault = 'faults' in reading ? (reading.faults[0] ?? null) : null
  const { implicit } = options
  const paths = request.repositories.length === 0 ? null : request.repositories
  switch (request.kind) {
    case 'rxt': {
      const task = { rxt: request.file, requests: [], paths: null, implicit: null }
      return [{ task, options, name: request.file, context: contexts[0] ?? null, fault }]
    }
    case 'suite':
      return contexts.map((context) => {
        const file = join(request.folder, 'contexts', `${context.name.slice(context.name.lastIndexOf('/') + 1)}.rxt`)
        return {
          task: { rxt: file, requests: [], paths: null, implicit: null },
          options,
          name: file,
          context,
          fault: null,
        }
      })
    case 'requests': {
      const { requests } = request
      const task = { rxt: null, requests, paths, implicit }
      return [{ task, options, name: requests.join(' '), context: contexts[0] ?? null, fault }]
    }
    case 'folder':
      return contexts.flatMap((context) => {
        const [request_ = ''] = context.requests
        const start = context.packages.find((item) => request_.replace(/==.*/, '') === item.name)
        if (start === undefined) return []
        const requests = [request_, ...start.variantRequires]
        const task = { rxt: null, requests, paths: folderPaths(start, request), implicit }
        return [{ task, options, name: context.name, context, fault: null }]
      })
  }
}

/** The package's own repository comes first: it may not be among those named. */
function folderPaths(start: Package, request: ContextRequest): readonly string[] {
  return [start.repository, ...request.repositories.filter((location) => location !== start.repository)]
}

/** A context as Rez resolved it: its packages with what Rez says of them, and the environment that it computed. */
import { contextMember } from '../repository/package.ts'
import { DEFAULT_SETTINGS } from '../configuration/settings.ts'
import { environmentFrom } from '../context/captured.ts'
import { locate } from '../context/locate.ts'
import { openRepository } from '../repository/repository.ts'
import { overlap } from '../repository/overlap.ts'
import { proposalNotes } from '../context/proposals.ts'
import { sameRequires } from './differences.ts'
import type { AskedContext, AskedPackage } from './answer.ts'
import type { Context, Environment, Package } from '../../domain/context.ts'
import type { ContextOptions, Faults } from '../context/request.ts'
import type { Handle } from '../context/rxt.ts'
import type { Repository } from '../repository/repository.ts'

/** The context of an answer; `fallback` is the environment where Rez has none. Faults where files cannot be read. */
export async function contextOf(
  name: string,
  answer: AskedContext,
  fallback: Environment | null,
  options: ContextOptions,
): Promise<Context | Faults> {
  const settings = options.settings ?? DEFAULT_SETTINGS
  const opened = new Map<string, Repository>()
  const located = await locate(answer.packages.map(handleOf), {
    file: 'rez',
    files: options.files,
    jobs: options.jobs,
    repositories: [],
    repositoryAt: (location) => {
      const known = opened.get(location) ?? openRepository(location, options.files)
      opened.set(location, known)
      return known
    },
  })
  if (located.faults.length > 0) return { faults: located.faults }
  const said = new Map(answer.packages.map((item) => [item.name, item]))
  const made = await overlap(located.members, options.jobs, (member) =>
    contextMember(member, options.payload, options.files, settings.shortlinks),
  )
  const wrong = made.flatMap((one) => ('faults' in one ? one.faults : []))
  if (wrong.length > 0) return { faults: wrong }
  const packages = made.flatMap((one) => ('faults' in one ? [] : [withAnswer(one.package, said.get(one.package.name))]))
  const captured = environmentFrom(Object.entries(answer.environment ?? {}), { packages, settings })
  const noted = answer.environment_error === null ? [] : [`Rez gives no environment: ${answer.environment_error}`]
  const environment =
    answer.environment === null && fallback !== null
      ? fallback
      : {
          ...captured.environment,
          aliases: answer.aliases.map(([alias, command]) => ({ name: alias, command, package: '' })),
        }
  const context: Context = {
    name,
    requests: answer.requests,
    packages,
    environment,
    unevaluated: [],
    faults: located.skipped,
    notes: [...noted, ...captured.notes],
  }
  return { ...context, notes: [...context.notes, ...proposalNotes(context)] }
}

function handleOf(item: AskedPackage): Handle {
  return {
    name: item.name,
    version: item.version,
    index: item.index,
    location: item.location ?? '',
    repositoryType: item.repository_type ?? '',
    extension: item.extension,
  }
}

/** What Rez knows better than reading: roots, and what late functions say. */
function withAnswer(item: Package, said: AskedPackage | undefined): Package {
  if (said === undefined) return item
  const root = said.root ?? item.root
  const payload = item.payload.map((folder) => (folder === item.root ? root : folder))
  // Rez writes requirements in its own way: as they stand in the definition they are what a reader knows.
  const requires = sameRequires(said.requires, item.requires) ? item.requires : said.requires
  return { ...item, root, payload, requires, tools: said.tools }
}

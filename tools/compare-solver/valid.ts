/** Whether an answer of ours meets all that it has to meet, apart from Rez's preferences. */
import { mergeRequirements } from '../../src/rez/version/requirement-list.ts'
import { isParseError } from '../../src/rez/version/parse-error.ts'
import { parsePackageRequest } from '../../src/rez/version/requirement.ts'
import type { Requirement } from '../../src/rez/version/requirement.ts'
import type { Resolution } from '../../src/rez/solver/resolve.ts'
import type { Task } from './tasks.ts'

/** Every requirement of the requests and of each package is met by the packages of the answer. */
export async function valid(task: Task, { solution, source }: Resolution): Promise<boolean> {
  if (solution.kind !== 'solved') return false
  const versions = new Map(solution.packages.map(({ name, version }) => [name, version]))
  const asked: Requirement[] = task.requests.flatMap((text) => {
    const request = parsePackageRequest(text)
    return isParseError(request) ? [] : [request]
  })
  for (const { name, version, index } of solution.packages) {
    const loaded = await source.loaded(name, version)
    const variant = 'faults' in loaded ? undefined : loaded.variants.find((one) => one.index === index)
    if ('faults' in loaded || variant === undefined) return false
    asked.push(...loaded.requires, ...variant.requires.requirements)
  }
  if (mergeRequirements(asked).clash !== null) return false
  return asked.every((requirement) => {
    if (requirement.ephemeral) return true
    const version = versions.get(requirement.name)
    return version === undefined ? requirement.conflict : !requirement.conflictsWithVersion(requirement.name, version)
  })
}

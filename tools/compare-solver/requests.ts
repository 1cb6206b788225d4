/** Requests over a given studio, and settings of Rez's configuration for a task. */
import { readdirSync } from 'node:fs'
import type { Task } from './tasks.ts'

type Random = () => number

/** Requests over families that have these names in the repository: some in vain. */
export function studioRequests(
  repository: string,
  names: readonly string[],
  count: number,
  random: Random,
): readonly (readonly string[])[] {
  return Array.from({ length: count }, () => {
    const list = Array.from({ length: 1 + below(random, 5) }, () => {
      const name = of(random, names)
      const version =
        of(
          random,
          readdirSync(`${repository}/${name}`).filter((one) => /^\d/.test(one)),
        ) ?? '1'
      const major = version.split('.')[0] ?? '1'
      const ranges = ['', '', `-${major}`, `==${version}`, `-${major}+`, `>=${version}`, `<=${version}`]
      const odd = below(random, 12) === 0 ? of(random, [`!${name}-${major}`, `~${name}-${major}`, `${name}-99`]) : null
      return odd ?? `${name}${of(random, ranges)}`
    })
    return list
  })
}

/** The task under some configuration. */
export function configured(task: Task, random: Random): Task {
  const names = task.requests.map((text) => text.replace(/^[!~]/, '').split(/[-=<>]/)[0] ?? '')
  const name =
    of(
      random,
      names.filter((one) => !one.startsWith('.')),
    ) ?? 'lib0'
  const filters = [
    [],
    [{ excludes: ['glob(*-2.0*)'], includes: [`${name}-2`] }],
    [{ excludes: 'regex(.*beta$)' }],
    [
      { excludes: ['*-10.1', `${name}-3+`] },
      { excludes: ['after(1500000500)'], includes: [`after(${name}:1500000700)`] },
    ],
    [{ excludes: [`glob(${name}-[!34]*)`, 'before(1500000100)'] }],
  ]
  const orderers = [
    [],
    [{ type: 'sorted', descending: false }],
    [{ type: 'sorted', descending: false, packages: [name, 'lib1', 'app2', 'py3'] }],
    [{ type: 'version_split', first_version: '2.0' }],
    [{ type: 'soft_timestamp', timestamp: 1_500_000_000 + below(random, 1000) }],
    [{ type: 'soft_timestamp', timestamp: 1_500_000_500, rank: 2, packages: [name, 'app25', 'py30'] }],
    [{ type: 'soft_timestamp', timestamp: 1_500_000_300, rank: 3 }],
    [
      {
        type: 'per_family',
        orderers: [{ packages: [name, 'lib4'], type: 'version_split', first_version: '1.1' }],
        default_order: { type: 'sorted', descending: false },
      },
      { type: 'sorted', descending: true },
    ],
  ]
  return {
    ...task,
    filters: of(random, filters) ?? [],
    orderers: of(random, orderers) ?? [],
    mode: below(random, 2) === 0 ? 'intersection_priority' : 'version_priority',
    timestamp: below(random, 6) === 0 ? 1_500_000_500 + below(random, 500) : null,
  }
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit)
}

function of<T>(random: Random, list: readonly T[]): T | undefined {
  return list[below(random, list.length)]
}

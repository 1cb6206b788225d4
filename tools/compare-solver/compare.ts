/** Asks both solvers and counts where they agree. */
import { isDeepStrictEqual } from 'node:util'
import { ask } from './python.ts'
import { ownAnswer } from './tasks.ts'
import { valid } from './valid.ts'
import type { Answer, Task } from './tasks.ts'

const SHOWN = 8

/** Prints the sums and the first differences; the number of differences. */
export async function compareTasks(title: string, python: string, tasks: readonly Task[]): Promise<number> {
  const answers = ask(python, tasks)
  const sums = { same: 0, none: 0, raised: 0, gaveUp: 0, otherValid: 0, wrong: 0, packages: 0 }
  let ownSeconds = 0
  let theirSeconds = 0
  for (const [i, task] of tasks.entries()) {
    const theirs = answers[i] ?? {}
    // Rez cannot sort variants of which one requires `~foo` (it compares a number with a tuple), nor rank
    // open ranges or ephemerals by time.
    if (theirs.failed !== undefined && /^(TypeError|RuntimeError|PackageRequestError)/.test(theirs.failed)) {
      sums.raised += 1
      continue
    }
    if (theirs.failed?.startsWith('aborted') === true) {
      sums.gaveUp += 1
      continue
    }
    const begin = performance.now()
    const { full, ...own } = await ownAnswer(task)
    ownSeconds += (performance.now() - begin) / 1000
    theirSeconds += theirs.seconds ?? 0
    if (agree(theirs, own)) {
      sums.same += 1
      sums.none += own.packages === undefined ? 1 : 0
      sums.packages += own.packages?.length ?? 0
      continue
    }
    const stillValid = theirs.packages !== undefined && full !== undefined && (await valid(task, full))
    if (stillValid) sums.otherValid += 1
    else sums.wrong += 1
    if (sums.otherValid + sums.wrong > SHOWN) continue
    console.log(`DIFFERS ${JSON.stringify(task)}\n  rez ${shown(theirs)}\n  own ${shown(own)}`)
  }
  const compared = tasks.length - sums.raised - sums.gaveUp
  const share = ((100 * sums.otherValid) / Math.max(1, compared)).toFixed(1)
  console.log(`${title}: ${tasks.length} requests, same ${sums.same} of ${compared}`)
  console.log(`  not compared: Rez broke on ${sums.raised} and ran out of time on ${sums.gaveUp}`)
  console.log(`  of these without solution ${sums.none}; packages in the others ${sums.packages}`)
  console.log(`  another answer that is valid ${sums.otherValid} (${share} %), wrong ${sums.wrong}`)
  console.log(`  seconds: own ${ownSeconds.toFixed(1)}, Rez ${theirSeconds.toFixed(1)}`)
  return sums.otherValid + sums.wrong
}

function agree(theirs: Answer, own: Answer): boolean {
  if (theirs.packages === undefined || own.packages === undefined) return theirs.packages === own.packages
  return isDeepStrictEqual(theirs.packages, own.packages) && isDeepStrictEqual(theirs.ephemerals, own.ephemerals)
}

function shown(answer: Answer): string {
  if (answer.packages === undefined) return `failed: ${answer.failed ?? ''}`.slice(0, 600)
  return answer.packages.map(([name, version, index]) => `${name}-${version}[${index ?? ''}]`).join(' ')
}

/** Resolves contexts with Rez and with Airtight, from requests and from the .rxt files that Rez writes, and compares. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { diskFiles } from '../../src/rez/repository/files.ts'
import { faultText } from '../../src/domain/fault.ts'
import { loadContexts } from '../../src/rez/context/load.ts'
import { parseRequirement } from '../../src/rez/version/requirement.ts'
import { isParseError } from '../../src/rez/version/parse-error.ts'
import { ask } from './python.ts'
import type { ContextOptions, ContextRequest } from '../../src/rez/context/request.ts'
import type { Package } from '../../src/domain/context.ts'

export interface Asked {
  readonly requests: readonly string[]
  readonly repositories: readonly string[]
}

interface Facts {
  readonly name: string
  readonly version: string
  readonly index: number | null
  readonly root: string | null
  readonly base: string | null
  readonly requires: readonly string[]
}

interface Resolved {
  readonly failed?: string
  readonly rxt?: string
  readonly packages?: readonly Facts[]
}

const OPTIONS: ContextOptions = {
  payload: new Map(),
  environmentFile: null,
  implicit: null,
  system: null,
  jobs: 16,
  files: diskFiles,
}

/** Prints what differs and the sums; the number of contexts that differ. */
export async function compareContexts(python: string, contexts: Readonly<Record<string, Asked>>): Promise<number> {
  const save = mkdtempSync(`${tmpdir()}/contexts-`)
  const answers = ask(python, 'resolve.py', { contexts, save }) as Record<string, Resolved>
  let different = 0
  let failed = 0
  let packages = 0
  let broken = 0
  for (const [name, asked] of Object.entries(contexts)) {
    const answer = answers[name]
    if (answer === undefined) throw new Error(`Rez did not answer ${name}`)
    // Rez cannot sort variants of which one requires `~foo`: it compares a number with a range.
    if (answer.failed?.startsWith('TypeError') === true) {
      broken += 1
      continue
    }
    const fromRequests = await own({ kind: 'requests', ...asked })
    const fromRxt =
      answer.rxt === undefined ? fromRequests : await own({ kind: 'rxt', file: answer.rxt, repositories: [] })
    failed += answer.packages === undefined ? 1 : 0
    packages += answer.packages?.length ?? 0
    const theirs = answer.packages?.map(factsOf)
    const same =
      theirs === undefined
        ? typeof fromRequests[0] === 'string'
        : isDeepStrictEqual(fromRequests, theirs) && isDeepStrictEqual(fromRxt, theirs)
    if (same || (different += 1) > 10) continue
    console.log(`DIFFERS ${name}: ${asked.requests.join(' ')}`)
    console.log(JSON.stringify({ rez: theirs ?? answer.failed, fromRequests, fromRxt }, null, 1).slice(0, 6000))
  }
  rmSync(save, { recursive: true })
  const count = Object.keys(contexts).length
  console.log(
    `${count} contexts of ${packages} packages: refused by both ${failed}, Rez broke on ${broken}, different ${different}`,
  )
  return different
}

function factsOf({ name, version, index, root, base, requires }: Facts): Facts {
  return { name, version, index, root, base, requires }
}

async function own(request: ContextRequest): Promise<readonly Facts[] | readonly string[]> {
  const reading = await loadContexts(request, OPTIONS)
  if ('faults' in reading) return reading.faults.map(faultText)
  return (reading.contexts[0]?.packages ?? []).map(ownFacts)
}

/** Rez has no root and no base for a package of a combined family. */
function ownFacts(item: Package): Facts {
  const { name, version, variant: index } = item
  const requires = item.requires.map((text) => {
    const requirement = parseRequirement(text)
    return isParseError(requirement) ? text : requirement.text
  })
  return { name, version, index, root: item.root || null, base: item.base || null, requires }
}

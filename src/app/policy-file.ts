/** Finds and reads airtight.yaml. */
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import type { Policy } from '../policy/policy.ts'
import { defaultPolicy } from '../policy/policy.ts'
import { findRule } from '../rules/registry.ts'

export const POLICY_NAME = 'airtight.yaml'
const MAX_SIZE = 1 << 20

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
  const { parsePolicy } = await import('../policy/read.ts')
  const policy = parsePolicy(found.text, found.file, (name) => findRule(name) !== null)
  return 'severities' in policy ? relocated(policy, dirname(found.file)) : policy
}

interface PolicyText {
  readonly file: string
  readonly text: string
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error'
    return faultAt(code === 'ENOENT' ? 'missing' : 'unreadable', file, null, `cannot read the policy: ${code}`)
  }
}

/** Relative paths in a policy start at its own folder. */
function relocated(policy: Policy, folder: string): Policy {
  const place = (path: string): string => (/^[./~]|\//.test(path) ? resolve(folder, path) : path)
  return {
    ...policy,
    host: policy.host === null ? null : place(policy.host),
    base: policy.base === null ? null : place(policy.base),
    repos: policy.repos.map((path) => resolve(folder, path)),
  }
}

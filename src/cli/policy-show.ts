/** `airtight policy show`: the policy in force, with the file and line that each entry comes from. */
import { loadPolicy } from '../app/policy-file.ts'
import type { PolicyEntry } from '../policy/policy.ts'
import { isPolicy } from '../policy/policy.ts'
import { policyJson, policyText } from '../report/policy-text.ts'
import { rules } from '../rules/registry.ts'
import { failed } from './audit-request.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'policy show',
    summary: 'the policy in force, with the file and line that each entry comes from',
    details: [
      'Looks for airtight.yaml from the working folder upwards, reads what it extends, and says what is wrong with any of ' +
        'them: exit 2. With --effective the defaults are shown as well.',
    ],
    argument: { name: 'FILE', required: false, many: false, help: 'a policy file (default: found from here upwards)' },
    options: [
      { name: 'effective', help: 'with the defaults: every severity, every private folder' },
      { name: 'format', value: 'FORMAT', choices: ['text', 'json'], help: 'text by default' },
    ],
    examples: [{ says: 'what holds in this folder, and why', command: 'airtight policy show --effective' }],
  },
  run: async (args, output) => {
    const policy = await loadPolicy(args.positionals[0] ?? null, process.cwd())
    if (!isPolicy(policy)) throw failed({ failures: policy }, output)
    const set = policy.entries.filter((entry) => entry.origin.file !== 'default')
    const entries = args.flag('effective') ? [...policy.entries, ...defaultSeverities(policy.entries)] : set
    if (policy.file === null) output.say('no airtight.yaml from here upwards: the defaults hold')
    if (args.value('format') === 'json') output.result(policyJson(policy.file, entries))
    else output.result(policyText(entries, await output.style()))
    return 0
  },
}

/** Severities that no policy changes for all findings of a rule. */
function defaultSeverities(entries: readonly PolicyEntry[]): readonly PolicyEntry[] {
  const set = new Set(
    entries.filter(({ path, value }) => path[0] === 'rules' && typeof value === 'string').map(({ path }) => path[1]),
  )
  return rules
    .filter((rule) => !set.has(rule.id) && !set.has(rule.name))
    .map((rule) => ({ path: ['rules', rule.id], value: rule.severity, origin: { file: 'default', line: null } }))
}

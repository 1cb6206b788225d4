/** `airtight rules`: the catalogue, from the code. */
import { closest } from '../domain/closest.ts'
import { columns, wrap } from '../report/layout.ts'
import { findRule, rules } from '../rules/registry.ts'
import type { Rule } from '../rules/rule.ts'
import { UsageError } from './exit.ts'
import type { Output } from './output.ts'
import type { Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'rules',
    summary: 'the catalogue of rules, or all about one of them',
    details: ['RULE is an id such as HST002 or a name such as host-leak.'],
    argument: { name: 'RULE', required: false, many: false, help: 'an id or a name' },
    options: [{ name: 'format', value: 'FORMAT', choices: ['text', 'json'], help: 'text by default' }],
    examples: [
      { says: 'why a rule exists, how to mend what it finds, when to accept it', command: 'airtight rules HST002' },
    ],
  },
  run: async (args, output) => {
    const wanted = args.positionals[0] ?? null
    const chosen = wanted === null ? rules : [ruleOf(wanted)]
    if (args.value('format') === 'json') output.result(asJson(chosen))
    else output.result(wanted === null ? await catalogue(output) : await page(chosen[0] ?? ruleOf(wanted), output))
    return 0
  },
}

function ruleOf(wanted: string): Rule {
  const rule = findRule(wanted) ?? findRule(wanted.toUpperCase())
  if (rule !== null) return rule
  const near =
    closest(
      wanted.toUpperCase(),
      rules.map((item) => item.id),
    ) ??
    closest(
      wanted,
      rules.map((item) => item.name),
    )
  throw new UsageError(
    `there is no rule '${wanted}'`,
    near === null ? 'airtight rules lists them' : `did you mean ${near}?`,
  )
}

async function catalogue(output: Output): Promise<string> {
  const style = await output.style()
  const rows = rules.map((rule) => [rule.id, rule.name, rule.severity, rule.summary])
  const table = ['rule', 'name', 'severity', ''].map((title) => ({ title, align: 'left' }) as const)
  const lines = columns(table, rows, { mark: (cell, row) => (row < 0 ? style.faint(cell) : cell), width: output.width })
  return `${lines.join('\n')}\n`
}

async function page(rule: Rule, output: Output): Promise<string> {
  const style = await output.style()
  const part = (title: string, text: string): string =>
    `${style.strong(title)}${wrap(text, output.width, title, title.length).slice(title.length)}`
  return [
    `${style.strong(`${rule.id} ${rule.name}`)}  ${rule.severity}, since ${rule.since}`,
    '',
    wrap(rule.summary, output.width, '', 0),
    '',
    part('why     ', rule.why),
    part('remedy  ', rule.remedy),
    part('accept  ', rule.accept),
    '',
  ].join('\n')
}

function asJson(chosen: readonly Rule[]): string {
  const data = chosen.map(({ id, name, severity, summary, why, remedy, accept, since }) => ({
    id,
    name,
    severity,
    summary,
    why,
    remedy,
    accept,
    since,
  }))
  return `${JSON.stringify({ schema: 'airtight/rules/v1', rules: data }, null, 2)}\n`
}

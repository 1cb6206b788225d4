/** `airtight diff`: what is loaded now that was not loaded then. */
import { FAILING } from './audit.ts'
import { diffAudits } from '../report/diff/compare.ts'
import type { DiffDocument } from '../report/diff/document.ts'
import { diffMarkdown, diffText } from '../report/diff/text.ts'
import { exitCode, UsageError } from './exit.ts'
import type { Output } from './output.ts'
import { readAudit } from './saved-audit.ts'
import type { Arguments, Command } from './spec.ts'

export const command: Command = {
  spec: {
    name: 'diff',
    summary: 'what is loaded now that was not loaded then, from two saved audits',
    details: [
      'OLD.json and NEW.json are what audit --format json wrote, at any time: neither the packages nor the systems are ' +
        'needed any more. Named are every library that comes from another file, has other bytes or another owner, who ' +
        'loads it, and the findings that are new or gone. Where repositories lie makes no difference.',
      'Exits 0 unless --fail-on is given: then 1 with new findings of that severity.',
    ],
    argument: { name: 'AUDIT.json', required: true, many: true, help: 'the old audit, then the new one' },
    options: [
      { name: 'format', value: 'FORMAT', choices: ['text', 'json', 'markdown'], help: 'text by default' },
      { name: 'all', help: 'everybody who loads what changed' },
      {
        name: 'fail-on',
        value: 'SEVERITY',
        choices: Object.keys(FAILING),
        help: 'exit 1 with new findings from this on; never by default',
      },
    ],
    examples: [
      { says: 'what half a year did to a context', command: 'airtight diff lighting-may.json lighting-now.json' },
    ],
  },
  run: async (args, output) => {
    const [old, fresh, extra] = args.positionals
    if (old === undefined || fresh === undefined || extra !== undefined) {
      throw new UsageError('two saved audits are wanted: OLD.json NEW.json', 'airtight diff --help explains it')
    }
    const diff = diffAudits(await readAudit(old), await readAudit(fresh))
    output.result(await shown(diff, args, output))
    const failing = FAILING[args.value('fail-on') ?? 'never'] ?? []
    return exitCode({ findings: diff.findings.new.some((finding) => failing.includes(finding.severity)) })
  },
}

async function shown(diff: DiffDocument, args: Arguments, output: Output): Promise<string> {
  switch (args.value('format')) {
    case 'json':
      return `${JSON.stringify(diff, null, 2)}\n`
    case 'markdown':
      return diffMarkdown(diff)
    default:
      return diffText(diff, { style: await output.style(), all: args.flag('all') })
  }
}

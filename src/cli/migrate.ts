/** `airtight migrate`: what a move to another base breaks, and the least that has to be done. */
import { migrate } from '../app/migrate.ts'
import type { MigrationPlan } from '../migrate/document.ts'
import { FAILING } from './audit.ts'
import { auditOptions, contextOptions, failed } from './audit-request.ts'
import { exitCode, UsageError } from './exit.ts'
import type { Output } from './output.ts'
import type { Arguments, Command } from './spec.ts'
import { toolVersion } from './version.ts'

const SYSTEM = 'a root folder, an image, a capture, a declared base, or a built-in one'

export const command: Command = {
  spec: {
    name: 'migrate',
    summary: 'what a move to another base breaks, and the least that has to be done about it',
    details: [
      'Every need is resolved in the old base and in the new one. For each package the plan says whether it runs as it is, ' +
        'needs OS packages or grafts (files of the old base that are carried along), must be rebuilt and because of what, or ' +
        'becomes redundant; then the smallest set that has to be rebuilt, in waves. A library that only changed its soname ' +
        'does not force the users of its users.',
      'Without a context every package of the repositories is moved, each with what it requires. Several --to are compared ' +
        'side by side. What no source says of a built-in base is unknown.',
    ],
    argument: { name: 'CONTEXT', required: false, many: true, help: 'an .rxt file, a package folder, or Rez requests' },
    options: [
      { name: 'from', value: 'SYSTEM', help: `the base that is left: ${SYSTEM}` },
      { name: 'to', value: 'SYSTEM', repeat: true, help: 'the base to move to, as --from; repeat it to compare' },
      ...contextOptions.filter(({ name }) => name !== 'host' && name !== 'base'),
      { name: 'latest', help: 'without a context: only the newest version of each package' },
      {
        name: 'prefer',
        value: 'WAY',
        choices: ['graft', 'rebuild'],
        help: 'where the new base has a library under another soname: carry the old one (default) or rebuild',
      },
      { name: 'format', value: 'FORMAT', choices: ['text', 'json', 'markdown', 'html'], help: 'text by default' },
      { name: 'all', help: 'every package and library in text' },
      {
        name: 'fail-on',
        value: 'SEVERITY',
        choices: Object.keys(FAILING),
        help: 'exit 1 from this on; error by default',
      },
    ],
    examples: [
      {
        says: 'a saved context, from one unpacked image to two built-in bases',
        command: 'airtight migrate lighting.rxt --from centos7/base.yaml --to rocky-8 --to rocky-9',
      },
      {
        says: 'the newest version of every package, as a page',
        command:
          'airtight migrate --repo /studio/rez --latest --from old.capture --to new.capture --format html -o plan.html',
      },
    ],
  },
  run: async (args, output) => {
    const from = args.value('from')
    const to = args.values('to')
    if (from === null || to.length === 0)
      throw new UsageError('migrate needs --from and --to', 'name the base that is left and the one to move to')
    const plan = await migrate({
      audit: auditOptions(args, args.positionals, output),
      from,
      to,
      prefer: args.value('prefer') === 'rebuild' ? 'rebuild' : 'graft',
      latest: args.flag('latest'),
    })
    if ('failures' in plan) throw failed(plan, output)
    await show({ ...plan, tool: `airtight ${toolVersion()}` }, args, output)
    const failing = FAILING[args.value('fail-on') ?? 'error'] ?? []
    const findings = plan.targets.flatMap((target) => target.findings)
    return exitCode({
      unread: plan.incomplete.length > 0,
      findings: findings.some((finding) => finding.suppressed === undefined && failing.includes(finding.severity)),
    })
  },
}

async function show(plan: MigrationPlan, args: Arguments, output: Output): Promise<void> {
  switch (args.value('format')) {
    case 'json':
      output.result(`${JSON.stringify(plan, null, 2)}\n`)
      return
    case 'markdown':
      output.result((await import('../report/migrate/markdown.ts')).migrateMarkdown(plan))
      return
    case 'html':
      output.result((await import('../report/migrate/html.ts')).migrateHtml(plan))
      return
    default: {
      const { migrateText } = await import('../report/migrate/text.ts')
      output.result(migrateText(plan, { style: await output.style(), all: args.flag('all') }))
    }
  }
}

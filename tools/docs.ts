/**
 * Writes the pages that follow from the code: docs/rules/README.md from the registry of rules, docs/commands.md from the
 * help of the built command line. `--check` only compares. Run: npm run build && node --import tsx tools/docs.ts
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { rules } from '../src/rules/registry.ts'

const root = join(import.meta.dirname, '..')

/** The catalogue of rules, in the order of the registry. */
function catalogue(): string {
  const rows = rules.map(
    (rule) => `| [${rule.id}](${rule.id}-${rule.name}.md) | ${rule.name} | ${rule.severity} | ${rule.summary} |`,
  )
  return [
    '# Rules',
    '',
    'Ids are stable and never used again. The severity is the default; a studio may weigh a rule differently.',
    '',
    '| id | name | severity | finds |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** The help of every command, as the command line prints it. */
function commands(): string {
  const list = /Commands:\n((?: {2}.*\n)+)/.exec(help([]))?.[1] ?? ''
  const names = [...list.matchAll(/^ {2}(\S+(?: \S+)?) {2,}/gm)]
  const sections = names.flatMap(([, name = '']) => [
    `## ${name}`,
    '',
    '```text',
    help(name.split(' ')).trimEnd(),
    '```',
    '',
  ])
  return ['# Commands', '', 'What `--help` says, for reading and searching.', '', ...sections].join('\n')
}

function help(command: readonly string[]): string {
  return execFileSync(process.execPath, [join(root, 'bin/airtight.js'), ...command, '--help'], { encoding: 'utf8' })
}

async function page(path: string, text: string): Promise<readonly [string, string]> {
  const filepath = join(root, path)
  return [path, await format(text, { ...(await resolveConfig(filepath)), filepath })]
}

const pages = [await page('docs/rules/README.md', catalogue()), await page('docs/commands.md', commands())]
for (const [path, text] of pages) {
  const target = join(root, path)
  const same = existsSync(target) && readFileSync(target, 'utf8') === text
  if (!process.argv.includes('--check')) writeFileSync(target, text)
  else if (!same) {
    console.error(`${path} is out of step with the code: node --import tsx tools/docs.ts`)
    process.exitCode = 1
  }
}

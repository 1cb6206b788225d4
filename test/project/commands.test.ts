/** The commands that the documents show on the samples are real: each runs, and none is refused. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { REPOSITORY, repositoryFiles, repositoryText } from './repository.ts'

const shown = repositoryFiles()
  .filter((file) => file === 'README.md' || file.startsWith('docs/'))
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) => commands(repositoryText(file)).map((command) => [file, command] as const))

let output = ''

beforeAll(() => {
  output = mkdtempSync(join(tmpdir(), 'airtight-commands-'))
})

afterAll(() => {
  rmSync(output, { recursive: true, force: true })
})

test('the documents show commands on the samples', () => {
  expect(shown.length).toBeGreaterThan(4)
})

test.each(shown)('%s: %s', (_, command) => {
  const words = command.split(' ').map((word, at, all) => (all[at - 1] === '-o' ? join(output, word) : word))
  const run = spawnSync(process.execPath, ['bin/airtight.js', ...words], { cwd: REPOSITORY, encoding: 'utf8' })
  expect(run.stderr).not.toContain('error:')
  expect([0, 1]).toContain(run.status)
})

/** Commands of code blocks that name a sample, without the program's own name. */
function commands(page: string): readonly string[] {
  return [
    ...page
      .replace(/\\\n\s*/g, '')
      .matchAll(/^(?:\$ |npm ci && )?(?:airtight|node bin\/airtight\.js) (.*samples\/.*)$/gm),
  ]
    .map((match) => match[1] ?? '')
    .map((command) => command.trim().replace(/^"|"$/g, ''))
}

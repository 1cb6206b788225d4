/** Every sample says what its expected output says, twice, to the byte. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectedFile, runSample, sampleRuns } from '../../tools/samples/runs.ts'
import { readme } from '../../tools/samples/transcript.ts'
import { REPOSITORY, repositoryText } from '../project/repository.ts'

// The samples are audited by the bundle that users start; `npm ci` has built it.
if (!existsSync(join(REPOSITORY, 'dist/main.js'))) throw new Error('dist/ is not built: run npm run build')

describe.each(sampleRuns.map((run) => [`${run.studio}, ${run.name}`, run] as const))('%s', (_, run) => {
  test.each(['text', 'json'] as const)('%s', (format) => {
    const first = runSample(run, format)
    expect(first.output).toBe(readFileSync(expectedFile(run, format), 'utf8'))
    expect(first.status).toBe(run.status)
    expect(runSample(run, format)).toEqual(first)
  })

  test('its README names the command', () => {
    const readme = repositoryText(`samples/${run.studio}/README.md`).replace(/\\\n\s*/g, '')
    expect(readme).toContain(`node bin/airtight.js ${run.args.join(' ')}\n`)
  })
})

test('the transcript in README.md is what Airtight says', () => {
  const { is, should } = readme()
  expect(is).toBe(should)
})

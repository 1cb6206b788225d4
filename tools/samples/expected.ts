/** Writes the expected output of every sample, and README's transcript, from what Airtight says now: read the difference before committing it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { expectedFile, runSample, sampleRuns } from './runs.ts'
import { readme } from './transcript.ts'

for (const run of sampleRuns) {
  for (const format of ['text', 'json'] as const) {
    const file = expectedFile(run, format)
    const { status, output } = runSample(run, format)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, output)
    const wrong = status === run.status ? '' : `: exit ${String(status)}, not ${String(run.status)}`
    console.log(`${relative('.', file)}${wrong}`)
    if (wrong !== '') process.exitCode = 1
  }
}

const { path, should } = readme()
writeFileSync(path, should)

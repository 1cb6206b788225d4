/** The step of the GitHub action, run as a runner would: annotations, job summary, SARIF, outputs, exit code. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { inFolder, REPOSITORY } from '../cli/airtight.ts'

interface Step {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: string
  readonly summary: string
  readonly sarif: string
}

function step(inputs: Readonly<Record<string, string>>): Step {
  return inFolder((folder) => {
    const file = (name: string): string => join(folder, name)
    for (const name of ['outputs', 'summary']) writeFileSync(file(name), '')
    const { status, stdout, stderr } = spawnSync(join(REPOSITORY, 'integrations/github/run.sh'), {
      cwd: REPOSITORY,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'] ?? '',
        CI: 'true',
        GITHUB_OUTPUT: file('outputs'),
        GITHUB_STEP_SUMMARY: file('summary'),
        GITHUB_WORKSPACE: REPOSITORY,
        AIRTIGHT_OUTPUT: file('report'),
        ...inputs,
      },
    })
    const text = (name: string): string => {
      try {
        return readFileSync(file(name), 'utf8')
      } catch {
        return ''
      }
    }
    return {
      status,
      stdout,
      stderr,
      outputs: text('outputs'),
      summary: text('summary'),
      sarif: text('report/airtight.sarif'),
    }
  })
}

const AUDIT =
  'samples/rough_layout/contexts/rough_layout.rxt --host samples/rough_layout/host\n--base "samples/rough_layout/base.yaml"'

describe('the action', () => {
  test('annotates the line of package.py, writes summary and SARIF, and exits as the audit did', () => {
    const { status, stdout, outputs, summary, sarif } = step({ AIRTIGHT_ARGUMENTS: AUDIT })
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /^::warning file=samples\/rough_layout\/rez\/openimageio\/2\.4\.17\/package\.py,line=\d+,title=REQ001/m,
    )
    expect(summary).toContain('## Airtight: ')
    expect(outputs).toMatch(/^exit-code=1$/m)
    expect(outputs).toMatch(/^sarif=.*airtight\.sarif$/m)
    expect(sarif).toContain('"version": "2.1.0"')
  })

  test('a threshold can be set', () => {
    expect(step({ AIRTIGHT_ARGUMENTS: AUDIT, AIRTIGHT_FAIL_ON: 'never' }).status).toBe(0)
  })

  test('nothing of the inputs is run by the shell', () => {
    const { status, stderr } = step({ AIRTIGHT_ARGUMENTS: '$(touch /tmp/airtight-was-here) `id` ; exit 0' })
    expect(status).toBe(2)
    expect(stderr).not.toContain('uid=')
    expect(step({ AIRTIGHT_COMMAND: 'run' })).toMatchObject({ status: 2 })
  })

  test('declares what its step reads, and gives what its step writes', () => {
    const action = parse(readFileSync(join(REPOSITORY, 'action.yml'), 'utf8')) as {
      inputs: Record<string, unknown>
      outputs: Record<string, { value: string }>
      runs: { steps: { env: Record<string, string> }[] }
    }
    const read = Object.values(action.runs.steps[0]?.env ?? {}).map((value) => /inputs\.([\w-]+)/.exec(value)?.[1])
    expect(read.toSorted()).toEqual(Object.keys(action.inputs).sort())
    const script = readFileSync(join(REPOSITORY, 'integrations/github/run.sh'), 'utf8')
    for (const name of Object.keys(action.outputs)) expect(script).toContain(`${name}=$`)
  })
})

describe('hooks of pre-commit and the GitLab job', () => {
  test('start commands that exist', () => {
    const hooks = parse(readFileSync(join(REPOSITORY, '.pre-commit-hooks.yaml'), 'utf8')) as { entry: string }[]
    const help = spawnSync(process.execPath, ['bin/airtight.js', '--help'], {
      cwd: REPOSITORY,
      encoding: 'utf8',
    }).stdout
    for (const { entry } of hooks) expect(help).toContain(`  ${entry.replace(/^airtight /, '')} `)
  })

  test('the script of the job, run as a runner would', () => {
    const job = parse(readFileSync(join(REPOSITORY, 'integrations/gitlab/airtight.gitlab-ci.yml'), 'utf8')) as {
      '.airtight': { script: string[]; artifacts: { reports: Record<string, string> } }
    }
    inFolder((folder) => {
      writeFileSync(join(folder, 'airtight'), `#!/bin/sh\nexec node ${join(REPOSITORY, 'bin/airtight.js')} "$@"\n`, {
        mode: 0o755,
      })
      const sample = join(REPOSITORY, 'samples/rough_layout')
      const { status, stderr } = spawnSync('sh', ['-e', '-c', job['.airtight'].script.join('\n')], {
        cwd: folder,
        encoding: 'utf8',
        env: {
          PATH: `${folder}:${process.env['PATH'] ?? ''}`,
          AIRTIGHT: 'audit',
          ARGUMENTS: `${sample}/contexts/rough_layout.rxt --host none --base ${sample}/base.yaml`,
          FAIL_ON: 'error',
        },
      })
      expect(status, stderr).toBe(1)
      for (const file of Object.values(job['.airtight'].artifacts.reports)) {
        expect(readFileSync(join(folder, file), 'utf8')).toContain('RES001')
      }
    })
  })
})

/** Moving every package of a repository, each with what it requires. */
import { describe, expect, test } from 'vitest'
import { migrate } from '../../src/app/migrate.ts'
import { faultText } from '../../src/domain/fault.ts'
import type { MigrationPlan } from '../../src/migrate/document.ts'
import { loadContexts } from '../../src/rez/context/load.ts'
import { Shared } from '../../src/rez/context/shared.ts'
import { auditOptionsOf } from '../support/audit-options.ts'
import { buildElf } from '../support/elf/build.ts'
import { CONTEXT_OPTIONS, countingFiles, makeRepository } from '../support/packages.ts'
import type { Content } from '../support/system/folder.ts'
import { INTERPRETER, inSystem, systemFolder } from '../support/studio.ts'

const LIB = "def commands():\n    env.LD_LIBRARY_PATH.append('{root}/lib')\n"
const lib = (soname: string, ...needs: string[]): Content => buildElf({ soname, needs })
const program = (...needs: string[]): Content => buildElf({ type: 'exec', interpreter: INTERPRETER, needs })

const REPOSITORY: Readonly<Record<string, Content>> = {
  'app/1.0': "requires = ['core-2']\n",
  'app/1.0/bin/app': program('libcore.so.2', 'libold.so.1'),
  'core/1.0': LIB,
  'core/1.0/lib/libcore.so.1': lib('libcore.so.1'),
  'core/2.0': LIB,
  'core/2.0/lib/libcore.so.2': lib('libcore.so.2', 'libstays.so.1'),
  'core/10.0': LIB,
  'core/10.0/lib/libcore.so.10': lib('libcore.so.10', 'libold.so.1'),
  'orphan/1.0': "requires = ['nowhere-1']\n",
}

async function plan(more: Partial<Parameters<typeof migrate>[0]> = {}): Promise<MigrationPlan> {
  const audit = auditOptionsOf({ repos: [makeRepository(REPOSITORY)], implicit: [] })
  const from = systemFolder({
    [inSystem('libold.so.1')]: { elf: { soname: 'libold.so.1' } },
    [inSystem('libstays.so.1')]: { elf: { soname: 'libstays.so.1' } },
  })
  const to = systemFolder({ [inSystem('libstays.so.1')]: { elf: { soname: 'libstays.so.1' } } })
  const result = await migrate({ audit, from, to: [to], prefer: 'graft', latest: false, ...more })
  if ('failures' in result) throw new Error(result.failures.map(faultText).join('\n'))
  return result
}

const rows = ({ targets }: MigrationPlan): readonly string[] =>
  (targets[0]?.packages ?? []).map((row) => `${row.package} ${row.verdict} ${row.waits_for.join(' ')}`.trimEnd())

describe('every package of a repository', () => {
  test('has a row, the older versions too, and what does not resolve is named', async () => {
    const made = await plan()
    expect(rows(made)).toEqual(['app-1.0 grafts', 'core-1.0 runs', 'core-10.0 grafts', 'core-2.0 runs'])
    expect(made.contexts).toEqual(['app-1.0', 'core-1.0', 'core-2.0', 'core-10.0'])
    expect(made.incomplete.join('\n')).toContain('nowhere')
    expect(made.targets[0]?.shared.map(({ soname, packages }) => [soname, packages])).toEqual([
      ['libold.so.1', ['app-1.0', 'core-10.0']],
    ])
    expect(made.targets[0]?.findings.map(({ rule, subject }) => `${rule} ${subject}`)).toContain('MIG001 libold.so.1')
  })

  test('the newest version of each alone, with what it requires', async () => {
    expect(rows(await plan({ latest: true }))).toEqual(['app-1.0 grafts', 'core-10.0 grafts', 'core-2.0 runs'])
  })
})

test('one package after another reads each definition of the repository once', async () => {
  const repository = makeRepository({
    'core/1.0': '',
    ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`user${i}/1.0`, "requires = ['core']\n"])),
  })
  const { files, asked } = countingFiles()
  const options = { ...CONTEXT_OPTIONS, files, shared: new Shared() }
  for (let i = 0; i < 8; i += 1) {
    const folder = `${repository}/user${i}/1.0`
    const reading = await loadContexts({ kind: 'folder', folder, repositories: [repository] }, options)
    expect('contexts' in reading && reading.contexts[0]?.packages.map(({ name }) => name)).toEqual(['core', `user${i}`])
  }
  const core = asked.filter((question) => question.endsWith('/core/1.0/package.py') || question.endsWith('/core'))
  expect(core).toEqual([`list ${repository}/core`, `text ${repository}/core/1.0/package.py`])
})

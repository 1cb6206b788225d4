/** Linting a package: every variant, with the newest and the oldest that its requires allow, and only what is needed. */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/app/lint.ts'
import type { AuditOptions } from '../../src/app/audit-options.ts'
import { faultText } from '../../src/domain/fault.ts'
import { auditOptionsOf } from '../support/audit-options.ts'
import { buildElf } from '../support/elf/build.ts'
import { makeRepository } from '../support/packages.ts'
import type { Content } from '../support/system/folder.ts'
import { INTERPRETER, systemFolder } from '../support/studio.ts'

const LIB = "def commands():\n    env.LD_LIBRARY_PATH.append('{root}/lib')\n"
const lib = (soname: string, ...needs: string[]): Content => buildElf({ soname, needs })
const program = (...needs: string[]): Content => buildElf({ type: 'exec', interpreter: INTERPRETER, needs })

const options = (contexts: readonly string[], repos: readonly string[], base: string | null): AuditOptions =>
  auditOptionsOf({ contexts, repos, base, purpose: 'lint' })

interface Linted {
  readonly findings: readonly string[]
  readonly contexts: readonly string[]
  readonly incomplete: readonly string[]
  readonly failures: readonly string[]
  readonly read: number
}

async function linted(
  released: Readonly<Record<string, Content>>,
  own: Readonly<Record<string, Content>>,
  folder: string,
  withBase = true,
): Promise<Linted> {
  const base = withBase ? systemFolder({}) : null
  const result = await lint(options([join(makeRepository(own), folder)], [makeRepository(released)], base))
  if ('failures' in result) {
    return { findings: [], contexts: [], incomplete: [], failures: result.failures.map(faultText), read: 0 }
  }
  const { findings, contexts, incomplete } = result.audit
  return {
    findings: findings.map(
      (finding) => `${finding.severity} ${finding.rule} ${finding.subject} in ${finding.contexts.join(' and ')}`,
    ),
    contexts: contexts.map(({ context }) => context.name),
    incomplete,
    failures: [],
    read: contexts.flatMap((context) => context.objects).length,
  }
}

const released = {
  'q/1.0': LIB,
  'q/1.0/lib/libq.so.1': lib('libq.so.1'),
  'q/2.0': LIB,
  'q/2.0/lib/libq.so.2': lib('libq.so.2'),
  'r/1.0': `requires = ['q']\n${LIB}`,
  'r/1.0/lib/libr.so.1': lib('libr.so.1', 'libmissing.so.1'),
  'r/1.0/plugins/deep/other.so': lib('other.so', 'libgone.so.1'),
}

describe('a package', () => {
  test('is resolved with the newest and with the oldest that it allows', async () => {
    const { findings, contexts } = await linted(
      released,
      { 'app/1.0': "requires = ['q-1+<3']\n", 'app/1.0/bin/app': program('libq.so.2') },
      'app/1.0',
    )
    expect(contexts).toEqual(['app-1.0', 'app-1.0 (oldest)'])
    expect(findings[0]).toBe('error RES001 libq.so.2 in app-1.0 (oldest)')
  })

  test('that leaves no choice is resolved once', async () => {
    const { findings, contexts } = await linted(
      released,
      { 'app/1.0': "requires = ['q-2']\n", 'app/1.0/bin/app': program('libq.so.2') },
      'app/1.0',
    )
    expect([findings, contexts]).toEqual([[], ['app-1.0']])
  })

  test('is linted itself, not the released package of the same version', async () => {
    const { findings } = await linted(
      { ...released, 'app/1.0': '', 'app/1.0/bin/app': program('libnone.so.1') },
      { 'app/1.0': "requires = ['q-2']\n", 'app/1.0/bin/app': program('libq.so.2') },
      'app/1.0',
    )
    expect(findings).toEqual([])
  })

  test('is told what comes only through another requirement', async () => {
    const { findings } = await linted(
      released,
      { 'app/1.0': "requires = ['r']\n", 'app/1.0/bin/app': program('libr.so.1', 'libq.so.2') },
      'app/1.0',
      false,
    )
    expect(findings).toEqual(['warn REQ002 q in app-1.0'])
  })

  test('answers for itself alone, and of the others only what it may load is read', async () => {
    const { findings, read } = await linted(
      released,
      { 'app/1.0': "requires = ['r', 'q-2']\n", 'app/1.0/bin/app': program('libr.so.1') },
      'app/1.0',
    )
    expect(findings.filter((text) => !text.includes('REQ003'))).toEqual([])
    expect(read).toBe(3)
  })

  test('each variant is a context of its own', async () => {
    const own = {
      'app/1.0': "variants = [['q-1'], ['q-2']]\n",
      'app/1.0/q-1/bin/app': program('libq.so.1'),
      'app/1.0/q-2/bin/app': program('libq.so.1'),
    }
    const { findings, contexts } = await linted(released, own, 'app/1.0')
    expect(contexts).toEqual(['app-1.0[0]', 'app-1.0[1]'])
    expect(findings.filter((text) => text.includes('RES001'))).toEqual(['error RES001 libq.so.1 in app-1.0[1]'])
  })
})

describe('what cannot be linted', () => {
  test.each([
    ['nothing there', {}, 'app/1.0', 'does not exist; name the folder of an installed package'],
    ['a file', { 'app/1.0': '' }, 'app/1.0/package.py', 'is a file; name the folder'],
    ['an empty folder', { 'app/1.0/x/y': 'z' }, 'app/1.0/x', 'has neither package.py nor package.yaml'],
    ['no Python', { 'app/1.0': 'def (' }, 'app/1.0', 'package.py: line 3'],
    [
      'a variant that was not built',
      { 'app/1.0': "variants = [['q-1']]\n" },
      'app/1.0',
      'is not built: variant 0 has no folder q-1; build it first',
    ],
    [
      'a source package',
      { 'src/package.py': "name = 'app'\nversion = '1.0'\nbuild_command = 'make'\n" },
      'src',
      'line 3: is a source package: an installed one has no build_command; build it first',
    ],
  ])('%s: a wrong question', async (_, own, folder, message) => {
    const { failures } = await linted(released, own, folder)
    expect(failures).toHaveLength(1)
    expect(failures[0]).toContain(message)
  })

  test('without repositories, where it requires some', async () => {
    const own = makeRepository({ 'app/1.0': "requires = ['q-1']\n" })
    const result = await lint(options([join(own, 'app/1.0')], [], null))
    expect('failures' in result ? result.failures.map(faultText) : []).toEqual([
      expect.stringContaining('requires q-1; name the released repositories with --repo DIR') as string,
    ])
  })

  test('a requirement that no repository has could not be read', async () => {
    const { incomplete, failures } = await linted(released, { 'app/1.0': "requires = ['nowhere-1']\n" }, 'app/1.0')
    expect(failures).toEqual([])
    expect(incomplete).toEqual([expect.stringContaining('nowhere') as string])
  })

  test('a folder of the package that cannot be read', async (context) => {
    if (process.getuid?.() === 0) {
      console.error('SKIPPED: root reads every folder')
      context.skip()
    }
    const own = makeRepository({ 'app/1.0': '', 'app/1.0/lib/libx.so': lib('libx.so') })
    const folder = join(own, 'app/1.0/lib')
    chmodSync(folder, 0)
    try {
      const result = await lint(options([join(own, 'app/1.0')], [own], null))
      expect('audit' in result ? result.audit.incomplete : []).toEqual([expect.stringContaining('EACCES') as string])
    } finally {
      chmodSync(folder, 0o755)
    }
  })
})

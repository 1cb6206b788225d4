/** What an audit gathers: which files it reads, what they are for, and what it does not read. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ContextAudit } from '../../src/domain/audit.ts'
import type { StudioFile, StudioPackage } from '../support/studio.ts'
import { auditStudio, lib, program, systemFolder } from '../support/studio.ts'

function gathered(files: Readonly<Record<string, StudioFile>>, more: Partial<StudioPackage> = {}): ContextAudit {
  const [context] = auditStudio({ packages: { 'p-1': { files, ...more } } }).contexts
  if (context === undefined) throw new Error('no context')
  return context
}

function roles(files: Readonly<Record<string, StudioFile>>, more: Partial<StudioPackage> = {}): Record<string, string> {
  return Object.fromEntries(
    gathered(files, more).objects.map(({ relative, role, public: open }) => [relative, open ? `public ${role}` : role]),
  )
}

describe('roles', () => {
  it('tell programs, public and private libraries, plugins and Python modules', () => {
    const files = {
      'bin/app': program('libpriv.so.1'),
      'lib/libq.so.1': lib('libq.so.1'),
      'lib64/libr.so.1': lib('libr.so.1'),
      'lib/private/libpriv.so.1': lib('libpriv.so.1'),
      'x.libs/libz-1234.so.1': lib('libz-1234.so.1'),
      'plugins/noise.so': { elf: {} },
      'lib/python3/site-packages/a/_core.cpython-311-x86_64-linux-gnu.so': { elf: {} },
      'lib/python3/site-packages/a/fast.so': { elf: {} },
    }
    expect(roles(files)).toEqual({
      'bin/app': 'program',
      'lib/libq.so.1': 'public library',
      'lib/private/libpriv.so.1': 'library',
      'lib/python3/site-packages/a/_core.cpython-311-x86_64-linux-gnu.so': 'python-module',
      'lib/python3/site-packages/a/fast.so': 'python-module',
      'lib64/libr.so.1': 'public library',
      'plugins/noise.so': 'plugin',
      'x.libs/libz-1234.so.1': 'library',
    })
  })

  it('take a folder on the library path for public, wherever it lies', () => {
    expect(roles({ 'deep/libq.so.1': lib('libq.so.1') }, { libraryPath: ['deep'] })).toEqual({
      'deep/libq.so.1': 'public library',
    })
  })

  it('take a library with a program header PT_INTERP for a library, as libc.so.6 is one', () => {
    const files = { 'lib/libc.so.6': { elf: { soname: 'libc.so.6', interpreter: '/lib64/ld-linux-x86-64.so.2' } } }
    expect(roles(files)).toEqual({ 'lib/libc.so.6': 'public library' })
  })
})

describe('what is not read', () => {
  it('is counted: names that no loader asks for, and paths that policy leaves out', () => {
    const result = auditStudio({
      packages: {
        'p-1': { files: { 'a.py': 'x', 'b.py': 'y', 'testdata/broken.so': 'z', 'lib/libq.so.1': lib('libq.so.1') } },
      },
      policy: { ignorePaths: ['**/testdata/**'] },
    })
    // The folder's own package.py is one more.
    expect(result.contexts[0]?.counts).toMatchObject({ objects: 1, unopened: [['.py', 3]], ignored: 1 })
    expect(result.findings).toEqual([])
  })

  it('is the folder of another variant below this one', () => {
    const files = { 'lib/libq.so.1': lib('libq.so.1'), 'inner-1/lib/libr.so.1': lib('libr.so.1') }
    expect(Object.keys(roles(files, { excluded: ['inner-1'] }))).toEqual(['lib/libq.so.1'])
  })

  it('is what a link out of the payload leads to', () => {
    expect(roles({ 'lib/libq.so.1': { link: '/etc/passwd' }, up: { link: '..' }, self: { link: '.' } })).toEqual({})
  })

  it('makes the audit incomplete where it is a payload root', () => {
    const { incomplete } = auditStudio({ packages: { 'p-1': { files: {}, payload: ['/no/such/folder'] } } })
    expect(incomplete).toEqual(['/no/such/folder: payload root of p-1 cannot be read (ENOENT)'])
  })
})

describe('a payload root outside the repository', () => {
  it('belongs to the package: its libraries are public, and stand in both worlds', () => {
    const folder = systemFolder({
      'opt/dcc/lib/libdcc.so.1': lib('libdcc.so.1'),
      'opt/dcc/bin/dcc': program('libdcc.so.1'),
    })
    const vendor = join(folder, 'opt/dcc')
    const packages = { 'dcc-2024': { files: {}, payload: [vendor], libraryPath: [join(vendor, 'lib')] } }
    const result = auditStudio({ packages })
    expect(result.findings).toEqual([])
    expect(result.contexts[0]?.objects.map(({ relative, public: open }) => [relative, open])).toEqual([
      ['bin/dcc', false],
      ['lib/libdcc.so.1', true],
    ])
  })
})

it('gives the same audit twice, and whatever the order of files', () => {
  const files = {
    'lib/libb.so.1': lib('libb.so.1', 'libnone.so'),
    'lib/liba.so.1': lib('liba.so.1', 'libnone.so'),
    'bin/x': program('liba.so.1'),
  }
  const shuffled = Object.fromEntries(Object.entries(files).reverse())
  const short = (spec: Readonly<Record<string, StudioFile>>): unknown =>
    auditStudio({ packages: { 'p-1': { files: spec } } }).findings.map(({ rule, subject, objects, fingerprint }) => ({
      rule,
      subject,
      objects,
      fingerprint,
    }))
  expect(short(files)).toEqual(short(shuffled))
})

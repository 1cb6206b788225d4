/** `airtight audit`, `report` and `why`, as users start them. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { schemaErrors } from '../support/published-schema.ts'
import { airtight, inFolder, REPOSITORY, ROUGH_LAYOUT, sample } from './airtight.ts'

const audit = (...more: readonly string[]): ReturnType<typeof airtight> => airtight(['audit', ...ROUGH_LAYOUT, ...more])

describe('audit', () => {
  test('finds what the sample is about and exits 1', () => {
    const { status, stdout, stderr } = audit()
    expect(status).toBe(1)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^error {2}HST002 host-leak {2}libpotrace\.so\.0 +blender-3\.6\.5$/m)
    expect(stdout).toMatch(/^2 errors, 2 warnings$/m)
  })

  test('a clean context exits 0', () => {
    const { status, stdout } = airtight(['audit', ...sample('private_app', 'karst')])
    expect(stdout).toContain('Airtight: nothing is missing')
    expect(status).toBe(0)
  })

  test('--fail-on moves the threshold', () => {
    expect(audit('--fail-on', 'never').status).toBe(0)
    const indirect = airtight(['audit', ...sample('private_app', 'karst'), '--fail-on', 'note'])
    expect(indirect.status).toBe(0)
  })

  test('the host that is taken for want of another is said on stderr, unless --quiet', () => {
    const args = ['audit', 'samples/private_app/rez/karst/20.5.1', '--base', 'samples/private_app/base.yaml']
    expect(airtight(args).stderr).toBe('host: / (this machine); name another with --host\n')
    expect(airtight([...args, '--quiet']).stderr).toBe('')
    expect(airtight(args, { env: { CI: 'true' } }).stderr).toContain('host: none')
  })

  test('two runs write the same bytes', () => {
    expect(audit('--format', 'json').stdout).toBe(audit('--format', 'json').stdout)
  })

  test('the JSON passes the published schema', () => {
    expect(schemaErrors('audit', JSON.parse(audit('--format', 'json').stdout))).toEqual([])
  })
})

describe('report', () => {
  test('shows a saved audit as the audit itself did, and exits as it did', () => {
    inFolder((folder) => {
      const file = join(folder, 'audit.json')
      expect(audit('--format', 'json', '-o', file).status).toBe(1)
      const saved = airtight(['report', file])
      expect(saved.stdout).toBe(audit().stdout)
      expect(saved.status).toBe(1)
      expect(airtight(['report', file, '--all']).stdout).toBe(audit('--all').stdout)
      expect(airtight(['report', file, '--format', 'json']).stdout).toBe(readFileSync(file, 'utf8'))
    })
  })

  test.each([
    ['nothing there', (): null => null, 'does not exist'],
    ['no JSON', (file: string): void => writeFileSync(file, '{"schema": "airt'), 'is no JSON'],
    [
      'another document',
      (file: string): void => writeFileSync(file, '{"schema": "airtight/base/v1"}'),
      'expected airtight/audit/v1',
    ],
    ['a folder', (file: string): void => mkdirSync(file), 'is a folder'],
  ])('refuses %s', (_, make, message) => {
    inFolder((folder) => {
      make(join(folder, 'a.json'))
      const { status, stdout, stderr } = airtight(['report', join(folder, 'a.json')])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^error: .*a\.json/)
      expect(stderr).toContain(message)
    })
  })
})

describe('a question that is wrong is one line and a hint, exit 2', () => {
  test.each([
    ['a context that is not there', ['nowhere.rxt']],
    ['an empty folder', ['EMPTY']],
    ['a file for a folder', ['package.json']],
    ['a truncated .rxt', ['cut.rxt']],
    ['a host that is not there', [...ROUGH_LAYOUT, '--host', '/nowhere']],
    ['a host that is a file', [...ROUGH_LAYOUT, '--host', 'package.json']],
    ['a base that is no base', [...ROUGH_LAYOUT, '--base', 'package.json']],
    ['an unknown option', [...ROUGH_LAYOUT, '--hots', '/']],
    ['a name that no file can have', ['x'.repeat(300) + '.rxt']],
    ['a host whose name no file can have', [...ROUGH_LAYOUT, '--host', 'x'.repeat(300)]],
    ['a base that is a circle of links', [...ROUGH_LAYOUT, '--base', 'CIRCLE']],
    ['no context', []],
  ])('%s', (_, args) => {
    inFolder((folder) => {
      mkdirSync(join(folder, 'EMPTY'))
      symlinkSync('CIRCLE', join(folder, 'CIRCLE'))
      const whole = readFileSync(join(REPOSITORY, ROUGH_LAYOUT[0] ?? ''), 'utf8')
      writeFileSync(join(folder, 'cut.rxt'), whole.slice(0, whole.length / 2))
      const placed = args.map((arg) => (['EMPTY', 'CIRCLE', 'cut.rxt'].includes(arg) ? join(folder, arg) : arg))
      const { status, stdout, stderr } = airtight(['audit', ...placed])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^error: \S/)
      expect(stderr).not.toContain('please report')
      expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
    })
  })

  test('a misspelt option is recognised', () => {
    expect(airtight(['audit', 'x.rxt', '--hots', '/']).stderr).toContain('hint: did you mean --host?')
  })
})

describe('why', () => {
  const why = (name: string): ReturnType<typeof airtight> =>
    airtight(['why', name, '--context', ROUGH_LAYOUT[0] ?? '', ...ROUGH_LAYOUT.slice(1)])

  test('names winner, askers, trail and the command of the real loader, in both worlds', () => {
    const { status, stdout } = why('libpotrace.so.0')
    expect(status).toBe(0)
    expect(stdout).toContain(
      'wins      /usr/lib/x86_64-linux-gnu/libpotrace.so.0.0.0 (dpkg libpotrace0 1.16-2+b1) [cache]',
    )
    expect(stdout).toContain('wins      nothing: it is found nowhere')
    expect(stdout).toContain('wanted by 1 object: blender-3.6.5 bin/blender')
    expect(stdout).toMatch(/^ {2}cache +\S+\/libpotrace\.so\.0 +taken$/m)
    expect(stdout).toMatch(
      /^ {2}LD_LIBRARY_PATH=\S+ LD_DEBUG=libs LD_TRACE_LOADED_OBJECTS=1 \/lib64\/ld-linux-x86-64\.so\.2 \S+\/bin\/blender$/m,
    )
  })

  test('names the copies that lose, and why', () => {
    const [context = '', ...systems] = sample('hidden_copy', 'comp')
    const { stdout } = airtight(['why', 'libOpenColorIO.so.2.2', '--context', context, ...systems])
    expect(stdout).toMatch(
      /^loses +\S+\/libOpenColorIO\.so\.2\.2\.1 \(opencolorio-2\.2\.1\): its folder is on no search path$/m,
    )
    expect(stdout).toMatch(/^loses +\/usr\/lib\/\S+ \(dpkg libopencolorio2\.2 \S+\): the search ends before it$/m)
  })

  test('a name that nobody asks for leads to the one that was meant', () => {
    const { status, stderr } = why('libpotrace.so')
    expect(status).toBe(2)
    expect(stderr).toBe('error: no object of the context asks for libpotrace.so\nhint: did you mean libpotrace.so.0?\n')
  })
})

describe('-o', () => {
  test('writes the whole result to the file and nothing to stdout', () => {
    inFolder((folder) => {
      const file = join(folder, 'new', 'audit.txt')
      const { stdout } = audit('-o', file)
      expect(stdout).toBe('')
      expect(readFileSync(file, 'utf8')).toBe(audit().stdout)
      expect(readdirSync(join(folder, 'new'))).toEqual(['audit.txt'])
    })
  })

  test('replaces what a link leads to and keeps the link', () => {
    inFolder((folder) => {
      copyFileSync(join(REPOSITORY, 'package.json'), join(folder, 'old'))
      symlinkSync('old', join(folder, 'link'))
      audit('-o', join(folder, 'link'))
      expect(readFileSync(join(folder, 'old'), 'utf8')).toContain('rough_layout')
      expect(readdirSync(folder).sort()).toEqual(['link', 'old'])
    })
  })

  test('a question that is wrong leaves the file as it was', () => {
    inFolder((folder) => {
      writeFileSync(join(folder, 'kept'), 'kept')
      airtight(['audit', 'nowhere.rxt', '-o', join(folder, 'kept')])
      expect(readFileSync(join(folder, 'kept'), 'utf8')).toBe('kept')
    })
  })

  test('a folder is refused', () => {
    inFolder((folder) => {
      const { status, stderr } = audit('-o', folder)
      expect(status).toBe(2)
      expect(stderr).toContain('is a folder')
    })
  })

  test('- is stdout', () => {
    expect(audit('-o', '-').stdout).toBe(audit().stdout)
  })
})

describe('colour', () => {
  const coloured = (env: Readonly<Record<string, string>>, ...more: readonly string[]): boolean =>
    airtight(['audit', ...ROUGH_LAYOUT, ...more], { env }).stdout.includes('\x1b[')

  test('is for terminals, unless it is forced', () => {
    expect(coloured({})).toBe(false)
    expect(coloured({ FORCE_COLOR: '1' })).toBe(true)
    expect(coloured({ FORCE_COLOR: '0' })).toBe(false)
    expect(coloured({ FORCE_COLOR: '1' }, '--no-color')).toBe(false)
    expect(coloured({ NO_COLOR: '1' })).toBe(false)
  })

  test('only adds to the report', () => {
    const { stdout } = airtight(['audit', ...ROUGH_LAYOUT], { env: { FORCE_COLOR: '1' } })

    expect(stdout.replaceAll(/\x1b\[\d+m/g, '')).toBe(audit().stdout)
  })

  test('packages lead to their definitions where the terminal follows links', () => {
    const links = (env: Readonly<Record<string, string>>): readonly string[] => {
      const { stdout } = airtight(['audit', ...ROUGH_LAYOUT], { env })
      return stdout.match(/\x1b\]8;;file:[^\x1b]*package\.py\x1b\\[^\x1b]+\x1b\]8;;\x1b\\/g) ?? []
    }
    expect(links({ FORCE_COLOR: '1', FORCE_HYPERLINK: '1' })).not.toEqual([])
    expect(links({ FORCE_COLOR: '1', FORCE_HYPERLINK: '0' })).toEqual([])
    expect(links({ FORCE_HYPERLINK: '1' })).toEqual([])
  })
})

describe('contexts of Rez', () => {
  const write = (folder: string, files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
  }
  const rxt = (location: string): string =>
    JSON.stringify({
      serialize_version: '4.9',
      status: 'solved',
      package_requests: ['usd'],
      resolved_packages: [
        {
          key: 'filesystem.variant',
          variables: { repository_type: 'filesystem', location, name: 'usd', version: '24.8', index: null },
        },
      ],
    })

  test('a suite, a bundle, and a configuration in YAML and in Python', () => {
    inFolder((folder) => {
      write(folder, {
        'packages/usd/24.8/package.py': "name = 'usd'\nversion = '24.8'\ntools = ['usdview']\n",
        'packages/usd/25/package.py': "name = 'usd'\nversion = '25'\n",
        'suite/suite.yaml': 'contexts:\n  anim: {name: anim, priority: 1, prefix: a_, hidden_tools: !!set {}}\n',
        'suite/contexts/anim.rxt': rxt(join(folder, 'packages')),
        'bundle.yaml': '{}',
        'context.rxt': rxt('packages'),
        'a.yaml': `packages_path: [${folder}/packages]\n`,
        'b.py': "package_filter = {'excludes': ['usd-25']}\n",
      })
      const packages = (...args: readonly string[]): string => {
        const { stdout, stderr } = airtight(['audit', ...args, '--host', 'none', '--all'])
        return `${stderr}${stdout}`
      }
      expect(packages(join(folder, 'suite'))).toContain('the suite calls tools of anim otherwise: usdview as a_usdview')
      expect(packages(folder)).toMatch(/^usd-24\.8 /m)
      const config = ['--rez-config', join(folder, 'a.yaml'), '--rez-config', join(folder, 'b.py')]
      expect(packages('usd', ...config)).toMatch(/^usd-24\.8 /m)
      expect(packages('usd', ...config.slice(0, 2))).toMatch(/^usd-25 /m)
    })
  })
})

/** The script of an environment, read by real shells. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../src/domain/context.ts'
import { relocated } from '../../src/runtime/relocate.ts'
import { shellScript } from '../../src/runtime/script.ts'
import type { ScriptOptions } from '../../src/runtime/script.ts'
import { commands } from '../rez/commands/context.ts'
import { makeFolder } from '../support/system/folder.ts'

function contextOf(body: string): Context {
  const { environment, actions } = commands(body)
  return { name: 'case', requests: [], packages: [], environment, actions, unevaluated: [], faults: [], notes: [] }
}

const PLAIN: ScriptOptions = { relocations: [], systemPath: null }

/** What a shell prints that has read the script of these commands; `after` is run in it. */
function inShell(shell: string, body: string, after: string, options = PLAIN): string {
  const file = join(makeFolder({}), 'environment.sh')
  writeFileSync(file, shellScript(contextOf(body), options).text)
  const env = { HOME: '/home/me' }
  const run = spawnSync(shell, ['-c', `. ${file} && ${after}`], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (run.error !== undefined) throw run.error
  return run.stdout + run.stderr
}

/** sh is dash on Debian and its like, bash elsewhere. */
describe.each(['sh', 'bash'])('%s', (shell) => {
  it.each([
    ['sets, appends and prepends', `env.X.append('a')\nenv.X.append('b')\nenv.X.prepend('c')`, 'c:a:b'],
    [
      'keeps what shells would take apart',
      `env.X = 'a "b" \\\\c \`d\` $(e) \\'f\\' *  g;h'`,
      'a "b" \\c `d` $(e) \'f\' *  g;h',
    ],
    ['leaves references to run time', `env.X = '$HOME/a:\${HOME}/b'`, '/home/me/a:/home/me/b'],
    ['takes literal text as it is', `env.X = literal('$HOME').e('\${HOME}')`, '$HOME/home/me'],
    ['follows the order of references', `env.A = '1'\nenv.X = '$A'\nenv.A = '2'\nenv.X.append('$A')`, '1:2'],
    ['unsets', `env.X = 'a'\nenv.X.unset()`, ''],
    [
      'has separators of its own',
      `env.CMAKE_MODULE_PATH.append('a')\nenv.CMAKE_MODULE_PATH.append('b')\nenv.X = '$CMAKE_MODULE_PATH'`,
      'a;b',
    ],
    ['takes a home folder as that of the reader', `env.X = '~/a'`, '/home/me/a'],
    ['keeps lines', `env.X = 'a\\nb'`, 'a\nb'],
    ['keeps an empty value', `env.X = ''\nenv.X.append('a')`, ':a'],
  ])('%s', (_, body, expected) => {
    expect(inShell(shell, body, `printf %s "$X"`)).toBe(expected)
  })

  it('has aliases as functions that hand on their arguments', () => {
    expect(inShell(shell, `env.X = 'x'\nalias('show', 'printf "%s|" $X one')`, `show two 'th ree'`)).toBe(
      'x|one|two|th ree|',
    )
  })

  it('puts the folders of the system last', () => {
    const options = { ...PLAIN, systemPath: '/usr/bin:/bin' }
    expect(inShell(shell, `env.PATH.append('{root}/bin')`, `printf %s "$PATH"`, options)).toBe(
      '/repo/foo/1.2.3/bin:/usr/bin:/bin',
    )
  })

  it('reads shell files where commands say so, and goes on without one that is gone', () => {
    const folder = makeFolder({ 'a b.sh': 'Y="$X-read"' })
    const body = `env.X = 'x'\nsource('${folder}/a b.sh')\nsource('/nope/b.sh')\nenv.X = 'z'`
    expect(inShell(shell, body, `printf %s "$Y$X"`)).toBe('x-readzairtight: /nope/b.sh cannot be read\n')
  })
})

it('says which names no shell takes', () => {
  const { text, notes } = shellScript(contextOf(`env['1X'] = 'a'\nalias('a b', 'c')\nalias('my-tool', 'd')`), PLAIN)
  expect(notes).toEqual([
    '1X is no name that a shell takes, and is left out',
    'a b is no name that a shell takes, and is left out',
  ])
  expect(text).toContain(`alias my-tool='d'`)
})

it('gives any value back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 30 }), (value) => {
      const context: Context = {
        ...contextOf('pass'),
        actions: [{ kind: 'set', name: 'X', pieces: [{ literal: true, text: value }], separator: ':' }],
      }
      const { text } = shellScript(context, PLAIN)
      const run = spawnSync('sh', ['-c', `${text}printf %s "$X"`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      expect(run.stdout).toBe(value)
    }),
    { numRuns: 40 },
  )
})

it.each([
  ['/studio/rez/a/1', '/rez/a/1'],
  ['/studio/rez', '/rez'],
  ['/studio/rez:/x:/studio/rez/b', '/rez:/x:/rez/b'],
  ['-I/studio/rez/a "/studio/rez/b c"', '-I/rez/a "/rez/b c"'],
  ['/studio/rez2/a /other/studio/rez/a', '/studio/rez2/a /other/studio/rez/a'],
  ['/studio/rez/local/a', '/local/a'],
])('%s is relocated to %s', (text, expected) => {
  const relocations = [
    { from: '/studio/rez', to: '/rez' },
    { from: '/studio/rez/local', to: '/local' },
  ]
  expect(relocated(text, relocations)).toBe(expected)
})

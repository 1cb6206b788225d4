/** The environment list of an image: what a shell makes of the script, with every reference that can be known replaced. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../src/domain/context.ts'
import { ociEnvironment } from '../../src/runtime/oci-environment.ts'
import { shellScript } from '../../src/runtime/script.ts'
import { commands } from '../rez/commands/context.ts'
import { makeFolder } from '../support/system/folder.ts'

function contextOf(body: string): Context {
  const { environment, actions } = commands(body)
  return { name: 'case', requests: [], packages: [], environment, actions, unevaluated: [], faults: [], notes: [] }
}

const PLAIN = { relocations: [], systemPath: null }

/** The list without what Rez sets for each package. */
function list(body: string, options: Parameters<typeof ociEnvironment>[1] = PLAIN): readonly string[] {
  return ociEnvironment(contextOf(body), options).entries.filter((entry) => !entry.startsWith('REZ_'))
}

describe('an Env list', () => {
  it.each([
    ['appends and prepends', `env.X.append('a')\nenv.X.append('b')\nenv.X.prepend('c')`, ['X=c:a:b']],
    [
      'follows the order of references',
      `env.A = '1'\nenv.X = '$A'\nenv.A = '2'\nenv.X.append('\${A}')`,
      ['A=2', 'X=1:2'],
    ],
    ['takes literal text as it is', `env.A = '1'\nenv.X = literal('$A').e('$A')`, ['A=1', 'X=$A1']],
    ['unsets', `env.A = '1'\nenv.X = 'a'\nenv.X.unset()`, ['A=1']],
    [
      'has separators of its own',
      `env.CMAKE_MODULE_PATH.append('a')\nenv.CMAKE_MODULE_PATH.append('b')`,
      ['CMAKE_MODULE_PATH=a;b'],
    ],
    ['keeps what shells would take apart', `env.X = 'a "b" \`d\` $(e) = *'`, ['X=a "b" `d` $(e) = *']],
    ['is sorted by name', `env.B = '2'\nenv.A = '1'`, ['A=1', 'B=2']],
  ])('%s', (_, body, expected) => {
    expect(list(body)).toEqual(expected)
  })

  it('has the folders of the system at the end of PATH, and moves paths', () => {
    const options = { relocations: [{ from: '/repo', to: '/rez' }], systemPath: '/usr/bin:/bin' }
    expect(list(`env.PATH.append('{root}/bin')`, options)).toEqual(['PATH=/rez/foo/1.2.3/bin:/usr/bin:/bin'])
    expect(list(`env.X = 'a'`, options)).toEqual(['PATH=/usr/bin:/bin', 'X=a'])
  })

  it('names what is left to run time', () => {
    const body = `env.X = '$HOME/a'\nenv.Y = '~/b'\nalias('la', 'ls -a')\nsource('/etc/x.sh')`
    const { entries, notes } = ociEnvironment(contextOf(body), PLAIN)
    expect(entries).toContain('X=${HOME}/a')
    expect(entries).toContain('Y=${HOME}/b')
    expect(notes).toEqual([
      'X refers to ${HOME}, which is left to run time and which no engine expands',
      'Y refers to ${HOME}, which is left to run time and which no engine expands',
      'the alias la is no variable: the script of this context has it',
      'source(/etc/x.sh) runs when a shell reads the script of this context',
    ])
  })

  it('leaves out what no list can hold', () => {
    const variables = [
      { name: 'A', value: 'a\0b' },
      { name: 'B=C', value: 'x' },
      { name: 'D', value: '${HOME}/$D' },
      { name: '', value: 'x' },
    ].map(({ name, value }) => ({ name, separator: ':', entries: [{ value, package: null }] }))
    // A context that was captured knows values and no steps.
    const environment = { variables, aliases: [] }
    const known = { name: 'case', requests: [], packages: [], unevaluated: [], faults: [], notes: [] }
    const context: Context = { ...known, environment }
    const { entries, notes } = ociEnvironment(context, PLAIN)
    expect(entries).toEqual(['D=${HOME}/$D'])
    expect(notes.filter((note) => note.endsWith('and is left out'))).toHaveLength(3)
  })

  it('is what a shell without any variable makes of the script', () => {
    const body = `env.A = 'x y'\nenv.P.prepend('{root}/$A')\nenv.P.append("it's \\\\ \${A}")\nenv.E = ''\nenv.E.append('e')\nenv.U = '1'\nunsetenv('U')`
    const context = contextOf(body)
    const options = { relocations: [], systemPath: '/usr/bin:/bin' }
    const file = join(makeFolder({}), 'environment.sh')
    writeFileSync(file, shellScript(context, options).text)
    const run = spawnSync('/bin/sh', ['-c', `unset PATH; . ${file} && exec /usr/bin/env -0`], {
      env: {},
      encoding: 'utf8',
    })
    const own = run.stdout.split('\0').filter((line) => line !== '' && !/^(?:PWD|OLDPWD|SHLVL|_)=/.test(line))
    expect(own.sort()).toEqual([...ociEnvironment(context, options).entries].sort())
  })
})

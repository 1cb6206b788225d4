/** HST009: a command is taken from the system although a package of the context has it. */
import { describe, expect, it } from 'vitest'
import { findingsOf, program, verdicts } from '../support/studio.ts'

const ocio = { tools: ['ocioinfo'], path: [], files: { 'bin/ocioinfo': program() } }
const host = { 'usr/bin/ocioinfo': program() }

describe('tools', () => {
  it('reports a tool that PATH takes from the system', () => {
    const [finding, ...more] = findingsOf('HST009', { packages: { 'ocio-2': ocio }, host })
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      package: 'ocio-2',
      subject: 'ocioinfo',
      severity: 'warn',
      world: 'host',
      evidence: { path: '/usr/bin/ocioinfo' },
    })
    expect(finding?.repairs[0]?.text).toContain("env.PATH.prepend('{root}/bin')")
  })

  it.each([
    ['the package puts its bin on PATH', { packages: { 'ocio-2': { ...ocio, path: ['bin'] } }, host }],
    ['no package has the command', { packages: { 'ocio-2': { ...ocio, files: {} } }, host }],
    ['the system has no such command', { packages: { 'ocio-2': ocio } }],
  ])('is silent where %s', (_, spec) => {
    expect(verdicts('HST009', spec)).toEqual([])
  })
})

describe('scripts', () => {
  const python = { path: [], files: { 'bin/python3': program() } }
  const systems = { host: { 'usr/bin/python3': program() }, base: { 'usr/bin/python3': program() } }

  it.each(['#!/usr/bin/env python3\n', '#! /usr/bin/env -S python3 -I\n', '#!/usr/bin/python3\n'])(
    'reports the interpreter of %j',
    (line) => {
      const packages = { 'tool-1': { files: { 'bin/tool': line } }, 'python-3': python }
      const [finding] = findingsOf('HST009', { packages, ...systems })
      expect(finding).toMatchObject({ package: 'tool-1', subject: 'python3', objects: ['bin/tool'], world: 'both' })
    },
  )

  it('is silent where PATH leads to the package', () => {
    const packages = {
      'tool-1': { files: { 'bin/tool': '#!/usr/bin/env python3\n' } },
      'python-3': { ...python, path: ['bin'] },
    }
    expect(verdicts('HST009', { packages, ...systems })).toEqual([])
  })

  it('leaves a script to RES005 that cannot start in the base at all', () => {
    const packages = { 'tool-1': { files: { 'bin/tool': '#!/usr/bin/python3\n' } }, 'python-3': python }
    const spec = { packages, host: systems.host }
    expect(verdicts('HST009', spec)).toEqual([])
    expect(verdicts('RES005', spec)).toEqual(['tool-1 /usr/bin/python3 error'])
  })
})

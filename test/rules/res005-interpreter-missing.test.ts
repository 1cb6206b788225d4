/** RES005: the interpreter of a program or script is missing. */
import { expect, it } from 'vitest'
import { findingsOf, program, verdicts } from '../support/studio.ts'

it('reports a loader that the base does not have', () => {
  const files = { 'bin/app': { elf: { type: 'exec' as const, interpreter: '/opt/ld.so', needs: ['libc.so.6'] } } }
  expect(verdicts('RES005', { packages: { 'app-1': { files } } })).toEqual(['app-1 /opt/ld.so error'])
})

it.each([
  ['#!/usr/bin/tclsh\n', '/usr/bin/tclsh'],
  ['#!/usr/bin/env tclsh\n', 'tclsh'],
])('reports a script that begins with %j', (line, subject) => {
  const packages = { 'app-1': { files: { 'bin/tool': line } } }
  const there = { 'usr/bin/tclsh': program() }
  expect(verdicts('RES005', { packages, host: there })).toEqual([`app-1 ${subject} error`])
  expect(verdicts('RES005', { packages, host: null })).toEqual([`app-1 ${subject} error`])
  // It has not started on the host either.
  expect(verdicts('RES005', { packages })).toEqual([`app-1 ${subject} warn`])
  expect(verdicts('RES005', { packages, base: { 'usr/bin/tclsh': program() } })).toEqual([`app-1 ${subject} warn`])
  const both = { 'usr/bin/tclsh': program() }
  expect(verdicts('RES005', { packages, host: both, base: both })).toEqual([])
})

it('is silent about scripts outside folders of commands', () => {
  expect(verdicts('RES005', { packages: { 'app-1': { files: { 'share/x': '#!/usr/bin/tclsh\n' } } } })).toEqual([])
})

it('names the package that has the command, and how to start the script with it', () => {
  const packages = {
    'tool-1': { files: { 'bin/tool': '#!/usr/bin/python3\n' } },
    'python-3': { files: { 'bin/python3': program() } },
  }
  const [finding] = findingsOf('RES005', { packages })
  expect(finding?.message).toContain('python-3 has bin/python3')
  expect(finding?.repairs[0]?.text).toBe('Start the script through #!/usr/bin/env python3.')
})

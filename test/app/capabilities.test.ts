/** Capabilities of files of a base: told, for the image does not keep them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { capabilityNotes } from '../../src/app/capabilities.ts'
import { makeFolder } from '../support/system/folder.ts'

test('files with capabilities are named', ({ skip }) => {
  const root = makeFolder({ 'usr/bin/a tool': 'x', 'usr/bin/plain': 'x' })
  const set = spawnSync('setcap', ['cap_net_raw+ep', join(root, 'usr/bin/a tool')])
  if (set.status !== 0) skip('setcap is missing, or may not be used here')
  expect(capabilityNotes(root)).toEqual([
    'capabilities of files of the base are not kept in the image: /usr/bin/a tool',
  ])
})

test('a base without any says nothing, and without getcap that nothing is known', ({ skip }) => {
  const root = makeFolder({ 'usr/bin/plain': 'x' })
  expect(capabilityNotes(root, join(root, 'no-getcap'))[0]).toContain('getcap is not installed')
  if (spawnSync('getcap', ['-h']).error !== undefined) skip('getcap is missing')
  expect(capabilityNotes(root)).toEqual([])
})

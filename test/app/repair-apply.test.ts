/** `repair apply`: where grafts come from, as the lock of the plan or the command line says. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyToRoot } from '../../src/app/repair-root.ts'
import type { RepairFile } from '../../src/domain/repair.ts'
import { GRAFT_ROOT } from '../../src/repair/paths.ts'
import { repairsFolder } from '../support/repairs-folder.ts'
import { makeFolder } from '../support/system/folder.ts'

const grafts: RepairFile['grafts'] = {
  'libz.so.1': {
    source: { kind: 'host', path: '/usr/lib/libz.so.1' },
    sha256: createHash('sha256').update('the library').digest('hex'),
    dest: '{graft}/lib/libz.so.1',
    visible_to: ['*'],
    licence: { redistribution: 'review' },
  },
}

const apply = (folder: string, root: string, host: string | null = null) =>
  applyToRoot({ folder, root, host, context: null, graftRoot: GRAFT_ROOT, graftFrom: [], unpacking: null })

describe('repairs that were planned without a host', () => {
  it('are applied', async () => {
    const symlinks = { '/usr/bin/python3': { target: 'python3.11' } }
    const folder = repairsFolder({ context: { symlinks }, host: 'none' })
    expect(await apply(folder, makeFolder({ usr: null }))).toMatchObject({ changed: 1 })
    expect(await apply(folder, makeFolder({ usr: null }), 'none')).toMatchObject({ changed: 1 })
  })

  it('take a graft of the host from the one that is named', async () => {
    const folder = repairsFolder({ context: { grafts }, host: 'none' })
    const root = makeFolder({ opt: null })
    expect(JSON.stringify(await apply(folder, root))).toContain('its source, the host, is not known here')
    const host = makeFolder({ 'usr/lib/libz.so.1': 'the library' })
    expect(await apply(folder, root, host)).toMatchObject({ changed: 1 })
    expect(readFileSync(join(root, GRAFT_ROOT, 'lib/libz.so.1'), 'utf8')).toBe('the library')
  })
})

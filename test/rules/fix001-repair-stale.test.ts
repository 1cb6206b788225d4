/** FIX001: A guard that does not match is told, and its entry clears nothing. */
import { expect, it } from 'vitest'
import { grafts } from '../support/repairs.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import { findingsOf, inSystem, lib, program } from '../support/studio.ts'
import type { Edit, StudioSpec } from '../support/studio.ts'

/** A tool that takes a library of the host, which takes another one; the base has neither. */
const LEAK: StudioSpec = {
  packages: { 'app-1.0': { tools: ['app'], files: { 'bin/app': program('libfoo.so.1', 'libc.so.6') } } },
  host: { [inSystem('libfoo.so.1')]: lib('libfoo.so.1', 'libbar.so.2'), [inSystem('libbar.so.2')]: lib('libbar.so.2') },
  base: {},
}
const both = ['libfoo.so.1', 'libbar.so.2']
const stale: StudioSpec = {
  ...LEAK,
  repairs: grafts(both, (sha256) => sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))),
}
const planned: StudioSpec = { ...LEAK, repairs: grafts(both) }

/** A requirement that is planned, and declared in the package since. */
const reader = (requires: readonly string[]): StudioSpec => ({
  packages: {
    'reader-2.4': { requires, files: { 'lib/libreader.so.2': lib('libreader.so.2', 'libtiff.so.6') } },
    'tiff-4.5.1': { files: { 'lib/libtiff.so.6': lib('libtiff.so.6') } },
  },
})
const declared = (edits: readonly Edit[]): StudioSpec => ({
  ...reader(['tiff-4']),
  replanned: { first: reader([]), edits },
})
const range: Edit = { file: 'packages/reader/2.4.yaml', from: '4.5.1+<5', to: '4+' }

/** The entry taken out by hand. */
const whole: Edit = {
  ...range,
  from: `requires:
  tiff:
    range: "4.5.1+<5"
    found: "4.5.1"
    confidence: exact
    fixes: [REQ001]
    because: "libtiff.so.6 for lib/libreader.so.2"
`,
  to: '',
}

ruleWorlds('FIX001', {
  found: [
    {
      name: 'sources that are other files',
      studio: stale,
      finds: ['- contexts/studio.yaml grafts libbar.so.2 error', '- contexts/studio.yaml grafts libfoo.so.1 error'],
      afterRepair: planned,
    },
    {
      name: 'an entry edited by hand that nothing asks for any more',
      studio: declared([range]),
      finds: ['reader-2.4 packages/reader/2.4.yaml requires tiff error'],
      says: ['nothing asks for it any more'],
      afterRepair: declared([whole]),
    },
  ],
  clean: [
    { name: 'about the files that were planned for', studio: planned },
    { name: 'about an entry that nobody edited and nothing asks for: it goes', studio: declared([]) },
  ],
})

it('stops the graft: what it was to clear is there still', () => {
  expect(findingsOf('HST002', stale).map(({ subject }) => subject)).toEqual(['libfoo.so.1'])
  expect(findingsOf('HST002', planned)).toEqual([])
})

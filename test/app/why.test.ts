/** What `why` says of a plugin: whose process it was opened in, and a trace by the real loader that shows the same. */
import { describe, expect, it } from 'vitest'
import { explain } from '../../src/app/why.ts'
import { INTERPRETER, auditStudio, lib } from '../support/studio.ts'

describe('a plugin that was opened inside a program', () => {
  const audit = auditStudio({
    base: null,
    policy: { plugins: [{ name: 'p', match: ['plugins/*.so'], host: 'dcc' }] },
    packages: {
      'dcc-1': {
        libraryPath: [],
        tools: ['dcc'],
        files: {
          'bin/dcc': {
            elf: { type: 'exec', interpreter: INTERPRETER, needs: ['libapi.so.1'], rpath: '$ORIGIN/../lib' },
          },
          'lib/libapi.so.1': lib('libapi.so.1'),
          'lib/libshade.so.1': lib('libshade.so.1'),
        },
      },
      'addon-1': { libraryPath: [], requires: ['dcc'], files: { 'plugins/p.so': lib('p.so', 'libshade.so.1') } },
    },
  })
  const answer = explain(audit, 'libshade.so.1')?.contexts[0]?.worlds[0]?.answers[0]

  it('is found by the run path of the program, which is told first', () => {
    expect(answer?.how).toBe('rpath')
    expect(answer?.chain.map(({ path }) => path.replace(/^.*\/(?=(?:bin|plugins)\/)/, ''))).toEqual([
      'bin/dcc',
      'plugins/p.so',
    ])
  })

  it('is traced as what is preloaded into the program', () => {
    expect(answer?.command).toMatch(/^LD_PRELOAD=\S+\/plugins\/p\.so LD_DEBUG=libs .* \S+\/bin\/dcc$/)
  })
})

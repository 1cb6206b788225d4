/** Answers of the helper: only those of the right shape are taken. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isParseError } from '../../../src/rez/version/parse-error.ts'
import { readAnswers } from '../../../src/rez/ask/answer.ts'

const PACKAGE = {
  name: 'usd',
  version: '24.8',
  index: 0,
  root: '/r/usd/24.8/py-3',
  base: '/r/usd/24.8',
  location: '/r',
  repository_type: 'filesystem',
  extension: null,
  requires: ['py-3'],
  tools: ['usdview'],
}
const RESOLVED = {
  packages: [PACKAGE],
  requests: ['usd'],
  environment: { PATH: '/r/usd/24.8/py-3/bin' },
  environment_error: null,
  aliases: [['uv', 'usdview']],
}
const ANSWER = { rez: '3.4.0', answers: [RESOLVED, { error: 'nothing' }] }

describe('an answer', () => {
  it('is taken as it is', () => {
    expect(readAnswers(JSON.stringify(ANSWER), 2)).toEqual(ANSWER)
  })

  it.each([
    ['', 'Rez answered nothing'],
    ['Traceback', 'Rez answered no JSON: Traceback'],
    ['{}', 'Rez answered in another shape: rez: '],
    [JSON.stringify({ ...ANSWER, answers: [RESOLVED] }), 'Rez gave 1 answers to 2 questions'],
    [JSON.stringify({ ...ANSWER, answers: [{ ...RESOLVED, packages: [{ ...PACKAGE, index: -1 }] }] }), 'another shape'],
    [JSON.stringify({ ...ANSWER, answers: [{ ...RESOLVED, environment: { PATH: 1 } }] }), 'another shape'],
  ])('%s', (text, message) => {
    const answer = readAnswers(text, 2)
    expect(isParseError(answer) && answer.error).toContain(message)
  })

  it('of any other shape is one line that says so, whatever was changed in it', () => {
    const paths = [
      ['rez'],
      ['answers'],
      ['answers', '0', 'packages'],
      ['answers', '0', 'requests'],
      ['answers', '0', 'aliases', '0'],
    ]
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const copy = structuredClone(ANSWER) as Record<string, unknown>
        let at: Record<string, unknown> = copy
        for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
        at[path.at(-1) ?? ''] = value
        const read = readAnswers(JSON.stringify(copy), 2)
        if (isParseError(read)) expect(read.error).not.toContain('\n')
        else expect(JSON.parse(JSON.stringify(read))).toMatchObject({ rez: expect.any(String) as string })
      }),
    )
  })

  it('any text is answers or an error', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(3), (text, tasks) => {
        expect(isParseError(readAnswers(text, tasks))).toBe(true)
      }),
    )
  })
})

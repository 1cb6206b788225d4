/**
 * Holds versions, ranges and requirements against Rez: `node --import tsx tools/compare-rez/versions.ts [COUNT] [SEED]`
 * with AIRTIGHT_REZ_PYTHON naming a Python that has rez. Exits 1 where one answer differs.
 */
import { isDeepStrictEqual } from 'node:util'
import { compareVersions, nextVersion, parseVersion, trimVersion } from '../../src/rez/version/version.ts'
import { isParseError } from '../../src/rez/version/parse-error.ts'
import { mergeRequirements, requirementListText } from '../../src/rez/version/requirement-list.ts'
import { parsePackageRequest, parseRequirement } from '../../src/rez/version/requirement.ts'
import { parseRange } from '../../src/rez/version/range.ts'
import { questions } from './questions.ts'
import { ask, rezPython } from './python.ts'
import type { Parsed } from '../../src/rez/version/parse-error.ts'
import type { Question } from './questions.ts'
import type { Requirement } from '../../src/rez/version/requirement.ts'

const REFUSED = { refused: true }

class Refusal extends Error {}

function sure<T extends object>(value: Parsed<T>): T {
  if (isParseError(value)) throw new Refusal(value.error)
  return value
}

function sign(order: number): number {
  return order < 0 ? -1 : order > 0 ? 1 : 0
}

function facts(requirement: Requirement): unknown[] {
  const { name, text, conflict, weak, range } = requirement
  return [name, text, conflict, weak, range?.text ?? null]
}

function ownAnswer(question: Question): unknown {
  switch (question[0]) {
    case 'version': {
      const version = sure(parseVersion(question[1]))
      const tokens = version.tokens.map((token) => token.text)
      return [version.text, nextVersion(version).text, trimVersion(version, 2).text, tokens, version.separators]
    }
    case 'versions': {
      const order = compareVersions(sure(parseVersion(question[1])), sure(parseVersion(question[2])))
      return [sign(order), order === 0]
    }
    case 'range': {
      const range = sure(parseRange(question[1]))
      return [range.text, range.any, range.inverse()?.text ?? null, range.span().text]
    }
    case 'ranges': {
      const a = sure(parseRange(question[1]))
      const b = sure(parseRange(question[2]))
      return [
        a.union(b).text,
        a.intersection(b)?.text ?? null,
        a.difference(b)?.text ?? null,
        a.isSuperset(b),
        a.intersects(b),
        a.equals(b),
        sign(a.compare(b)),
      ]
    }
    case 'contains': {
      const range = sure(parseRange(question[1]))
      return question[2].map((version) => range.contains(sure(parseVersion(version))))
    }
    case 'requirement':
      return facts(sure(parseRequirement(question[1])))
    case 'request': {
      const request = sure(parsePackageRequest(question[1]))
      return [...facts(request), request.ephemeral]
    }
    case 'meeting': {
      const a = sure(parseRequirement(question[1]))
      const b = sure(parseRequirement(question[2]))
      const merged = a.merged(b)
      return [a.conflictsWith(b), merged === null ? null : facts(merged), a.equals(b)]
    }
    case 'list': {
      const list = mergeRequirements(question[1].map((text) => sure(parseRequirement(text))))
      const names = (conflict: boolean): string[] =>
        list.requirements
          .filter((one) => one.conflict === conflict)
          .map((one) => one.name)
          .sort()
      return [requirementListText(list), names(false), names(true)]
    }
  }
}

function answer(question: Question): unknown {
  try {
    return ownAnswer(question)
  } catch (error) {
    if (error instanceof Refusal) return REFUSED
    throw error
  }
}

/** Where Rez itself fails inside an operation there is nothing to compare with. */
function raised(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'raised' in value
}

function agrees(own: unknown, theirs: unknown): boolean {
  if (raised(theirs)) return true
  if (Array.isArray(own) && Array.isArray(theirs) && own.length === theirs.length) {
    return own.every((item: unknown, i) => agrees(item, theirs[i]))
  }
  return isDeepStrictEqual(own, theirs)
}

function main(): number {
  const python = rezPython()
  if (python === null) return 0
  const asked = questions(Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 1))
  const answers = ask(python, 'answer.py', asked)
  if (!Array.isArray(answers) || answers.length !== asked.length) throw new Error('Rez did not answer each question')
  const tally = new Map<string, { same: number; refused: number; raised: number }>()
  let different = 0
  asked.forEach((question, i) => {
    const theirs: unknown = answers[i]
    const own = answer(question)
    const row = tally.get(question[0]) ?? { same: 0, refused: 0, raised: 0 }
    tally.set(question[0], row)
    if (isDeepStrictEqual(theirs, REFUSED)) row.refused += 1
    if (JSON.stringify(theirs).includes('raised')) row.raised += 1
    if (agrees(own, theirs)) row.same += 1
    else if ((different += 1) <= 20) {
      console.log(
        `DIFFERS ${JSON.stringify(question)}\n  rez      ${JSON.stringify(theirs)}\n  airtight ${JSON.stringify(own)}`,
      )
    }
  })
  for (const [kind, row] of [...tally].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${kind.padEnd(12)} same ${row.same}, of these refused ${row.refused}, Rez raised in ${row.raised}`)
  }
  console.log(`${asked.length} questions, ${different} different`)
  return different === 0 ? 0 : 1
}

process.exitCode = main()

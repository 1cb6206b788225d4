/** A file stays short enough to be read at one sitting. */
import { expect, test } from 'vitest'
import { repositoryFiles, repositoryText } from './repository.ts'

const MOST_LINES = 400

test('no source file is longer than 400 lines', () => {
  const sources = repositoryFiles().filter((file) => /^(src|test|tools|bench|bin)\/.*\.([cm]?[jt]sx?|sh|c)$/.test(file))
  expect(sources.length).toBeGreaterThan(40)
  const long = sources.filter((file) => repositoryText(file).trimEnd().split('\n').length > MOST_LINES)
  expect(long).toEqual([])
})

test('every source file begins by saying what it holds', () => {
  const sources = repositoryFiles('src').filter((file) => /\.tsx?$/.test(file))
  expect(sources.filter((file) => !repositoryText(file).startsWith('/**'))).toEqual([])
})

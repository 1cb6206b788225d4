/** Nothing in the repository tells on which machine it was made. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { REPOSITORY, repositoryFiles } from './repository.ts'

test('no file, binaries included, holds the path of this working copy', () => {
  const trace = `${REPOSITORY}/`
  const telling = repositoryFiles().filter((file) => readFileSync(join(REPOSITORY, file)).includes(trace))
  expect(telling).toEqual([])
})

test('no committed binary names the compiler or a build folder', () => {
  const binaries = repositoryFiles('samples').filter((file) => isElf(readFileSync(join(REPOSITORY, file))))
  expect(binaries.length).toBeGreaterThan(60)
  const telling = binaries.filter((file) =>
    /GCC: \(|\/tmp\/|\/home\//.test(readFileSync(join(REPOSITORY, file), 'latin1')),
  )
  expect(telling).toEqual([])
})

function isElf(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).toString('latin1') === '\x7fELF'
}

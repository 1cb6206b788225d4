/** How the binary starts: with the code cache of the build, without one, and with one that is not fit. */
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { DIST, REPOSITORY, inFolder } from './airtight.ts'

const CACHE = `main.js.${process.versions.v8}-${process.arch}.cache`

function version(folder: string, flags: readonly string[] = []): string {
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, join(folder, 'bin/airtight.js'), '--version'], {
    encoding: 'utf8',
  })
  return stdout + stderr
}

/** A copy of what is installed. */
function copied(use: (folder: string) => void): void {
  inFolder((folder) => {
    for (const name of ['bin', 'dist', 'package.json']) {
      cpSync(join(REPOSITORY, name), join(folder, name), { recursive: true })
    }
    use(folder)
  })
}

describe('the start', () => {
  test('the build leaves a cache that V8 takes', () => {
    expect(readdirSync(DIST)).toContain(CACHE)
    const filename = join(DIST, 'main.js')
    const cachedData = readFileSync(join(DIST, CACHE))
    const { cachedDataRejected } = new Script(readFileSync(filename, 'latin1'), { filename, cachedData })
    expect(cachedDataRejected).toBe(false)
    // What is installed elsewhere tells nothing of where it was built.
    expect(cachedData.includes(REPOSITORY)).toBe(false)
  })

  test('the bundle is ASCII', () => {
    expect(readFileSync(join(DIST, 'main.js')).every((byte) => byte < 0x80)).toBe(true)
  })

  const expected = version(REPOSITORY)

  test('V8 knows what it is told, or it would say so', () => {
    expect(expected).toMatch(/^airtight [\d.]+\n$/)
  })

  test('without a cache', () => {
    copied((folder) => {
      rmSync(join(folder, 'dist', CACHE))
      expect(version(folder)).toBe(expected)
    })
  })

  test.each([
    ['empty', Buffer.alloc(0)],
    ['of another program', Buffer.from('#!/bin/sh\n'.repeat(100))],
  ])('with a cache that is %s', (_, content) => {
    copied((folder) => {
      writeFileSync(join(folder, 'dist', CACHE), content)
      expect(version(folder)).toBe(expected)
    })
  })

  test('with flags under which V8 refuses the cache', () => {
    expect(version(REPOSITORY, ['--max-old-space-size=1000'])).toBe(expected)
  })
})

/** `airtight run` of an image that is unpacked for bubblewrap: its entry point and environment count, the cache is kept. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeImage } from '../../src/image/write.ts'
import { folderEntries, imageOf, layerOf } from '../support/image/layer.ts'
import { makeFolder } from '../support/system/folder.ts'
import { airtight } from './airtight.ts'

/** What a shell needs on Debian and its like, on x86-64. */
const SHELL = ['/bin/sh', '/lib64/ld-linux-x86-64.so.2', '/lib/x86_64-linux-gnu/libc.so.6']
const bwrap = spawnSync('bwrap', ['--ro-bind', '/', '/', 'true']).status === 0
const able = bwrap && SHELL.every((path) => existsSync(path))
if (!able) console.warn('SKIPPED: starting an image needs bubblewrap, and a shell that can be copied')

describe.skipIf(!able)('an OCI layout under bwrap', () => {
  test('is unpacked once, and starts as its configuration says', async () => {
    const root = makeFolder({
      ...Object.fromEntries(SHELL.map((path) => [path.slice(1), readFileSync(path)])),
      'airtight/entry': '#!/bin/sh\nWHO=image\nexport WHO\nexec "$@"\n',
    })
    const place = makeFolder({})
    const image = imageOf([layerOf('shell 1', folderEntries(root))])
    const written = await writeImage(image, { kind: 'oci', path: join(place, 'img') }, { compression: 'none' })
    expect(written).toHaveProperty('manifestDigest')
    mkdirSync(join(place, 'home'))
    const env = { HOME: join(place, 'home'), XDG_CACHE_HOME: join(place, 'cache') }
    const start = (...words: readonly string[]): ReturnType<typeof airtight> =>
      airtight(['run', join(place, 'img'), '--policy', 'none', '--engine', 'bwrap', ...words], { env })
    expect(start('-c', 'echo $WHO $PATH; exit 6')).toMatchObject({ status: 6, stdout: 'image /usr/bin:/bin\n' })
    const roots = readdirSync(join(place, 'cache/airtight/roots'))
    expect(roots).toHaveLength(1)
    expect(start('--', 'no-such-command').status).toBe(127)
    expect(readdirSync(join(place, 'cache/airtight/roots'))).toEqual(roots)
  })
})

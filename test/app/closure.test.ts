/** Closures in an image: what its configuration sets counts, as for a program that a container starts. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openClosurePlace } from '../../src/app/closure.ts'
import { faultText } from '../../src/domain/fault.ts'
import { takeCapture } from '../../src/system/capture/take.ts'
import { openSource } from '../../src/system/source.ts'
import { buildElf } from '../support/elf/build.ts'
import { libcBytes, loaderBytes } from '../support/loader/stand-ins.ts'
import { program } from '../support/loader/world.ts'
import { makeFolder } from '../support/system/folder.ts'
import { ociLayout, tar } from '../support/tree/tar-writer.ts'

function image(): string {
  const top = join(makeFolder({}), 'image')
  const layer = tar(
    { name: 'lib64/ld-linux-x86-64.so.2', data: loaderBytes([2, 36]) },
    { name: 'usr/lib/libc.so.6', data: libcBytes([2, 36]) },
    { name: 'usr/lib/libq.so.1', data: buildElf({ soname: 'libq.so.1' }) },
    { name: 'usr/local/lib/libq.so.1', data: buildElf({ soname: 'libq.so.1' }) },
    { name: 'usr/bin/p', data: buildElf(program({ needs: ['libq.so.1'] })) },
  )
  const environment = ['PATH=/usr/bin', 'LD_LIBRARY_PATH=/opt/none:/usr/local/lib']
  for (const [name, bytes] of ociLayout({ layers: [layer], environment })) {
    mkdirSync(dirname(join(top, name)), { recursive: true })
    writeFileSync(join(top, name), bytes)
  }
  return `oci:${top}`
}

async function loaded(root: string, libraryPath: string | null): Promise<string | null | undefined> {
  const place = await openClosurePlace({ root, mounts: [], libraryPath, preload: null, cpu: null, inside: null })
  if ('message' in place) throw new Error(faultText(place))
  return place.trace('/usr/bin/p').loaded.find(({ name }) => name === 'libq.so.1')?.path
}

test('LD_LIBRARY_PATH of an image, and of its capture, unless another is given', async () => {
  const source = image()
  const options = { rpmProgram: null, platform: null, progress: null, label: 'image', own: false }
  const taken = await takeCapture(source, options)
  if ('message' in taken) throw new Error(faultText(taken))
  const file = join(makeFolder({}), 'image.capture')
  writeFileSync(file, taken.bytes)
  for (const root of [source, file]) {
    expect(await loaded(root, null)).toBe('/usr/local/lib/libq.so.1')
    expect(await loaded(root, '')).toBe('/usr/lib/libq.so.1')
    expect(await loaded(root, '/usr/lib')).toBe('/usr/lib/libq.so.1')
    const system = await openSource(root, null)
    if ('message' in system) throw new Error(faultText(system))
    expect(system.notes.join('\n')).toContain('the image sets LD_LIBRARY_PATH=/opt/none:/usr/local/lib')
  }
})

test('a built-in base has the LD_LIBRARY_PATH of its image', async () => {
  const system = await openSource('aswf-2024', null)
  if ('message' in system) throw new Error(faultText(system))
  expect(system.environment?.get('LD_LIBRARY_PATH')).toMatch(/^\/usr\/local\/lib:/)
})

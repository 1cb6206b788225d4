/** The range of a requirement: from the oldest version that has what is asked for to the first that lacks it. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rangeOf } from '../../src/app/repair-ranges.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import type { StudioFile } from '../support/studio.ts'
import { openStudio, program } from '../support/studio.ts'

const tiff = (soname: string, ...versions: readonly string[]): StudioFile => ({
  elf: versions.length === 0 ? { soname } : { soname, versionDefinitions: versions.map((name) => ({ name })) },
})

/** The range of a requirement of tiff-VERSION, for an object that asks for this library and these versions of it. */
function range(
  version: string,
  others: Readonly<Record<string, StudioFile>>,
  demanded: readonly string[] = [],
  own: StudioFile = tiff('libtiff.so.6', ...demanded),
) {
  const tool: StudioFile =
    demanded.length === 0
      ? program('libtiff.so.6')
      : { elf: { type: 'exec', needs: ['libtiff.so.6'], versionNeeds: [{ file: 'libtiff.so.6', versions: demanded }] } }
  const definitions = Object.fromEntries(
    Object.keys(others).map((path) => [`tiff/${path.split('/')[0] ?? ''}/package.py`, 'name = "tiff"']),
  )
  const repository = Object.fromEntries(Object.entries(others).map(([path, file]) => [`tiff/${path}`, file]))
  const { context } = openStudio({
    packages: {
      'app-1': { files: { 'bin/app': tool } },
      [`tiff-${version}`]: { files: { 'lib/libtiff.so.6': own } },
    },
    repository: { ...repository, ...definitions },
  })
  const [owner, provider] = context.packages
  if (owner === undefined || provider === undefined) throw new Error('two packages were declared')
  const objects = [join(owner.root, 'bin/app')]
  return rangeOf({ kind: 'requires', owner, provider, sonames: ['libtiff.so.6'], objects }, openFolderTree('/'))
}

test('it begins at the oldest version with the library, and ends at the next major where none lacks it', () => {
  const others = { '4.5.0/lib/libtiff.so.6': tiff('libtiff.so.6'), '4.4.0/lib/libtiff.so.5': tiff('libtiff.so.5') }
  expect(range('4.5.1', others)).toEqual({ range: '4.5.0+<5', found: '4.5.1', confidence: 'exact' })
})

test('it ends at the first newer version without the library', () => {
  const others = { '4.6.0/lib/libtiff.so.6': tiff('libtiff.so.6'), '4.7.0/lib/libtiff.so.7': tiff('libtiff.so.7') }
  expect(range('4.5.1', others)?.range).toBe('4.5.1+<4.7.0')
})

test('a hole among older versions ends it: nobody has tried what lies below', () => {
  const others = {
    '4.3.0/lib/libtiff.so.6': tiff('libtiff.so.6'),
    '4.4.0/lib/other.so': tiff('other.so'),
    '4.5.0/lib/libtiff.so.6': tiff('libtiff.so.6'),
  }
  expect(range('4.5.1', others)?.range).toBe('4.5.0+<5')
})

test('an older version that does not define what is demanded is left out', () => {
  const others = {
    '4.4.0/lib/libtiff.so.6': tiff('libtiff.so.6', 'TIFF_1'),
    '4.5.0/lib/libtiff.so.6': tiff('libtiff.so.6', 'TIFF_1', 'TIFF_2'),
  }
  expect(range('4.5.1', others, ['TIFF_2'])?.range).toBe('4.5.0+<5')
})

test('versions are ordered as Rez orders them, not as texts', () => {
  const others = { '4.10.0/lib/libtiff.so.7': tiff('libtiff.so.7'), '4.9.0/lib/libtiff.so.6': tiff('libtiff.so.6') }
  expect(range('4.8.0', others)?.range).toBe('4.8.0+<4.10.0')
})

test('a package without a version is required as it is', () => {
  const { context } = openStudio({ packages: { tiff: { files: { 'lib/libtiff.so.6': tiff('libtiff.so.6') } } } })
  const [provider] = context.packages
  if (provider === undefined) throw new Error('one package was declared')
  const action = { kind: 'requires', owner: provider, provider, sonames: ['libtiff.so.6'], objects: [] } as const
  expect(rangeOf(action, openFolderTree('/'))).toEqual({ range: '', found: '', confidence: 'inferred' })
})

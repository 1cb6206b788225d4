/** REQ004: a range admits versions that lack what is needed. */
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, lib, program } from '../support/studio.ts'

const nodes = (soname: string, ...versionDefinitions: readonly string[]): StudioFile => ({
  elf: { soname, versionDefinitions },
})
const demands = (node: string): StudioFile => ({
  elf: {
    type: 'exec',
    interpreter: INTERPRETER,
    needs: ['libtiff.so.5'],
    versionNeeds: [{ file: 'libtiff.so.5', versions: [node] }],
  },
})

function studio(
  requirement: string,
  repository: StudioSpec['repository'],
  app = program('libtiff.so.5'),
  has = lib('libtiff.so.5'),
): StudioSpec {
  return {
    packages: {
      'app-1': { requires: [requirement], files: { 'bin/app': app } },
      'tiff-4.3': { files: { 'lib/libtiff.so.5': has } },
    },
    ...(repository === undefined ? {} : { repository }),
  }
}

const next = { 'tiff/4.5/lib/libtiff.so.6': lib('libtiff.so.6'), 'tiff/4.2/lib/libtiff.so.5': lib('libtiff.so.5') }

ruleWorlds('REQ004', {
  found: [
    {
      name: 'a next release with another soname',
      studio: studio('tiff-4', next),
      finds: ['app-1 tiff warn'],
      says: ["requires 'tiff-4', which admits tiff-4.5: it lacks libtiff.so.5"],
      afterRepair: studio('tiff-4.2+<4.5', next),
    },
    {
      name: 'an older release without a symbol version',
      studio: studio(
        'tiff-4',
        { 'tiff/4.0/lib/libtiff.so.5': nodes('libtiff.so.5', 'LIBTIFF_4.0') },
        demands('LIBTIFF_4.3'),
        nodes('libtiff.so.5', 'LIBTIFF_4.0', 'LIBTIFF_4.3'),
      ),
      finds: ['app-1 tiff warn'],
      says: ['admits tiff-4.0: it lacks LIBTIFF_4.3 in libtiff.so.5'],
    },
  ],
  clean: [
    { name: 'where the range stops before it', studio: studio('tiff-4.3', next) },
    {
      name: 'where the other version has it in a folder of a variant',
      studio: studio('tiff', { 'tiff/5/arch-x86_64/lib64/libtiff.so.5': lib('libtiff.so.5') }),
    },
    {
      name: 'about a version whose files are not in the repository',
      studio: studio('tiff', { 'tiff/5/package.py': "name = 'tiff'" }),
    },
    {
      name: 'about a version in the making',
      studio: studio('tiff', { 'tiff/.5/lib/libtiff.so.6': lib('libtiff.so.6') }),
    },
  ],
})

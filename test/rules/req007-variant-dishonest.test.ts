/** REQ007: a package says platform, architecture or operating system, and its ELF files say something else. */
import { expect, it } from 'vitest'
import { EM_AARCH64 } from '../../src/domain/object.ts'
import { releaseOf } from '../../src/rules/knowledge/releases.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { inSystem, lib } from '../support/studio.ts'

const asks = (node: string, weak = false): StudioFile => ({
  elf: {
    soname: 'liba.so.1',
    needs: ['libc.so.6'],
    versionNeeds: [{ file: 'libc.so.6', versions: [{ name: node, weak }] }],
  },
})
const studio = (requires: readonly string[], file: StudioFile): StudioSpec => ({
  packages: { 'a-1': { variant: { index: 0, requires }, files: { 'lib/liba.so.1': file } } },
  host: {
    [inSystem('libc.so.6')]: { elf: { soname: 'libc.so.6', versionDefinitions: ['GLIBC_2.2.5', 'GLIBC_2.28'] } },
  },
  base: {
    [inSystem('libc.so.6')]: { elf: { soname: 'libc.so.6', versionDefinitions: ['GLIBC_2.2.5', 'GLIBC_2.28'] } },
  },
})
const arm: StudioFile = { elf: { machine: EM_AARCH64, soname: 'liba.so.1' } }

ruleWorlds('REQ007', {
  found: [
    {
      name: 'a variant for CentOS 7 that asks for a newer C library',
      studio: studio(['os-CentOS-7.9.2009'], asks('GLIBC_2.28')),
      finds: ['a-1 os error'],
      says: ['asks for GLIBC_2.28; centos 7 has 2.17', 'lib/liba.so.1'],
      afterRepair: studio(['os-rocky-8'], asks('GLIBC_2.28')),
    },
    {
      name: 'an architecture that nothing is built for',
      studio: studio(['arch-x86_64'], arm),
      finds: ['a-1 arch error'],
      says: ['AArch64'],
    },
    { name: 'another platform', studio: studio(['platform-windows'], lib('liba.so.1')), finds: ['a-1 platform error'] },
  ],
  clean: [
    {
      name: 'about an honest variant',
      studio: studio(['platform-linux', 'arch-x86_64', 'os-CentOS-7'], asks('GLIBC_2.17')),
    },
    { name: 'about a version that may be absent', studio: studio(['os-centos-7'], asks('GLIBC_2.28', true)) },
    { name: 'about an operating system that nobody knows', studio: studio(['os-studiolinux-3'], asks('GLIBC_2.28')) },
    {
      name: 'about files for a second architecture',
      studio: {
        packages: {
          'a-1': { requires: ['arch-x86_64'], files: { 'lib/liba.so.1': lib('liba.so.1'), 'arm/liba.so.1': arm } },
        },
      },
    },
  ],
})

it.each([
  ['os-CentOS-7.9.2009', '2.17'],
  ['os==ubuntu-22.04', '2.35'],
  ['os-Debian-12', '2.36'],
  ['os-rocky-10.1', '2.39'],
  ['os-centos-70', undefined],
  ['tiff-4', undefined],
])('%s has glibc %s', (requirement, version) => {
  expect(releaseOf(requirement)?.glibc.join('.')).toBe(version)
})

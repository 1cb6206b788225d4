/** DUP003: a singleton twice in one process, or of another kind than the object was built for. */
import { expect, it } from 'vitest'
import { builtinSingletons, singletonsWith } from '../../src/rules/knowledge/singletons.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioFile, StudioSpec } from '../support/studio.ts'
import { INTERPRETER, lib, program } from '../support/studio.ts'

function tbb(second: string): StudioSpec {
  return {
    packages: {
      'app-1': { requires: ['vdb', 'tbb'], files: { 'bin/app': program('libtbb.so.12', 'libopenvdb.so.10') } },
      'vdb-10': { requires: ['tbb'], files: { 'lib/libopenvdb.so.10': lib('libopenvdb.so.10', second) } },
      'tbb-1': { files: { 'lib/libtbb.so.12': lib('libtbb.so.12'), 'lib/libtbb.so.2': lib('libtbb.so.2') } },
    },
  }
}

const openMpi: StudioFile = {
  elf: { soname: 'libmpi.so.12', symbols: [{ name: 'ompi_mpi_comm_world' }, { name: 'MPI_Init' }] },
}
const mpich: StudioFile = { elf: { soname: 'libmpi.so.12', symbols: [{ name: 'MPIR_Dup_fn' }, { name: 'MPI_Init' }] } }
const wants = (...symbols: readonly string[]): StudioFile => ({
  elf: {
    type: 'exec',
    interpreter: INTERPRETER,
    needs: ['libmpi.so.12'],
    symbols: symbols.map((name) => ({ name, defined: false })),
  },
})
const mpi = (program: StudioFile, library: StudioFile): StudioSpec => ({
  packages: {
    'sim-1': { requires: ['mpi'], files: { 'bin/sim': program } },
    'mpi-3': { files: { 'lib/libmpi.so.12': library } },
  },
})

ruleWorlds('DUP003', {
  found: [
    {
      name: 'old and new TBB',
      studio: tbb('libtbb.so.2'),
      finds: ['- tbb error'],
      says: ['Threading Building Blocks more than once', 'libtbb.so.2 of tbb-1 through libopenvdb.so.10'],
      afterRepair: tbb('libtbb.so.12'),
    },
    {
      name: 'two OpenMP run-times of different names',
      studio: {
        packages: {
          'app-1': {
            files: {
              'bin/app': program('libgomp.so.1', 'libiomp5.so'),
              'lib/libgomp.so.1': lib('libgomp.so.1'),
              'lib/libiomp5.so': lib('libiomp5.so'),
            },
          },
        },
      },
      finds: ['- openmp error'],
    },
    {
      name: 'two OpenSSL, as a warning',
      studio: {
        packages: {
          'app-1': {
            files: {
              'bin/app': program('libcrypto.so.3', 'libcrypto.so.1.1'),
              'lib/libcrypto.so.3': lib('libcrypto.so.3'),
              'lib/libcrypto.so.1.1': lib('libcrypto.so.1.1'),
            },
          },
        },
      },
      finds: ['- openssl warn'],
    },
    {
      name: 'MPICH under a program of Open MPI',
      studio: mpi(wants('MPI_Init', 'ompi_mpi_comm_world'), mpich),
      finds: ['sim-1 mpi error'],
      says: ['was built for Open MPI and gets MPICH'],
      afterRepair: mpi(wants('MPI_Init', 'ompi_mpi_comm_world'), openMpi),
    },
    { name: 'Open MPI under a program of MPICH', studio: mpi(wants('MPI_Init'), openMpi), finds: ['sim-1 mpi error'] },
  ],
  clean: [
    { name: 'about one copy that two objects need', studio: tbb('libtbb.so.12') },
    { name: 'about MPICH under its own program', studio: mpi(wants('MPI_Init'), mpich) },
    { name: 'about an object that only passes communicators on', studio: mpi(wants('MPI_Bcast'), openMpi) },
  ],
})

it.each([
  ['libpython3.11.so.1.0', 'python'],
  ['libpython3.so', undefined],
  ['libQt5Core.so.5', 'qt'],
  ['libQt6Core_vendor.so.6', 'qt'],
  ['libQt6Core5Compat.so.6', undefined],
  ['libQt5Gui.so.5', undefined],
  ['libLLVM-14.so.1', 'llvm'],
  ['libtbbmalloc.so.2', undefined],
  ['libhdf5_cpp.so.103', undefined],
])('%s belongs to %s', (soname, name) => {
  expect(builtinSingletons.of(soname)?.name).toBe(name)
})

it('a policy adds singletons, and names other libraries for known ones', () => {
  const own = singletonsWith({
    singletons: new Map([
      ['usd', ['libusd_tf.so*']],
      ['tbb', ['libourtbb.so.*']],
    ]),
  })
  expect(own.of('libusd_tf.so')?.name).toBe('usd')
  expect(own.of('libourtbb.so.3')).toMatchObject({ name: 'tbb', title: 'Threading Building Blocks' })
  expect(own.of('libtbb.so.2')).toBeNull()
  expect(own.of('libgomp.so.1')?.name).toBe('openmp')
})

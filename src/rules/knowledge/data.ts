/** Knowledge of drivers and of what every system gives. Generated from rules/ by tools/generate-knowledge.ts. */
import type { BuildTree, CoreLibrary, DriverFamily, OsRelease, Singleton } from './types.ts'

export const driverFamilies: readonly DriverFamily[] = [
  {
    name: 'amd',
    device: 'amd.com/gpu=all',
    stubs: [],
    libraries: [
      {
        soname: 'libamdocl64.so*',
        class: 'compute',
        reason: 'OpenCL of the ROCm driver, bound from the host',
        source: 'apptainer/apptainer etc/rocmliblist.conf',
      },
      {
        soname: 'libamdcomgr64.so*',
        class: 'compute',
        reason: 'code object manager of the ROCm driver, bound from the host',
        source: 'apptainer/apptainer etc/rocmliblist.conf',
      },
      {
        soname: 'librocr_debug_agent64.so*',
        class: 'compute',
        reason: 'debug agent of the ROCm runtime, bound from the host',
        source: 'apptainer/apptainer etc/rocmliblist.conf',
      },
    ],
    needs: [],
  },
  {
    name: 'nvidia',
    device: 'nvidia.com/gpu=all',
    stubs: ['**/stubs/*'],
    libraries: [
      {
        soname: 'libcuda.so*',
        class: 'compute',
        reason: "the driver's half of CUDA; it talks to the kernel module of its own version",
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, compute libraries',
      },
      {
        soname: 'libcudadebugger.so*',
        class: 'compute',
        reason: 'debugger interface of the same driver',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, compute libraries',
      },
      {
        soname: 'libnvidia-*.so*',
        class: 'utility, compute, graphics',
        reason: 'every library of this name is part of one driver version',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c; NVIDIA/nvidia-container-toolkit pkg/nvcdi/driver-nvml.go',
      },
      {
        soname: 'libnvcuvid.so*',
        class: 'video',
        reason: 'video decoding in the driver',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, video libraries',
      },
      {
        soname: 'libvdpau_nvidia.so*',
        class: 'video',
        reason: 'VDPAU back end of the driver',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, video libraries',
      },
      {
        soname: 'libnvoptix.so*',
        class: 'graphics',
        reason: 'OptiX lives in the driver, only its headers are in the SDK',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, graphics libraries',
      },
      {
        soname: 'libGLX_nvidia.so*',
        class: 'graphics',
        reason: 'vendor side of GLVND',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, GLVND libraries',
      },
      {
        soname: 'libEGL_nvidia.so*',
        class: 'graphics',
        reason: 'vendor side of GLVND',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, GLVND libraries',
      },
      {
        soname: 'libGLESv2_nvidia.so*',
        class: 'graphics',
        reason: 'vendor side of GLVND',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, GLVND libraries',
      },
      {
        soname: 'libGLESv1_CM_nvidia.so*',
        class: 'graphics',
        reason: 'vendor side of GLVND',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, GLVND libraries',
      },
      {
        soname: 'libdxcore.so*',
        class: 'compute',
        reason: 'the bridge to the Windows driver under WSL',
        source: 'NVIDIA/libnvidia-container src/nvc_info.c, WSL libraries',
      },
    ],
    needs: [
      {
        soname: 'libc.so.6',
        version: 'GLIBC_2.17',
        reason: 'the oldest C library that the driver is made for',
        source: 'NVIDIA driver README 550.54.14 (aarch64), Minimum Software Requirements',
      },
    ],
  },
]

export const coreLibraries: readonly CoreLibrary[] = [
  {
    soname: 'ld-linux*.so.*',
    family: 'libc',
    reason: 'the loader itself; it is part of the C library and must match it',
    source: 'glibc, shlib-versions',
  },
  { soname: 'ld64.so.*', family: 'libc', reason: 'the loader of s390x and ppc64', source: 'glibc, shlib-versions' },
  {
    soname: 'ld-musl-*.so.1',
    family: 'libc',
    reason: 'loader and C library of musl in one file',
    source: 'musl, ldso/dynlink.c',
  },
  {
    soname: 'libc.musl-*.so.1',
    family: 'libc',
    reason: "the name Alpine gives to musl's loader",
    source: 'Alpine aports, main/musl',
  },
  { soname: 'libc.so.6', family: 'libc', reason: 'C library', source: 'glibc, shlib-versions' },
  { soname: 'libm.so.6', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  { soname: 'libmvec.so.1', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  { soname: 'libdl.so.2', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  { soname: 'librt.so.1', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  { soname: 'libpthread.so.0', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  { soname: 'libutil.so.1', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  { soname: 'libresolv.so.2', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  { soname: 'libanl.so.1', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  { soname: 'libBrokenLocale.so.1', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  { soname: 'libthread_db.so.1', family: 'libc', reason: 'part of the C library', source: 'glibc, shlib-versions' },
  {
    soname: 'libnss_*.so.2',
    family: 'libc',
    reason: 'name service modules of the C library',
    source: 'glibc, shlib-versions',
  },
  {
    soname: 'libgcc_s.so.1',
    family: 'compiler',
    reason: 'exception handling, one copy per process',
    source: 'GCC, libgcc',
  },
  {
    soname: 'libstdc++.so.6',
    family: 'compiler',
    reason: 'C++ run-time, backwards compatible',
    source: 'GCC, libstdc++ ABI policy',
  },
]

/** Paths of commands that run inside Rez environments. */
export const systemToolPaths: readonly string[] = [
  '/bin/sh',
  '/bin/bash',
  '/bin/ls',
  '/bin/cp',
  '/bin/grep',
  '/bin/sed',
  '/bin/tar',
  '/usr/bin/env',
  '/usr/bin/awk',
  '/usr/bin/find',
  '/usr/bin/perl',
  '/usr/bin/python3',
  '/usr/bin/git',
  '/usr/bin/curl',
  '/usr/bin/ssh',
  '/usr/bin/xdg-open',
]

/** Libraries of which a process must have one copy. */
export const singletons: readonly Singleton[] = [
  {
    name: 'tbb',
    title: 'Threading Building Blocks',
    libraries: ['libtbb.so.2', 'libtbb.so.12', 'libtbb_debug.so.*'],
    severity: 'error',
    reason: 'two schedulers fill the machine with threads twice over, and types of the two cannot be handed across',
    flavours: [],
  },
  {
    name: 'openmp',
    title: 'OpenMP run-time',
    libraries: ['libgomp.so.1', 'libiomp5.so', 'libomp.so', 'libomp.so.*', 'libomp5.so'],
    severity: 'error',
    reason:
      'each brings its own team of threads; the LLVM run-time aborts where it meets itself, mixed ones oversubscribe or hang',
    flavours: [],
  },
  {
    name: 'python',
    title: 'Python interpreter',
    libraries: ['libpython2.*.so.*', 'libpython3.*.so.*'],
    severity: 'error',
    reason: 'interpreter state and type objects exist twice; modules of one crash in the other',
    flavours: [],
  },
  {
    name: 'qt',
    title: 'Qt',
    libraries: ['libQtCore.so.4', 'libQt5Core{,_*,-*}.so.5', 'libQt6Core{,_*,-*}.so.6'],
    severity: 'error',
    reason:
      'one application object, one event loop and one platform plugin for a process; two majors fight for the display',
    flavours: [],
  },
  {
    name: 'gtk',
    title: 'GTK',
    libraries: ['libgtk-x11-2.0.so.0', 'libgtk-3.so.0', 'libgtk-4.so.1'],
    severity: 'error',
    reason: 'GTK ends the process where it sees symbols of another major',
    flavours: [],
  },
  {
    name: 'cuda-runtime',
    title: 'CUDA run-time',
    libraries: ['libcudart.so.*'],
    severity: 'warn',
    reason: 'each keeps contexts, streams and memory pools of its own; handles of one mean nothing to the other',
    flavours: [],
  },
  {
    name: 'allocator',
    title: 'memory allocator',
    libraries: [
      'libjemalloc.so.*',
      'libtcmalloc.so.*',
      'libtcmalloc_minimal.so.*',
      'libmimalloc.so.*',
      'libtbbmalloc_proxy.so.*',
    ],
    severity: 'warn',
    reason:
      'the first in load order takes malloc for the whole process; blocks that the others hand out by their own names cannot be freed by it',
    flavours: [],
  },
  {
    name: 'openssl',
    title: 'OpenSSL',
    libraries: ['libcrypto.so.*'],
    severity: 'warn',
    reason:
      'symbol versions keep the functions apart, but objects such as certificates cannot be handed from one to the other',
    flavours: [],
  },
  {
    name: 'protobuf',
    title: 'Protocol Buffers',
    libraries: ['libprotobuf.so.*'],
    severity: 'error',
    reason: 'both register the same descriptors and compare versions; the second ends the process',
    flavours: [],
  },
  {
    name: 'hdf5',
    title: 'HDF5',
    libraries: ['libhdf5.so.*', 'libhdf5_serial.so.*', 'libhdf5_openmpi.so.*', 'libhdf5_mpich.so.*'],
    severity: 'error',
    reason:
      'functions are unversioned, so that the first one serves both; H5check_version ends the process where versions differ',
    flavours: [],
  },
  {
    name: 'llvm',
    title: 'LLVM',
    libraries: ['libLLVM-*.so*', 'libLLVM.so.*'],
    severity: 'warn',
    reason: 'global command line options are registered twice where symbols are not versioned, and LLVM aborts',
    flavours: [],
  },
  {
    name: 'mpi',
    title: 'MPI',
    libraries: ['libmpi.so.*', 'libmpich.so.*', 'libmpi_mpich.so.*'],
    severity: 'error',
    reason:
      'Open MPI and MPICH share the names of functions and nothing else; handles are pointers in one and numbers in the other',
    flavours: [
      { name: 'Open MPI', defines: 'ompi_mpi_comm_world', imports: 'ompi_*' },
      { name: 'MPICH', defines: 'MPIR_Dup_fn', imports: '{MPI_Init,MPI_Init_thread}' },
    ],
  },
]

/** The C library of operating systems. */
export const osReleases: readonly OsRelease[] = [
  { os: 'centos', version: '6', glibc: [2, 12] },
  { os: 'centos', version: '7', glibc: [2, 17] },
  { os: 'centos', version: '8', glibc: [2, 28] },
  { os: 'rhel', version: '7', glibc: [2, 17] },
  { os: 'rhel', version: '8', glibc: [2, 28] },
  { os: 'rhel', version: '9', glibc: [2, 34] },
  { os: 'rhel', version: '10', glibc: [2, 39] },
  { os: 'rocky', version: '8', glibc: [2, 28] },
  { os: 'rocky', version: '9', glibc: [2, 34] },
  { os: 'rocky', version: '10', glibc: [2, 39] },
  { os: 'almalinux', version: '8', glibc: [2, 28] },
  { os: 'almalinux', version: '9', glibc: [2, 34] },
  { os: 'almalinux', version: '10', glibc: [2, 39] },
  { os: 'debian', version: '10', glibc: [2, 28] },
  { os: 'debian', version: '11', glibc: [2, 31] },
  { os: 'debian', version: '12', glibc: [2, 36] },
  { os: 'debian', version: '13', glibc: [2, 41] },
  { os: 'ubuntu', version: '18.04', glibc: [2, 27] },
  { os: 'ubuntu', version: '20.04', glibc: [2, 31] },
  { os: 'ubuntu', version: '22.04', glibc: [2, 35] },
  { os: 'ubuntu', version: '24.04', glibc: [2, 39] },
]

/** Folders that exist only where software is built. */
export const buildTrees: readonly BuildTree[] = [
  { path: '/home/**', reason: 'the home of whoever built it' },
  { path: '/root/**', reason: 'the home of root in a build container' },
  { path: '/Users/**', reason: 'a home on macOS' },
  { path: '/tmp/**', reason: 'temporary files' },
  { path: '/var/tmp/**', reason: 'temporary files' },
  { path: '/usr/src/**', reason: 'sources' },
  { path: '/build/**', reason: 'build folder of sbuild, Nix and many containers' },
  { path: '/builddir/**', reason: 'build folder of mock' },
  { path: '**/rpmbuild/{BUILD,BUILDROOT}/**', reason: 'build folder of rpmbuild' },
  { path: '**/conda-bld/**', reason: 'build folder of conda-build' },
  { path: '**/*_h_env_placehold*/**', reason: 'the padded prefix of conda-build' },
  { path: '/io/**', reason: 'where manylinux containers mount the sources' },
  { path: '/builds/**', reason: 'workspace of GitLab runners' },
  { path: '/__w/**', reason: 'workspace of GitHub Actions in a container' },
  { path: '/github/workspace/**', reason: 'workspace of GitHub Actions in a container' },
  { path: '**/jenkins/workspace/**', reason: 'workspace of Jenkins' },
  { path: '**/CMakeFiles/**', reason: 'temporary files of CMake' },
]

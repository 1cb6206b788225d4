/** RPH002: a run path leads to a folder that is not there. */
import { fileDigest } from '../../src/tree/digest.ts'
import { openFolderTree } from '../../src/tree/folder.ts'
import { ruleWorlds } from '../support/rule-worlds.ts'
import type { StudioSpec } from '../support/studio.ts'
import { lib } from '../support/studio.ts'

function studio(runpath: string, more: Partial<StudioSpec> = {}): StudioSpec {
  return {
    packages: {
      'app-1': {
        requires: ['tbb'],
        files: {
          'bin/app': {
            elf: { type: 'exec', interpreter: '/lib64/ld-linux-x86-64.so.2', needs: ['libtbb.so.2'], runpath },
          },
        },
      },
      'tbb-2020.3': { libraryPath: [], files: { 'lib/libtbb.so.2': lib('libtbb.so.2') } },
    },
    ...more,
  }
}

/** A library that repairs of its package lead to a graft, and a context without that graft; no host. */
function ledToGraft(name: string): StudioSpec {
  const file = { elf: { soname: 'libtbb.so.2', runpath: '$ORIGIN' } }
  return {
    packages: { [`${name}-1`]: { files: { 'lib/libtbb.so.2': file } } },
    host: null,
    base: {},
    repairs: (context) => {
      const path = `${context.packages[0]?.root ?? ''}/lib/libtbb.so.2`
      const guard = { sha256: fileDigest(openFolderTree('/'), path) ?? '', runpath: ['$ORIGIN'] }
      const set = { tag: 'runpath' as const, value: ['{graft}/private/libink.so.1', '$ORIGIN'] }
      const rpath = { [`{${name}}/lib/libtbb.so.2`]: { guard, set } }
      const subject = { package: name, version: '1' }
      return [{ path: `packages/${name}/1.yaml`, file: { kind: 'package' as const, subject, rpath } }]
    },
  }
}

/** A program with a library of its own in lib/app, which no search path names. */
function privateFolder(needs: readonly string[], runpath = '/usr/lib/app'): StudioSpec {
  return {
    packages: {
      'app-1': {
        files: {
          'bin/app': { elf: { type: 'exec', interpreter: '/lib64/ld-linux-x86-64.so.2', needs, runpath } },
          'lib/app/libplug.so.0': lib('libplug.so.0'),
        },
      },
    },
  }
}

ruleWorlds('RPH002', {
  found: [
    {
      name: 'an old mount of a repository, and the library that was meant',
      studio: studio('/sw/packages/tbb/2020.3/lib'),
      finds: ['app-1 /sw/packages/tbb/2020.3/lib error'],
      says: ['missing from the host and the base', 'the context has tbb-2020.3', 'libtbb.so.2 is not found without it'],
      afterRepair: studio('$ORIGIN/../../../tbb/2020.3/lib'),
    },
    {
      name: 'a folder of the host that serves a library and is absent from the base',
      studio: {
        ...studio('/opt/vendor/lib', { host: { 'opt/vendor/lib/libtbb.so.2': lib('libtbb.so.2') } }),
      },
      finds: ['app-1 /opt/vendor/lib error'],
      says: ['missing from the base'],
    },
    {
      name: 'another version of a package, where everything is found all the same',
      studio: {
        packages: {
          'app-1': {
            requires: ['tbb'],
            files: {
              'lib/libapp.so.1': {
                elf: { soname: 'libapp.so.1', needs: ['libtbb.so.2'], runpath: '$ORIGIN/../../../tbb/2019.1/lib' },
              },
            },
          },
          'tbb-2020.3': { files: { 'lib/libtbb.so.2': lib('libtbb.so.2') } },
        },
      },
      finds: ['app-1 $ORIGIN/../../../tbb/2019.1/lib warn'],
      says: ['Every library is found without it'],
    },
    {
      name: 'the place of an earlier build, by the folder of that name in the own package',
      studio: privateFolder(['libplug.so.0']),
      finds: ['app-1 /usr/lib/app error'],
      says: ['app-1 itself has {root}/lib/app. libplug.so.0 is not found without it'],
      afterRepair: privateFolder(['libplug.so.0'], '$ORIGIN/../lib/app'),
    },
    {
      name: 'only what the package that it names has, among all that is missing',
      studio: privateFolder(['libX11.so.6', 'libplug.so.0']),
      finds: ['app-1 /usr/lib/app error'],
      says: ['{root}/lib/app. libplug.so.0 is not found without it'],
    },
    {
      name: 'as a warning where the object is opened in a process that may have the library',
      studio: {
        packages: {
          'app-1': {
            files: {
              'plugins/noise.so': { elf: { needs: ['libplug.so.0'], runpath: '/usr/lib/app' } },
              'lib/app/libplug.so.0': lib('libplug.so.0'),
            },
          },
        },
      },
      finds: ['app-1 /usr/lib/app warn'],
    },
    {
      name: 'a folder that may have held what is missing',
      studio: privateFolder(['libX11.so.6']),
      finds: ['app-1 /usr/lib/app note'],
      says: ['Whether libX11.so.6, which is missing, lay there is not known.'],
    },
    {
      name: 'a folder that nobody knows, as a note',
      studio: {
        packages: { 'a-1': { files: { 'lib/liba.so.1': { elf: { soname: 'liba.so.1', runpath: '/opt/gone/lib' } } } } },
      },
      finds: ['a-1 /opt/gone/lib note'],
    },
  ],
  clean: [
    {
      name: 'where the folder is in both systems',
      studio: studio('/opt/v/lib', { host: { 'opt/v/lib/x': '' }, base: { 'opt/v/lib/x': '' } }),
    },
    { name: 'about a folder of the own package that it does not have', studio: studio('$ORIGIN/../lib64') },
    { name: 'about the way to a graft that another context of the package has', studio: ledToGraft('tbb') },
    { name: 'about an absent folder of a build, which RPH001 names', studio: studio('/tmp/x/lib') },
  ],
})

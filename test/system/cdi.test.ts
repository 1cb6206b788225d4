/** Device files for container engines: what is read of them, and what is said of those that are none. */
import { describe, expect, test } from 'vitest'
import { faultText } from '../../src/domain/fault.ts'
import { readCdi } from '../../src/system/cdi.ts'
import { diskVolume } from '../../src/tree/disk.ts'
import { volumeTree } from '../../src/tree/folder.ts'
import { makeFolder, makeTree } from '../support/system/folder.ts'

const mount = (path: string): object => ({ hostPath: `/host${path}`, containerPath: path, options: ['ro'] })

test('devices and mounts of all files, each mount once, in the order of folders and names', () => {
  const both = {
    cdiVersion: '0.6.0',
    kind: 'nvidia.com/gpu',
    devices: [
      { name: '0', containerEdits: { mounts: [mount('/b'), mount('/a')] } },
      { name: 'all', containerEdits: { mounts: [mount('/a')], deviceNodes: [] } },
      { name: 'bare', containerEdits: null },
    ],
    containerEdits: { mounts: [mount('/c')] },
  }
  const tree = makeTree({
    '/etc/cdi/b.yaml': 'cdiVersion: "0.5.0"\nkind: amd.com/gpu\ndevices:\n',
    '/etc/cdi/a.json': JSON.stringify(both),
    '/etc/cdi/readme.txt': 'none',
    '/run/cdi/c.yml':
      'cdiVersion: "0.5.0"\nkind: intel.com/gpu\ncontainerEdits: {mounts: null}\ndevices: [{name: x}]\n',
    '/var/run': { link: '/run' },
  })
  const { specs, faults } = readCdi(tree)
  expect(faults).toEqual([])
  expect(specs).toEqual([
    {
      file: '/etc/cdi/a.json',
      kind: 'nvidia.com/gpu',
      devices: ['nvidia.com/gpu=0', 'nvidia.com/gpu=all', 'nvidia.com/gpu=bare'],
      mounts: ['/c', '/b', '/a'].map((path) => ({ hostPath: `/host${path}`, containerPath: path })),
    },
    { file: '/etc/cdi/b.yaml', kind: 'amd.com/gpu', devices: [], mounts: [] },
    { file: '/run/cdi/c.yml', kind: 'intel.com/gpu', devices: ['intel.com/gpu=x'], mounts: [] },
  ])
})

test('one folder under two names is read once; a file in the place of a folder is none', () => {
  const once = makeTree({
    '/etc/cdi': { link: '/run/cdi' },
    '/var/run': { link: '/run' },
    '/run/cdi/a.json': '{"cdiVersion": "1", "kind": "v/c"}',
  })
  expect(readCdi(once).specs.map(({ file }) => file)).toEqual(['/run/cdi/a.json'])
  expect(readCdi(makeTree({ '/etc/cdi': 'a file' }))).toEqual({ specs: [], faults: [] })
})

describe('what is no device file is a fault, as an engine refuses it', () => {
  test.each([
    ['{"cdiVersion": "1", "kind": 3}', 'kind: '],
    ['{"cdiVersion": "1", "kind": "v/c", "devices": [{"name": "a"}, {}]}', 'devices.1.name: '],
    [
      '{"cdiVersion": "1", "kind": "v/c", "containerEdits": {"mounts": [{"hostPath": "/a"}]}}',
      'mounts.0.containerPath: ',
    ],
    ['', 'is no CDI file: Invalid input'],
    ['[1, 2]', 'is no CDI file: Invalid input'],
    ['a: [', 'it is neither JSON nor YAML'],
    [`a: &a [1]\nb: [${'*a,'.repeat(200)}]`, 'is no CDI file'],
    ['? {a: b}\n: c', 'cdiVersion: '],
  ])('%j', (text, message) => {
    const { specs, faults } = readCdi(makeTree({ '/etc/cdi/x.yaml': text }))
    expect(specs).toEqual([])
    expect(faults.map(faultText)).toEqual([expect.stringMatching(/^\/etc\/cdi\/x\.yaml: .*; make it again$/)])
    expect(faultText(faults[0] ?? { kind: 'missing', file: '', offset: null, line: null, message: '' })).toContain(
      message,
    )
  })

  test('what cannot be read', () => {
    const disk = diskVolume(makeFolder({ 'etc/cdi/a.json': '{}', 'var/run/cdi/b.json': 'x' }))
    const tree = volumeTree('t', {
      volume: {
        ...disk,
        children: (path) => (path === 'var/run/cdi' ? { kind: 'failure', errno: 'EACCES' } : disk.children(path)),
        open: () => ({ kind: 'failure', errno: 'EIO' }),
      },
      inner: '',
    })
    expect(readCdi(tree).faults.map(faultText)).toEqual([
      '/etc/cdi/a.json: the device file cannot be read (EIO)',
      '/var/run/cdi: the folder of device files cannot be listed (EACCES)',
    ])
  })
})

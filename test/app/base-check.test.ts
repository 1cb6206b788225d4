/** `base check` on the drivers that a declaration leaves to the machine. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkSource } from '../../src/app/base-check.ts'
import { faultText } from '../../src/domain/fault.ts'
import type { BaseCheck } from '../../src/migrate/base-check.ts'
import { baseCheckText } from '../../src/report/base-check.ts'
import { plainStyle } from '../../src/report/style.ts'
import { takeCapture } from '../../src/system/capture/take.ts'
import { buildElf } from '../support/elf/build.ts'
import { libcBytes, loaderBytes } from '../support/loader/stand-ins.ts'
import { makeFolder } from '../support/system/folder.ts'

const FOLDER = 'usr/lib/x86_64-linux-gnu'
const CUDA = buildElf({ soname: 'libcuda.so.1' })
const SPEC = {
  cdiVersion: '0.6.0',
  kind: 'nvidia.com/gpu',
  devices: [{ name: '0' }, { name: 'all', containerEdits: { deviceNodes: [{ path: '/dev/nvidia0' }] } }],
  containerEdits: {
    mounts: [
      { hostPath: '/opt/driver/libcuda.so.550.54', containerPath: '/usr/lib64/libcuda.so.550.54', options: ['ro'] },
      { hostPath: '/opt/driver/libnvidia-ml.so.550.54', containerPath: '/usr/lib64/libnvidia-ml.so.550.54' },
      { hostPath: '/opt/driver/nvidia-smi', containerPath: '/usr/bin/nvidia-smi' },
    ],
  },
}

type Files = Parameters<typeof makeFolder>[0]

function root(more: Files = {}): string {
  return makeFolder({
    lib64: { link: 'usr/lib64' },
    lib: { link: 'usr/lib' },
    'usr/lib64/ld-linux-x86-64.so.2': { link: `/${FOLDER}/ld-2.36.so` },
    [`${FOLDER}/ld-2.36.so`]: loaderBytes([2, 36]),
    [`${FOLDER}/libc.so.6`]: libcBytes([2, 36]),
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    ...more,
  })
}

function declaration(drivers: string): string {
  return join(makeFolder({ 'base.yaml': `schema: airtight/base/v1\nname: b\ndrivers: ${drivers}\n` }), 'base.yaml')
}

async function check(drivers: string, source: string, machine: boolean): Promise<BaseCheck> {
  const found = await checkSource(declaration(drivers), source, machine)
  if ('message' in found) throw new Error(faultText(found))
  expect(found.faults).toEqual([])
  return found.check
}

const told = (check: BaseCheck): readonly string[] => [
  ...check.missing.map(({ aspect, name }) => `missing ${aspect} ${name}`),
  ...check.different.map(({ aspect, name }) => `different ${aspect} ${name}`),
]

describe('drivers of a machine', () => {
  test('libraries that its loader finds', async () => {
    const source = root({ [`${FOLDER}/libcuda.so.1`]: CUDA })
    const { drivers, ...rest } = await check('[libcuda.so.1, nvidia, libvendor.so.*]', source, true)
    expect(rest).toMatchObject({ machine: true, checked: 3, different: [] })
    expect(rest.missing).toEqual([{ aspect: 'driver', name: 'libvendor.so.*', expected: null, found: null }])
    expect(drivers.map(({ name, device, libraries }) => [name, device, libraries.length])).toEqual([
      ['libcuda.so.1', 'nvidia.com/gpu=all', 1],
      ['nvidia', 'nvidia.com/gpu=all', 1],
      ['libvendor.so.*', null, 0],
    ])
    expect(drivers[0]?.libraries[0]).toEqual({ soname: 'libcuda.so.1', path: `/${FOLDER}/libcuda.so.1`, cdi: null })
  })

  test('libraries that a CDI file lays into containers, by the soname of the file; JSON and YAML', async () => {
    const files = {
      'opt/driver/libcuda.so.550.54': CUDA,
      'opt/driver/libnvidia-ml.so.550.54': buildElf({ soname: 'libnvidia-ml.so.1' }),
    }
    const json = root({ ...files, 'etc/cdi/nvidia.json': JSON.stringify(SPEC) })
    const yaml = root({
      ...files,
      'var/run': { link: '/run' },
      'run/cdi/nvidia.yaml': `cdiVersion: 0.6.0\nkind: nvidia.com/gpu\ndevices: [{name: all}]\ncontainerEdits:\n  mounts:\n  - {hostPath: /opt/driver/libcuda.so.550.54, containerPath: /usr/lib64/libcuda.so.550.54}\n`,
    })
    for (const [source, file, devices] of [
      [json, '/etc/cdi/nvidia.json', ['nvidia.com/gpu=0', 'nvidia.com/gpu=all']],
      [yaml, '/run/cdi/nvidia.yaml', ['nvidia.com/gpu=all']],
    ] as const) {
      const found = await check('[libcuda.so.1]', source, true)
      expect(told(found)).toEqual([])
      expect(found.drivers[0]).toMatchObject({
        devices,
        libraries: [{ soname: 'libcuda.so.1', path: '/opt/driver/libcuda.so.550.54', cdi: file }],
      })
    }
  })

  test('a capture of a machine keeps its CDI files', async () => {
    const source = root({ 'etc/cdi/nvidia.json': JSON.stringify(SPEC), 'opt/driver/libcuda.so.550.54': CUDA })
    const options = { rpmProgram: null, platform: null, progress: null, label: 'm', own: false }
    const taken = await takeCapture(source, options)
    if ('message' in taken) throw new Error(faultText(taken))
    const file = join(makeFolder({}), 'm.capture')
    writeFileSync(file, taken.bytes)
    const found = await check('[libcuda.so.1]', file, true)
    expect(found.drivers).toEqual((await check('[libcuda.so.1]', source, true)).drivers)
    expect(told(found)).toEqual([])
  })

  test('a CDI file that names what is gone, as after an update of the driver', async () => {
    const found = await check('[nvidia]', root({ 'etc/cdi/n.json': JSON.stringify(SPEC) }), true)
    expect(told(found)).toEqual([
      'missing driver nvidia',
      'different driver /etc/cdi/n.json',
      'different driver /etc/cdi/n.json',
    ])
    expect(found.different.map(({ expected }) => expected)).toEqual([
      '/opt/driver/libcuda.so.550.54',
      '/opt/driver/libnvidia-ml.so.550.54',
    ])
  })

  test('what is no CDI file is a fault', async () => {
    const source = root({ 'etc/cdi/a.json': '{"kind": 3}', 'etc/cdi/b.yaml': 'a: [', 'etc/cdi/readme': 'x' })
    const found = await checkSource(declaration('[amd]'), source, true)
    if ('message' in found) throw new Error(faultText(found))
    expect(found.faults.map(({ file }) => file)).toEqual(['/etc/cdi/a.json', '/etc/cdi/b.yaml'])
  })
})

describe('drivers and an image', () => {
  test('what it lacks is as declared', async () => {
    const found = await check('[nvidia, libcuda.so.1]', root(), false)
    expect(told(found)).toEqual([])
    expect(baseCheckText(found, plainStyle)).toContain('nvidia: left to the machine that runs the image')
  })

  test('a copy in it belongs to one version of the driver; CDI files in it say nothing', async () => {
    const source = root({ [`${FOLDER}/libcuda.so.1`]: CUDA, 'etc/cdi/n.json': JSON.stringify(SPEC) })
    const found = await check('[nvidia, libcuda.so.1]', source, false)
    expect(told(found)).toEqual(['different driver libcuda.so.1'])
    expect(baseCheckText(found, plainStyle)).toContain(
      `different  driver libcuda.so.1: comes from the machine, and /${FOLDER}/libcuda.so.1 is in the image`,
    )
  })

  test('it must have what the driver needs', async () => {
    const source = root({
      [`${FOLDER}/libc.so.6`]: buildElf({ soname: 'libc.so.6', versionDefinitions: ['GLIBC_2.12'] }),
    })
    expect(told(await check('[nvidia]', source, false))).toEqual(['missing driver-need libc.so.6'])
    expect(told(await check('[libvendor.so]', source, false))).toEqual([])
  })
})

test('an entry that is neither a driver nor a soname', async () => {
  const found = await checkSource(declaration('[nvidai]'), root(), false)
  expect('message' in found ? found.message : '').toContain("did you mean 'nvidia'?")
})

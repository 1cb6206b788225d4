/** Logs of three kinds are told apart: the loader's trace, the map of a process, a saved observation. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readLog } from '../../src/runtime/logs.ts'
import { MapReader } from '../../src/runtime/maps.ts'

const MAP = `55d0c8a00000-55d0c8a02000 r--p 00000000 fe:01 131 /usr/bin/app
55d0c8a02000-55d0c8a06000 r-xp 00002000 fe:01 131                        /usr/bin/app
55d0c9e00000-55d0c9e21000 rw-p 00000000 00:00 0                          [heap]
7f0a00000000-7f0a00100000 r--p 00000000 fe:01 200                        /usr/lib/locale/locale-archive
7f0a10000000-7f0a10020000 r--p 00000000 fe:01 300                        /usr/lib/libicudata.so.72.1
7f0a20000000-7f0a20020000 r-xp 00000000 fe:01 301                        /opt/my libs/libold.so.1 (deleted)
7f0a30000000-7f0a30001000 r-xp 00000000 fe:01 302                        /tmp/a\\012b
7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]
`

function log(text: string): ReturnType<typeof readLog> {
  return readLog('log', text.split('\n'))
}

it('reads a map: objects, no fonts and no heap', () => {
  const { processes, faults } = log(MAP)
  expect(faults).toEqual([])
  expect(processes).toHaveLength(1)
  expect(processes[0]).toMatchObject({ pid: null, program: '/usr/bin/app', source: 'maps' })
  expect(processes[0]?.loads.map((load) => load.file)).toEqual([
    '/usr/lib/libicudata.so.72.1',
    '/opt/my libs/libold.so.1',
    '/tmp/a\nb',
  ])
})

it('reads a saved observation again', () => {
  const { processes } = log(MAP)
  const saved = JSON.stringify(
    { schema: 'airtight/observation/v1', tool: 'x', processes, faults: [], notes: ['n'] },
    null,
    2,
  )
  expect(log(saved)).toEqual({ processes, faults: [], notes: ['n'] })
})

it('takes a map that shows no program, and keeps what some part of may be executed', () => {
  const lines = [
    '7f0a10000000-7f0a10020000 r--p 00000000 fe:01 300 /usr/lib/liba.so.1',
    '7f0a20000000-7f0a20020000 r-xp 00000000 fe:01 301 /usr/lib/liba.so.1',
    '7f0a30000000-7f0a30020000 r--p 00000000 fe:01 302 /usr/share/fonts/a.ttf',
    '7f0a40000000-7f0a40020000 r-xp 00000000 00:00 0 anon_inode:i915.gem',
    '7f0a50000000-7f0a50020000 r-xp 00000000 00:00 0',
    '',
    'no line of a map',
  ]
  const reader = new MapReader()
  for (const line of lines) reader.line(line)
  expect([reader.own, reader.foreign]).toEqual([5, 1])
  expect(reader.finish(7, null)).toMatchObject({
    pid: 7,
    name: '',
    program: null,
    loads: [{ file: '/usr/lib/liba.so.1' }],
  })
  expect(reader.finish(7, '/usr/lib/liba.so.1')).toMatchObject({ program: '/usr/lib/liba.so.1', loads: [] })
  expect(new MapReader().finish(7, '/usr/bin/a')).toBeNull()
})

it('says which field of a saved observation is wrong', () => {
  const text = JSON.stringify({ schema: 'airtight/observation/v1', processes: [{ pid: 'x' }], notes: [] })
  expect(log(text).faults[0]?.message).toMatch(/^is no airtight\/observation\/v1: processes\.0\.pid: /)
  expect(log('{"schema": 1\n\n}').faults[0]?.message).toMatch(/^is no airtight\/observation\/v1: schema: /)
})

it('says what a log is not', () => {
  const message = (text: string): string | undefined => log(text).faults[0]?.message
  expect(message('Fra:1 Mem:20M\nSaved: a.png\n')).toContain('holds no line of LD_DEBUG')
  expect(message('')).toContain('holds no line of LD_DEBUG')
  expect(message('{"schema": "airtight/audit/v1"}')).toContain('is no airtight/observation/v1: schema')
  expect(message('{ half')).toContain('begins like JSON')
})

it('takes any bytes of a map', () => {
  const part = fc.constantFrom(
    '7f00-7f10',
    ' ',
    'r-xp',
    '00000000',
    'fe:01',
    '12',
    '/lib/a.so',
    '[heap]',
    ' (deleted)',
    '\\012',
    'x',
  )
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
      ),
      (lines) => {
        const reader = new MapReader()
        for (const line of lines) reader.line(line)
        const seen = reader.finish(1, null)
        expect(seen === null).toBe(reader.own === 0)
        expect(readLog('log', lines).processes.length).toBeLessThanOrEqual(lines.length)
      },
    ),
  )
})

/** What of a session is seen inside: home, working folder, display, sound, licences; and what cannot be had. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Session, SessionFacts, SessionWishes } from '../../src/runtime/session.ts'
import { mountOf, sessionOf } from '../../src/runtime/session.ts'

const NONE: SessionWishes = { x11: false, wayland: false, audio: false, gpu: false, licences: [], env: [] }

function session(
  wishes: Partial<SessionWishes>,
  facts: Partial<SessionFacts> & { readonly has?: readonly string[] } = {},
): Session {
  const { has = [], ...rest } = facts
  const there = new Set(['/home/me', ...has])
  const base = {
    env: {},
    home: '/home/me',
    user: 'me',
    folder: '/home/me/shot',
    exists: (path: string) => there.has(path),
  }
  return sessionOf({ ...base, ...rest }, { ...NONE, ...wishes })
}

const targets = ({ mounts }: Session): readonly string[] =>
  mounts.map((mount) => `${mount.target}${mount.readOnly ? ' ro' : ''}`)

describe('home and working folder', () => {
  it('are bound at their own paths', () => {
    expect(targets(session({}))).toEqual(['/home/me'])
    expect(session({}).folder).toBe('/home/me/shot')
    expect(targets(session({}, { folder: '/shows/dragon' }))).toEqual(['/shows/dragon', '/home/me'])
  })

  it('a folder of the system is not bound over that of the image', () => {
    const seen = session({}, { folder: '/usr/share/x' })
    expect(targets(seen)).toEqual(['/home/me'])
    expect(seen).toMatchObject({ folder: '/home/me', notes: [expect.stringContaining('/usr/share/x')] })
  })

  it('a home that is not there is said', () => {
    expect(session({}, { home: '/nowhere', folder: '/' })).toMatchObject({
      mounts: [],
      notes: [expect.stringContaining('/nowhere')],
    })
  })
})

it('passes on who and where a person is, licences that are set, and what was named', () => {
  const env = { LANG: 'C', PATH: '/x', LD_LIBRARY_PATH: '/y', RLM_LICENSE: '5053@l', MINE: 'a b' }
  const seen = session({ licences: ['RLM_LICENSE', 'UNSET_LICENSE'], env: ['MINE', 'NEW=1=2'] }, { env })
  expect(seen.env).toEqual([
    ['HOME', '/home/me'],
    ['USER', 'me'],
    ['LOGNAME', 'me'],
    ['LANG', 'C'],
    ['RLM_LICENSE', '5053@l'],
    ['MINE', 'a b'],
    ['NEW', '1=2'],
  ])
  expect(session({ env: ['GONE', 'a b=1'] }, {}).failures).toHaveLength(2)
})

it('X11: display, authority, sockets; an error without a display', () => {
  const env = { DISPLAY: ':1', XAUTHORITY: '/run/x' }
  const seen = session({ x11: true }, { env, has: ['/tmp/.X11-unix', '/run/x', '/dev/dri'] })
  expect(targets(seen)).toEqual(['/home/me', '/tmp/.X11-unix ro', '/run/x ro'])
  expect(seen.env).toContainEqual(['DISPLAY', ':1'])
  expect(seen.devices).toEqual(['/dev/dri'])
  expect(session({ x11: true }).failures).toEqual(['--x11: DISPLAY is not set'])
})

it('Wayland and sound: the sockets alone, not the whole folder', () => {
  const env = { XDG_RUNTIME_DIR: '/run/user/1', WAYLAND_DISPLAY: 'wayland-0' }
  const has = ['/run/user/1/wayland-0', '/run/user/1/pulse/native', '/dev/snd']
  const seen = session({ wayland: true, audio: true }, { env, has })
  expect(targets(seen)).toEqual(['/home/me', '/run/user/1/wayland-0', '/run/user/1/pulse/native'])
  expect(seen.env).toContainEqual(['PULSE_SERVER', 'unix:/run/user/1/pulse/native'])
  expect(seen.devices).toEqual(['/dev/snd'])
  expect(session({ wayland: true, audio: true }).failures).toHaveLength(2)
})

describe('a mount', () => {
  it.each([
    ['/a', { source: '/a', target: '/a', readOnly: false }],
    ['/a/:/b', { source: '/a', target: '/b', readOnly: false }],
    ['/a:/b:ro', { source: '/a', target: '/b', readOnly: true }],
    ['/a::ro', { source: '/a', target: '/a', readOnly: true }],
  ])('%s', (text, mount) => {
    expect(mountOf(text)).toEqual(mount)
  })

  it.each(['a', '/a:b', '/a:/b:rx', '/a:/b:ro:x', ''])('%j is none', (text) => {
    expect(mountOf(text)).toContain('is no mount')
  })

  it('is a mount or a sentence for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = mountOf(text)
        expect(typeof read === 'string' || read.source.startsWith('/')).toBe(true)
      }),
    )
  })
})

/** The first line of a script. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseShebang } from '../../src/app/shebang.ts'

it.each([
  ['#!/bin/sh\n', { interpreter: '/bin/sh', command: null }],
  ['#! /usr/bin/python3 -E\nx', { interpreter: '/usr/bin/python3', command: null }],
  ['#!/usr/bin/env python3\n', { interpreter: '/usr/bin/env', command: 'python3' }],
  ['#!/usr/bin/env -S python3 -I\n', { interpreter: '/usr/bin/env', command: 'python3' }],
  ['#!/usr/bin/env -Spython3 -I\n', { interpreter: '/usr/bin/env', command: 'python3' }],
  ['#!/usr/bin/env -i A=1 python3\n', { interpreter: '/usr/bin/env', command: 'python3' }],
  ['#!/usr/bin/env\n', { interpreter: '/usr/bin/env', command: null }],
  ['#!python3\n', null],
  ['# !/bin/sh\n', null],
  ['', null],
])('%j', (text, expected) => {
  expect(parseShebang(text)).toEqual(expected)
})

it('takes any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseShebang(`#!${text}`)).not.toBeUndefined()
    }),
  )
})

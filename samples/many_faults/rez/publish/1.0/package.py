# -*- coding: utf-8 -*-

name = 'publish'

version = '1.0'

description = 'Its DT_RPATH leads to a copy of its own.'

requires = [
    'shrink-1',
]

tools = [
    'publish',
]

def commands():
    env.PATH.append('{root}/bin')

format_version = 2

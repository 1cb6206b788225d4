# -*- coding: utf-8 -*-

name = 'render'

version = '1.0'

description = 'Its run path leads to the old mount of the repository.'

requires = [
    'kernels',
]

tools = [
    'render',
]

def commands():
    env.PATH.append('{root}/bin')

format_version = 2

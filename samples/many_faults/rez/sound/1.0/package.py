# -*- coding: utf-8 -*-

name = 'sound'

version = '1.0'

description = 'Opens a sound library at run time.'

tools = [
    'sound',
]

def commands():
    env.PATH.append('{root}/bin')

format_version = 2

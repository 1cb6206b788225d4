# -*- coding: utf-8 -*-

name = 'look'

version = '1.0'

description = 'All of them meet in its process.'

requires = [
    'reader-1',
    'tiff-4.5',
    'volume-1',
    'tbb-2021',
]

tools = [
    'look',
]

def commands():
    env.PATH.append('{root}/bin')

format_version = 2

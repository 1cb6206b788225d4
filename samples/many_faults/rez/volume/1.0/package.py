# -*- coding: utf-8 -*-

name = 'volume'

version = '1.0'

description = 'Built with the old TBB.'

requires = [
    'tbb-2021',
]

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

# -*- coding: utf-8 -*-

name = 'reader'

version = '1.0'

description = 'Built with the old major.'

requires = [
    'tiff-4.5',
]

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

# -*- coding: utf-8 -*-

name = 'shrink'

version = '1.3'

description = 'A library that publish has a copy of.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

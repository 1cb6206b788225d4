# -*- coding: utf-8 -*-

name = 'wrangle'

version = '1.0'

description = 'Its run path ends with a colon.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

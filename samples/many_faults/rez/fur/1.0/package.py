# -*- coding: utf-8 -*-

name = 'fur'

version = '1.0'

description = 'Its run path leads into a package that it does not require.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

# -*- coding: utf-8 -*-

name = 'scatter'

version = '1.0'

description = 'Its run path leads into the workspace of a build.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

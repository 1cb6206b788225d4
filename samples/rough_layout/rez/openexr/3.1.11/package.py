# -*- coding: utf-8 -*-

name = 'openexr'

version = '3.1.11'

description = 'High dynamic range images.'

variants = [['imath-3.1']]

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

# -*- coding: utf-8 -*-

name = 'imath'

version = '3.1.9'

description = 'Vectors, matrices and half floats.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

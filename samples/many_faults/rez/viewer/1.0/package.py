# -*- coding: utf-8 -*-

name = 'viewer'

version = '1.0'

description = 'Its DT_RPATH names a folder of the system.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

# -*- coding: utf-8 -*-

name = 'ported'

version = '1.0'

description = 'Says CentOS 7 and was built on something newer.'

requires = [
    'os-CentOS-7',
]

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

# -*- coding: utf-8 -*-

name = 'tiff'

version = '4.5.1'

description = 'Two majors of one library.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

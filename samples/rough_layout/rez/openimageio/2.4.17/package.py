# -*- coding: utf-8 -*-

name = 'openimageio'

version = '2.4.17'

description = 'Reads and writes images of every format.'

tools = ['oiiotool']

requires = ['openexr-3.1']

def commands():
    env.PATH.append('{root}/bin')
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

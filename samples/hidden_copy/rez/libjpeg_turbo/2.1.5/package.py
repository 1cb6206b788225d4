# -*- coding: utf-8 -*-

name = 'libjpeg_turbo'

version = '2.1.5'

description = 'JPEG images, fast.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

# -*- coding: utf-8 -*-

name = 'tbb'

version = '2021.1'

description = 'Old and new TBB.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

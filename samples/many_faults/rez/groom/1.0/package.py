# -*- coding: utf-8 -*-

name = 'groom'

version = '1.0'

description = 'Its library has a run path of either kind, and the loader drops one of them.'

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

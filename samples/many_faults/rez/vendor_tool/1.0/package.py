# -*- coding: utf-8 -*-

name = 'vendor_tool'

version = '1.0'

description = 'Its environment leads to the workstation.'

tools = [
    'vendor_tool',
]

def commands():
    env.PATH.append('{root}/bin')
    env.LD_LIBRARY_PATH.append('/opt/vendor/lib')
    env.LD_LIBRARY_PATH.append('{root}/lib64')
    env.OCIO = '/opt/studio/config.ocio'
    env.LD_PRELOAD = 'libtracker.so.1'

format_version = 2

# -*- coding: utf-8 -*-

name = 'many_faults'

version = '1.0'

description = 'Everything above.'

requires = [
    'scatter-1',
    'render-1',
    'wrangle-1',
    'viewer-1',
    'fur-1',
    'groom-1',
    'publish-1',
    'vendor_tool-1',
    'look-1',
    'sound-1',
    'ported-1',
    'jit-1',
]

format_version = 2

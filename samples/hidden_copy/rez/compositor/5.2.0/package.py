# -*- coding: utf-8 -*-

name = 'compositor'

version = '5.2.0'

description = 'The application of the story.'

tools = ['compositor']

requires = [
    'opencolorio-2.2',
    'scan_reader-1.4',
    'libjpeg_turbo-2.1'
]

def commands():
    env.PATH.append('{root}/bin')

format_version = 2

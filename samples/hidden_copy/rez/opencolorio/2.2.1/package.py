# -*- coding: utf-8 -*-

name = 'opencolorio'

version = '2.2.1'

description = 'Colour management.'

tools = ['ocioinfo']

def commands():
    env.OCIO = '{root}/config.ocio'

format_version = 2

# -*- coding: utf-8 -*-

name = 'reviewer'

version = '7.0.2'

description = "A vendor's review player."

tools = ['reviewer']

requires = ['shotdb_client-3']

def commands():
    env.PATH.append('{root}/bin')

format_version = 2

# -*- coding: utf-8 -*-

name = 'shotdb_client'

version = '3.1.0'

description = "Client of the studio's shot database."

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

# -*- coding: utf-8 -*-

name = 'karst'

version = '20.5.1'

description = \
    """
    An application that brings its own libraries, Python and plugins.
    """

tools = ['karst']

def commands():
    env.PATH.append('{root}/bin')
    env.KARST_PLUGIN_PATH.append('{root}/plugins')
    env.PYTHONPATH.append('{root}/lib/python3.11/site-packages')

format_version = 2

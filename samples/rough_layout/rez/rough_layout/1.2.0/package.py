# -*- coding: utf-8 -*-

name = 'rough_layout'

version = '1.2.0'

description = \
    """
    The workflow: everything that a layout artist starts.
    """

tools = ['launch_app']

requires = [
    'blender-3.6',
    'tiff-4.5'
]

def commands():
    env.PATH.append('{root}/bin')
    env.ROUGH_LAYOUT_SHOWS = '/shows'

format_version = 2

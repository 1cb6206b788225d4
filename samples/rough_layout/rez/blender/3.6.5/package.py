# -*- coding: utf-8 -*-

name = 'blender'

version = '3.6.5'

description = \
    """
    The application in which the layout is made.
    """

tools = ['blender']

requires = ['openimageio-2.4']

def commands():
    env.PATH.append('{root}/bin')

format_version = 2

# -*- coding: utf-8 -*-

name = 'folder_watch'

version = '1.3.0'

description = "Tells the review tools when a folder of renders changes."

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

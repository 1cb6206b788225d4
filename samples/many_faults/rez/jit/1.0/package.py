# -*- coding: utf-8 -*-

name = 'jit'

version = '1.0'

description = 'A plugin that asks for an executable stack.'

format_version = 2

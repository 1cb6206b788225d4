# -*- coding: utf-8 -*-

name = 'kernels'

version = '2021.1'

description = 'The next release, with another soname.'

format_version = 2

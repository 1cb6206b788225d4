# -*- coding: utf-8 -*-

name = 'kernels'

version = '2020.3'

description = 'Image kernels; its library is on no search path.'

format_version = 2

# -*- coding: utf-8 -*-

name = 'os'

version = 'CentOS-7.9'

description = 'What the implicit package of CentOS 7 says.'

format_version = 2

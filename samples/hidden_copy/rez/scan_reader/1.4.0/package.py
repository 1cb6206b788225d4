# -*- coding: utf-8 -*-

name = 'scan_reader'

version = '1.4.0'

description = \
    """
    Reads a vendor's film scans; brings a JPEG library of its own.
    """

def commands():
    env.LD_LIBRARY_PATH.append('{root}/lib')

format_version = 2

# shellcheck shell=bash
# hidden_copy: a package is in the context, but the workstation's copy of its library wins; one soname, two packages.
root=hidden_copy
debian $root/host
debian $root/base
usr=$root/host/usr/lib/x86_64-linux-gnu
c=$usr/libc.so.6

library $usr/libOpenColorIO.so.2.2.0 soname libOpenColorIO.so.2.2 defines ocio_apply uses 'pow _Znwm' \
  needs "$usr/libstdc++.so.6 $usr/libm.so.6 $c"
program $root/host/usr/bin/ocioinfo 'ocioinfo 2.2.0 of the workstation' uses ocio_apply \
  needs "$usr/libOpenColorIO.so.2.2 $c"

rez=$root/rez
ocio=$rez/opencolorio/2.2.1
library $ocio/lib/libOpenColorIO.so.2.2.1 soname libOpenColorIO.so.2.2 defines 'ocio_apply ocio_apply_gpu' \
  uses 'pow exp _Znwm' needs "$usr/libstdc++.so.6 $usr/libm.so.6 $c"
links $ocio/lib libOpenColorIO.so.2.2 libOpenColorIO.so
program $ocio/bin/ocioinfo 'ocioinfo 2.2.1 of the package' uses 'ocio_apply ocio_apply_gpu' \
  needs "$ocio/lib/libOpenColorIO.so.2.2 $c" flags '-Wl,--enable-new-dtags,-rpath,$ORIGIN/../lib'

jpeg=$rez/libjpeg_turbo/2.1.5/lib
library $jpeg/libjpeg.so.62.3.0 soname libjpeg.so.62 defines 'jpeg_start jpeg_crop' uses malloc needs $c \
  versions 'LIBJPEG_6.2:jpeg_start,jpeg_crop'
links $jpeg libjpeg.so.62 libjpeg.so

scan=$rez/scan_reader/1.4.0/lib
library $scan/libjpeg.so.62 defines jpeg_start uses 'malloc free' needs $c versions 'LIBJPEG_6.2:jpeg_start'
library $scan/libscanreader.so.1.4.0 soname libscanreader.so.1 defines scan_open uses 'jpeg_start malloc' \
  needs "$scan/libjpeg.so.62 $c"
links $scan libscanreader.so.1 libscanreader.so

program $rez/compositor/5.2.0/bin/compositor 'compositor of a sample' uses 'ocio_apply jpeg_start scan_open _Znwm' \
  needs "$ocio/lib/libOpenColorIO.so.2.2 $jpeg/libjpeg.so.62 $scan/libscanreader.so.1 $usr/libstdc++.so.6 $c"

cache $root/host
cache $root/base

# shellcheck shell=bash
# rough_layout: two libraries come from the workstation, one requirement was forgotten, one is only inherited.
root=rough_layout
debian $root/host
debian $root/base
for side in host base; do desktop $root/$side/usr/lib/x86_64-linux-gnu; done
usr=$root/host/usr/lib/x86_64-linux-gnu
c=$usr/libc.so.6

library $usr/libpotrace.so.0.0.0 soname libpotrace.so.0 defines potrace_trace uses malloc needs $c
library $root/host/usr/local/lib/libjbig.so.0.0.0 soname libjbig.so.0 defines jbg_dec_in uses malloc needs $c

rez=$root/rez
imath=$rez/imath/3.1.9/lib
library $imath/libImath-3_1.so.29.8.0 soname libImath-3_1.so.29 defines imath_lerp uses 'sqrt _Znwm' \
  needs "$usr/libstdc++.so.6 $usr/libm.so.6 $c"
links $imath libImath-3_1.so.29 libImath-3_1.so

exr=$rez/openexr/3.1.11/imath-3.1/lib
library $exr/libOpenEXR-3_1.so.30.11.0 soname libOpenEXR-3_1.so.30 defines exr_read uses 'imath_lerp inflate _Znwm' \
  needs "$imath/libImath-3_1.so.29 $usr/libz.so.1 $usr/libstdc++.so.6 $c"
links $exr libOpenEXR-3_1.so.30 libOpenEXR-3_1.so

tiff=$rez/tiff/4.5.1/lib
library $tiff/libtiff.so.6.0.1 soname libtiff.so.6 defines TIFFOpen uses 'jbg_dec_in inflate malloc' \
  versions 'LIBTIFF_4.0:TIFFOpen' needs "$root/host/usr/local/lib/libjbig.so.0 $usr/libz.so.1 $c"
links $tiff libtiff.so.6 libtiff.so

oiio=$rez/openimageio/2.4.17/lib
library $oiio/libOpenImageIO.so.2.4.17 soname libOpenImageIO.so.2.4 defines oiio_open \
  uses 'exr_read imath_lerp TIFFOpen _Znwm' \
  needs "$exr/libOpenEXR-3_1.so.30 $imath/libImath-3_1.so.29 $tiff/libtiff.so.6 $usr/libstdc++.so.6 $c"
links $oiio libOpenImageIO.so.2.4 libOpenImageIO.so
program $rez/openimageio/2.4.17/bin/oiiotool 'oiiotool of a sample' uses oiio_open \
  needs "$oiio/libOpenImageIO.so.2.4 $usr/libstdc++.so.6 $c"

program $rez/blender/3.6.5/bin/blender 'blender of a sample' uses 'oiio_open potrace_trace XOpenDisplay fmod _Znwm' \
  needs "$oiio/libOpenImageIO.so.2.4 $usr/libpotrace.so.0 $usr/libX11.so.6 $usr/libstdc++.so.6 $usr/libm.so.6 $c"

cache $root/host
cache $root/base

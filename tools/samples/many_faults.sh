# shellcheck shell=bash
# many_faults: one small package for each fault, for the pages of the rules.
root=many_faults
debian $root/host
debian $root/base
for side in host base; do desktop $root/$side/usr/lib/x86_64-linux-gnu; done
usr=$root/host/usr/lib/x86_64-linux-gnu
c=$usr/libc.so.6
rez=$root/rez

kernels=$rez/kernels/2020.3/lib
library $kernels/libkernels.so.2 defines kernel_run uses malloc needs $c
library $rez/kernels/2021.1/lib/libkernels.so.3 defines kernel_run uses malloc needs $c
library $root/host/opt/vendor/lib/libvendor.so.1 defines vendor_init uses malloc needs $c
library $usr/libpulse.so.0 defines pa_context_new uses malloc needs $c

# Run paths.
library $rez/scatter/1.0/lib/libscatter.so.1 defines scatter uses malloc needs $c \
  flags '-Wl,-rpath,/builds/lookdev/scatter/lib:$ORIGIN'
program $rez/render/1.0/bin/render 'render of a sample' uses kernel_run needs "$kernels/libkernels.so.2 $c" \
  flags '-Wl,-rpath,/sw/packages/kernels/2020.3/lib'
library $rez/wrangle/1.0/lib/libwrangle.so.1 defines wrangle uses malloc needs $c flags '-Wl,-rpath,$ORIGIN/../lib:'
library $rez/viewer/1.0/lib/libviewer.so.1 defines viewer uses malloc needs $c \
  flags '-Wl,--disable-new-dtags,-rpath,/usr/lib/x86_64-linux-gnu'
library $rez/fur/1.0/lib/libfur.so.1 defines fur uses malloc needs $c flags '-Wl,-rpath,$ORIGIN/../../../kernels/2020.3/lib'
# Linkers write one tag or the other: a DT_AUXILIARY, of which only the tag has to change, is made the DT_RPATH.
groom=$rez/groom/1.0/lib/libgroom.so.1
library $groom defines groom uses malloc needs $c flags '-Wl,--auxiliary,$ORIGIN/../private,-rpath,$ORIGIN'
sed -i 's/\xfd\xff\xff\x7f\x00\x00\x00\x00/\x0f\x00\x00\x00\x00\x00\x00\x00/' $groom
library $rez/shrink/1.3/lib/libshrink.so.1 defines shrink uses malloc needs $c
library $rez/publish/1.0/private/libshrink.so.1 defines 'shrink grow' uses malloc needs $c
program $rez/publish/1.0/bin/publish 'publish of a sample' uses shrink \
  needs "$rez/publish/1.0/private/libshrink.so.1 $c" flags '-Wl,--disable-new-dtags,-rpath,$ORIGIN/../private'

# Environment.
program $rez/vendor_tool/1.0/bin/vendor_tool 'vendor_tool of a sample' uses vendor_init \
  needs "$root/host/opt/vendor/lib/libvendor.so.1 $c"

# Doubles.
tiff=$rez/tiff/4.5.1/lib
for major in 5 6; do library $tiff/libtiff.so.$major defines TIFFOpen uses malloc needs $c; done
library $rez/reader/1.0/lib/libreader.so.1 defines reader uses TIFFOpen needs "$tiff/libtiff.so.5 $c"
tbb=$rez/tbb/2021.1/lib
for major in 2 12; do library $tbb/libtbb.so.$major defines tbb_run uses malloc needs $c; done
library $rez/volume/1.0/lib/libvolume.so.1 defines volume uses tbb_run needs "$tbb/libtbb.so.2 $c"
program $rez/look/1.0/bin/look 'look of a sample' uses 'reader TIFFOpen volume tbb_run' \
  needs "$rez/reader/1.0/lib/libreader.so.1 $tiff/libtiff.so.6 $rez/volume/1.0/lib/libvolume.so.1 $tbb/libtbb.so.12 $c"

# What is opened at run time, honesty, and the stack.
program $rez/sound/1.0/bin/sound 'sound of a sample' uses malloc needs "$here/dlopen-note.s $c"
library $rez/ported/1.0/lib/libported.so.1 defines ported uses pow needs "$usr/libm.so.6 $c"
library $rez/jit/1.0/plugins/jit.so soname '' defines jit uses malloc needs $c flags '-Wl,-z,execstack'

cache $root/host
cache $root/base

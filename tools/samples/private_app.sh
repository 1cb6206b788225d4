# shellcheck shell=bash
# private_app: an application that brings its own libraries, Python and plugins: nothing to report.
root=private_app
debian $root/host
debian $root/base
for side in host base; do desktop $root/$side/usr/lib/x86_64-linux-gnu; done
usr=$root/host/usr/lib/x86_64-linux-gnu
c=$usr/libc.so.6

app=$root/rez/karst/20.5.1
lib=$app/lib
library $lib/libKarstMath.so defines karst_noise uses 'sqrt _Znwm' needs "$usr/libstdc++.so.6 $usr/libm.so.6 $c"
library $lib/libKarstGeo.so defines karst_mesh uses 'karst_noise _Znwm' needs "$lib/libKarstMath.so $usr/libstdc++.so.6 $c"
library $lib/libKarstCore.so defines karst_cook uses 'karst_mesh inflate _Znwm' \
  needs "$lib/libKarstGeo.so $usr/libz.so.1 $usr/libstdc++.so.6 $c"
library $lib/libpython3.11.so.1.0 defines 'PyModule_Create2 PyLong_FromLong' uses fmod needs "$usr/libm.so.6 $c"
library $lib/libKarstUI.so defines karst_window uses 'karst_cook XOpenDisplay' needs "$lib/libKarstCore.so $usr/libX11.so.6 $c"

program $app/bin/karst 'karst of a sample' defines 'karst_register karst_progress' \
  uses 'karst_window karst_cook PyModule_Create2 _Znwm' \
  needs "$lib/libKarstUI.so $lib/libKarstCore.so $lib/libpython3.11.so.1.0 $usr/libstdc++.so.6 $c" \
  flags '-rdynamic -Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib'

# Modules and plugins have no soname and no run path: they live inside the process of bin/karst, and take what it has.
site=$lib/python3.11/site-packages/karst
library $site/_scene.cpython-311-x86_64-linux-gnu.so soname '' defines PyInit__scene \
  uses 'PyModule_Create2 karst_register karst_cook' needs "$lib/libKarstCore.so $c"
library $site/_math.cpython-311-x86_64-linux-gnu.so soname '' defines PyInit__math \
  uses 'PyModule_Create2 PyLong_FromLong karst_noise' needs "$lib/libKarstMath.so $c"
library $app/plugins/alembic_in.so soname '' defines karst_plugin uses 'karst_register karst_mesh' \
  needs "$lib/libKarstGeo.so $c"
library $app/plugins/usd_out.so soname '' defines karst_plugin uses 'karst_progress karst_cook' \
  needs "$lib/libKarstCore.so $c"

cache $root/host
cache $root/base

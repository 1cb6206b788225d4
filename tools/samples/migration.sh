# shellcheck shell=bash
# migration: what the old base gave for nothing is gone on the new one.
root=migration
for side in host old_base; do
  enterprise $root/$side 2.17
  usr=$root/$side/usr/lib64
  c=$usr/libc.so.6
  desktop $usr
  library $usr/libcrypto.so.1.0.2k soname libcrypto.so.10 defines EVP_DigestInit uses malloc needs $c \
    versions 'libcrypto.so.10:EVP_DigestInit OPENSSL_1.0.2:'
  library $usr/libssl.so.1.0.2k soname libssl.so.10 defines SSL_new uses EVP_DigestInit needs "$usr/libcrypto.so.10 $c" \
    versions 'libssl.so.10:SSL_new'
  library $usr/libcrypt-2.17.so soname libcrypt.so.1 defines crypt uses malloc needs $c versions 'GLIBC_2.2.5:crypt'
  library $usr/libtiff.so.5.2.0 soname libtiff.so.5 defines TIFFOpen uses inflate needs "$usr/libz.so.1 $c"
  library $usr/libgamin-1.so.0.1.10 soname libgamin-1.so.0 defines FAMOpen uses malloc needs $c
  library $usr/libboost_system.so.1.53.0 defines boost_system_category uses malloc needs $c
done

new=$root/new_base
enterprise $new 2.34
usr=$new/usr/lib64
c=$usr/libc.so.6
desktop $usr
library $usr/libcrypto.so.3.0.7 soname libcrypto.so.3 defines EVP_DigestInit uses malloc needs $c \
  versions 'OPENSSL_3.0.0:EVP_DigestInit'
library $usr/libssl.so.3.0.7 soname libssl.so.3 defines SSL_new uses EVP_DigestInit needs "$usr/libcrypto.so.3 $c" \
  versions 'OPENSSL_3.0.0:SSL_new'
library $usr/libcrypt.so.2.0.0 soname libcrypt.so.2 defines crypt uses malloc needs $c versions 'XCRYPT_2.0:crypt'
library $usr/libtiff.so.5.7.0 soname libtiff.so.5 defines TIFFOpen uses inflate needs "$usr/libz.so.1 $c"

usr=$root/host/usr/lib64
c=$usr/libc.so.6
rez=$root/rez
db=$rez/shotdb_client/3.1.0/lib
library $db/libshotdb.so.3.1.0 soname libshotdb.so.3 defines shotdb_connect uses 'SSL_new EVP_DigestInit malloc' \
  needs "$usr/libssl.so.10 $usr/libcrypto.so.10 $c"
links $db libshotdb.so.3 libshotdb.so
watch=$rez/folder_watch/1.3.0/lib
library $watch/libwatch.so.1.3 soname libwatch.so.1 defines watch_folder \
  uses 'FAMOpen boost_system_category memcpy clock_gettime _Znwm __gxx_personality_v0' \
  needs "$usr/libgamin-1.so.0 $usr/libboost_system.so.1.53.0 $usr/libstdc++.so.6 $c"
links $watch libwatch.so.1 libwatch.so
program $rez/reviewer/7.0.2/bin/reviewer 'reviewer of a sample' uses 'shotdb_connect crypt TIFFOpen XOpenDisplay _Znwm' \
  needs "$db/libshotdb.so.3 $usr/libcrypt.so.1 $usr/libtiff.so.5 $usr/libX11.so.6 $usr/libstdc++.so.6 $c"

for side in host old_base new_base; do cache $root/$side; done

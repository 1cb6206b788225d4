#!/usr/bin/env bash
# Builds the binaries, links and loader caches of the samples: build.sh [FOLDER], by default samples/ itself.
# Text files (package.py, contexts, bases, OS package lists) are kept by hand. Needs gcc and ldconfig on Linux, x86-64,
# and root, since ldconfig -r changes its root.
# The same compiler makes the same bytes every time.
set -euo pipefail
export LC_ALL=C SOURCE_DATE_EPOCH=0
umask 022

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(mkdir -p "${1:-$here/../../samples}" && cd "${1:-$here/../../samples}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$out"

compiler=(gcc -std=gnu17 -Os -fPIC -ffreestanding -fno-builtin -fno-ident -fno-asynchronous-unwind-tables
  -fno-stack-protector -fcf-protection=none -fvisibility=default -w -s -nostdlib -nostartfiles
  -Wl,--build-id=sha1 -Wl,--hash-style=gnu -Wl,--no-as-needed -Wl,--unresolved-symbols=ignore-all
  -Wl,-z,max-page-size=4096 -Wl,-z,noseparate-code -Wl,-z,norelro -Wl,-z,noexecstack -Wl,-z,lazy)

# words LETTER NAME...: the list that object.c and program.c take.
words() {
  local letter=$1 name list=
  shift
  for name in "$@"; do list+="$letter($name) "; done
  printf '%s' "$list"
}

# script NODE:SYMBOL,SYMBOL...: a linker version script, each node after the one before; all else is hidden.
script() {
  local entry node before= symbols
  for entry in "$@"; do
    node=${entry%%:*} symbols=${entry#*:}
    printf '%s {' "$node"
    [[ -n $symbols ]] && printf ' global: %s;' "${symbols//,/; }"
    [[ -z $before ]] && printf ' local: *;'
    printf ' } %s;\n' "$before"
    before=$node
  done
}

# library FILE [soname NAME] [defines LIST] [uses LIST] [needs LIST] [versions LIST] [source FILE] [flags LIST]
# makes FILE and, where the soname differs from the file's name, the link by which loaders find it.
library() {
  local file=$1 soname defines= uses= needs= versions= source=object.c flags=
  soname=$(basename "$file")
  shift
  while (($#)); do printf -v "$1" '%s' "$2" && shift 2; done
  local args=(-shared)
  [[ -n $soname ]] && args+=("-Wl,-soname,$soname")
  if [[ -n $versions ]]; then
    # shellcheck disable=SC2086
    script $versions >"$work/script"
    args+=("-Wl,--version-script,$work/script")
  fi
  mkdir -p "$(dirname "$file")"
  # shellcheck disable=SC2086
  "${compiler[@]}" "${args[@]}" "-DDEFINES=$(words F $defines)" "-DUSES=$(words U $uses)" $flags \
    "$here/$source" -o "$file" $needs
  [[ -z $soname || $soname == "$(basename "$file")" ]] || ln -sfn "$(basename "$file")" "$(dirname "$file")/$soname"
}

# program FILE TITLE [defines LIST] [uses LIST] [needs LIST] [flags LIST]
program() {
  local file=$1 title=$2 defines= uses= needs= flags=
  shift 2
  while (($#)); do printf -v "$1" '%s' "$2" && shift 2; done
  mkdir -p "$(dirname "$file")"
  # shellcheck disable=SC2086
  "${compiler[@]}" -pie -Wl,--dynamic-linker,/lib64/ld-linux-x86-64.so.2 "-DTITLE=\"$title\"" \
    "-DDEFINES=$(words F $defines)" "-DUSES=$(words U $uses)" $flags "$here/program.c" -o "$file" $needs
}

# glibc_versions RELEASE: the version nodes of a C library of that release, with the few functions that samples use.
glibc_versions() {
  local entry node
  for entry in GLIBC_2.2.5:puts,malloc,free,strlen,__libc_start_main GLIBC_2.3: GLIBC_2.3.4: GLIBC_2.4: GLIBC_2.7: \
    GLIBC_2.14:memcpy GLIBC_2.17:clock_gettime GLIBC_2.25: GLIBC_2.28: GLIBC_2.29: GLIBC_2.33: GLIBC_2.34: GLIBC_2.36:; do
    node=${entry%%:*}
    [[ $(printf '%s\n' "${node#GLIBC_}" "$1" | sort -V | tail -1) == "$1" ]] && printf '%s ' "$entry"
  done
  printf 'GLIBC_PRIVATE:'
}

# system ROOT FOLDER RELEASE FOLDERS: loader, C and C++ run-time of a root file system, libraries in FOLDER.
system() {
  local root=$1 folder=$1/$2 release=$3 folders=$4 loader
  loader=$folder/ld-linux-x86-64.so.2
  library "$loader" source loader.c flags "-DFOLDERS=\"$folders\" -DRELEASE=\"$release\"" \
    versions 'GLIBC_2.2.5: GLIBC_2.3:__tls_get_addr GLIBC_2.4: GLIBC_PRIVATE:_rtld_global,_dl_find_object'
  library "$folder/libc.so.6" defines 'puts malloc free strlen __libc_start_main memcpy clock_gettime' \
    uses __tls_get_addr needs "$loader" versions "$(glibc_versions "$release")"
  library "$folder/libm.so.6" defines 'sqrt fmod pow exp' needs "$folder/libc.so.6" \
    versions 'GLIBC_2.2.5:sqrt,fmod GLIBC_2.29:pow,exp'
  library "$folder/libgcc_s.so.1" defines '_Unwind_Resume' uses malloc needs "$folder/libc.so.6" \
    versions 'GCC_3.0:_Unwind_Resume GCC_3.3: GCC_4.2.0:'
  library "$folder/libstdc++.so.6.0.30" soname libstdc++.so.6 defines '_Znwm _ZdlPv __gxx_personality_v0' \
    uses 'malloc sqrt _Unwind_Resume' needs "$folder/libm.so.6 $folder/libc.so.6 $folder/libgcc_s.so.1" \
    versions 'GLIBCXX_3.4:_Znwm,_ZdlPv GLIBCXX_3.4.21: CXXABI_1.3:__gxx_personality_v0'
  program "$root/usr/bin/sh" 'the shell of a sample' needs "$folder/libc.so.6"
}

# debian ROOT: Debian 12's layout, /usr merged.
debian() {
  local root=$1 name
  for name in bin lib lib64; do mkdir -p "$root/usr/$name" && ln -sfn "usr/$name" "$root/$name"; done
  system "$root" usr/lib/x86_64-linux-gnu 2.36 \
    '/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0'
  ln -sfn ../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 "$root/usr/lib64/ld-linux-x86-64.so.2"
}

# enterprise ROOT RELEASE: the layout of Red Hat's family.
enterprise() {
  local root=$1 name
  for name in bin lib64; do mkdir -p "$root/usr/$name" && ln -sfn "usr/$name" "$root/$name"; done
  system "$root" usr/lib64 "$2" '/lib64/\0/usr/lib64/\0'
}

# desktop FOLDER: the libraries that every graphical workstation and image has.
desktop() {
  library "$1/libz.so.1.2.13" soname libz.so.1 defines 'inflate deflate' uses memcpy needs "$1/libc.so.6"
  library "$1/libxcb.so.1.1.0" soname libxcb.so.1 defines xcb_connect uses malloc needs "$1/libc.so.6"
  library "$1/libX11.so.6.4.0" soname libX11.so.6 defines XOpenDisplay uses xcb_connect \
    needs "$1/libxcb.so.1.1.0 $1/libc.so.6"
}

# cache ROOT: ld.so.conf and ld.so.cache, as the package manager of the root would have left them.
cache() {
  # Red Hat's ldconfig has these compiled in.
  local folders=()
  [[ -d $1/usr/lib/x86_64-linux-gnu ]] || folders=(/lib64 /usr/lib64)
  mkdir -p "$1/etc/ld.so.conf.d"
  echo 'include ld.so.conf.d/*.conf' >"$1/etc/ld.so.conf"
  [[ ! -d $1/usr/lib/x86_64-linux-gnu ]] || printf '%s\n' /usr/local/lib >"$1/etc/ld.so.conf.d/libc.conf"
  ldconfig -X -i -r "$1" "${folders[@]}"
  rm -rf "$1/var/cache"
  rmdir "$1/etc/ld.so.conf.d" 2>/dev/null || true
}

# links FOLDER FILE NAME...: the names by which a library is linked and loaded.
links() {
  local folder=$1 file=$2 name
  shift 2
  for name in "$@"; do ln -sfn "$file" "$folder/$name"; done
}

for sample in rough_layout hidden_copy private_app migration many_faults; do
  # shellcheck source=/dev/null
  source "$here/$sample.sh"
done

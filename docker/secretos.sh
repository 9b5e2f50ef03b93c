#!/bin/sh
# Makes the secrets of an installation, once: what is there already is never changed, since losing LLAVE_MAESTRA loses
# every person's data. Back up the folder.
set -eu
carpeta=${SECRETOS:-/secretos}
umask 077

crear() {
    [ -s "$carpeta/$1" ] && return
    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$carpeta/$1.nuevo"
    chmod "$2" "$carpeta/$1.nuevo"
    mv "$carpeta/$1.nuevo" "$carpeta/$1"
}

for nombre in llave_maestra llave_unicidad jwt bff; do
    crear "$nombre" 0400
done
# The database's own image reads these two as another user.
crear postgres 0444
crear postgres_admin 0444

#!/bin/sh
# Reads the secrets of the installation and becomes one process of the platform: entrada.sh COMMAND…
# A variable that is set already wins over its file.
set -eu
app=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
carpeta=${SECRETOS:-/secretos}

if [ -z "${DB_URL:-}" ]; then
    DB_URL="postgresql://alpes:$(cat "$carpeta/postgres")@${DB_ANFITRION:-postgres}:${DB_PUERTO:-5432}/alpespartner"
fi
LLAVE_MAESTRA=${LLAVE_MAESTRA:-$(cat "$carpeta/llave_maestra")}
LLAVE_UNICIDAD=${LLAVE_UNICIDAD:-$(cat "$carpeta/llave_unicidad")}
BFF_SECRET_KEY=${BFF_SECRET_KEY:-$(cat "$carpeta/bff")}
export DB_URL LLAVE_MAESTRA LLAVE_UNICIDAD BFF_SECRET_KEY
if [ -z "${AUTH_JWKS:-}" ]; then
    AUTH_JWT_SECRET=${AUTH_JWT_SECRET:-$(cat "$carpeta/jwt")}
    export AUTH_JWT_SECRET
fi

PYTHONPATH=$app PYTHONSAFEPATH=1
export PYTHONPATH PYTHONSAFEPATH
python=${ALPES_VENV:-/opt/alpes/venv}/bin/python
exec "$python" -m gateway.cli "$@"

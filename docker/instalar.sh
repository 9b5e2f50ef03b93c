#!/bin/sh
# Makes the environment of the image: what runs the platform, from the hashed lock, and nothing that only tests it.
set -eu
aqui=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
destino=$1
"${PYTHON:-python3}" -m venv "$destino"
"$destino/bin/python" -I -m pip install --require-hashes --disable-pip-version-check --no-input --quiet \
    -r "$aqui/requirements.lock"

#!/bin/sh
# The platform's own role and database, made at the first start: it owns its tables, and is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v clave="$(cat /secretos/postgres)" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE alpes LOGIN PASSWORD :'clave';
-- An idle writer would hold back every reader of the log at its gap.
ALTER ROLE alpes SET idle_in_transaction_session_timeout = '5s';
CREATE DATABASE alpespartner OWNER alpes;
SQL

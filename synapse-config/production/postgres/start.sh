#!/bin/sh
# Makes the cluster with its two databases at the first start, then becomes the PostgreSQL server.
# A cluster that was not finished (power cut) has no final name yet and is made anew.
set -eu

volume=/var/lib/postgresql/data
cluster=$volume/cluster
unfinished=$volume/unfinished

read_secret() {
  tr -d '\n' <"/run/secrets/$1"
}

# Each program owns one database and can connect to no other. Synapse wants the C collation.
# Passwords go through standard input, never through arguments; configure.ts makes them of letters and digits.
create_databases() {
  for owner in synapse appservice; do
    echo "CREATE ROLE $owner LOGIN PASSWORD '$(read_secret "$owner-password")';"
    echo "CREATE DATABASE $owner OWNER $owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';"
    echo "REVOKE ALL ON DATABASE $owner FROM PUBLIC;"
  done | postgres --single -D "$unfinished" postgres >/dev/null
}

if [ ! -d "$cluster" ]; then
  rm -rf "$unfinished"
  initdb --pgdata="$unfinished" --username=postgres --pwfile=/run/secrets/superuser-password \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C --data-checksums --no-instructions
  create_databases
  mv "$unfinished" "$cluster"
fi

exec postgres -D "$cluster" -c config_file=/etc/landbote/postgresql.conf

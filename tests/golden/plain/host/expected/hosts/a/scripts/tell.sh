#!/bin/sh
echo "$(cat /run/secrets/app/db)"

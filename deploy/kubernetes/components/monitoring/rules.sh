#!/usr/bin/env bash
# Prints the rules of deploy/prometheus/rules as a PrometheusRule: ./rules.sh > rules.yaml. A test keeps the two equal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

cat <<'HEAD'
# Written by rules.sh from deploy/prometheus/rules: change those.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: pipeline
spec:
  groups:
HEAD
for file in ../../../prometheus/rules/*.yml; do
    sed -n '/^groups:$/,$ { /^groups:$/d; /./s/^/  /; p }' "$file"
done

"""The messages and services of the API. Generated from proto/dalil/v1 by scripts/python-stubs.sh; do not edit."""

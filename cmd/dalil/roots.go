package main

// An image FROM scratch has no certificates, and an embedding provider or a
// Qdrant that speaks TLS needs some to be known by: where the system has none,
// the roots that Mozilla trusts count, as compiled in here.
import _ "golang.org/x/crypto/x509roots/fallback"

package main

// An image FROM scratch has no certificates, and an embedding provider or a
// Qdrant with TLS needs some to be verified: if the system has none, the roots that
// Mozilla trusts are used, as compiled in here.
import _ "golang.org/x/crypto/x509roots/fallback"

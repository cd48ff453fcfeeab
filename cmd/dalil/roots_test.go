package main

import (
	"crypto/x509"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// TestRootsAreCompiledIn runs itself where the system has no certificates: the
// system's are read once a process, and this one's may have some.
func TestRootsAreCompiledIn(t *testing.T) {
	const inside = "DALIL_TEST_ROOTS"
	if os.Getenv(inside) == "" {
		c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		c.Env = []string{inside + "=1", "SSL_CERT_FILE=/nowhere", "SSL_CERT_DIR=/nowhere"}
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	trusted := 0
	for root := range bundle.Roots() {
		certificate, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		options := x509.VerifyOptions{CurrentTime: certificate.NotBefore.Add(time.Hour), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
		if _, err := certificate.Verify(options); err == nil {
			trusted++
		}
	}
	if trusted < 50 {
		t.Errorf("%d roots are trusted where the system has none", trusted)
	}
}

// Package tlstest makes certificates for tests, in files as operators have them. Start
// with [New].
package tlstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// CA is a certificate authority.
type CA struct {
	File   string // its certificate in PEM
	parent *x509.Certificate
	key    *ecdsa.PrivateKey
}

// Pair is a certificate with its private key, each in a file in PEM.
type Pair struct{ Certificate, Key string }

// Leaf says what a certificate is for. The zero value is valid for a day, for servers and
// clients at 127.0.0.1, ::1 and localhost.
type Leaf struct {
	Hosts []string  // names and addresses, in place of those of this machine
	From  time.Time // zero: an hour ago
	Until time.Time // zero: in a day
	Name  string    // the common name
}

// New makes an authority whose files are gone after the test.
func New(t testing.TB) *CA {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: serial(t), Subject: pkix.Name{CommonName: "CA of a test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(100 * 24 * time.Hour), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	key := newKey(t)
	ca := &CA{File: filepath.Join(t.TempDir(), "ca.pem"), parent: template, key: key}
	ca.parent = sign(t, template, template, key, key, ca.File)
	return ca
}

// Issue makes a certificate in a folder of its own.
func (ca *CA) Issue(t testing.TB, leaf Leaf) Pair {
	t.Helper()
	folder := t.TempDir()
	pair := Pair{Certificate: filepath.Join(folder, "tls.crt"), Key: filepath.Join(folder, "tls.key")}
	ca.IssueTo(t, leaf, pair)
	return pair
}

// IssueTo makes a certificate in the files of pair, as a renewal does.
func (ca *CA) IssueTo(t testing.TB, leaf Leaf, pair Pair) {
	t.Helper()
	if leaf.Hosts == nil {
		leaf.Hosts = []string{"127.0.0.1", "::1", "localhost"}
	}
	if leaf.From.IsZero() {
		leaf.From = time.Now().Add(-time.Hour)
	}
	if leaf.Until.IsZero() {
		leaf.Until = time.Now().Add(24 * time.Hour)
	}
	template := &x509.Certificate{
		SerialNumber: serial(t), Subject: pkix.Name{CommonName: leaf.Name}, NotBefore: leaf.From, NotAfter: leaf.Until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, host := range leaf.Hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	key := newKey(t)
	data, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, pair.Key, "PRIVATE KEY", data)
	sign(t, template, ca.parent, key, ca.key, pair.Certificate)
}

// sign writes a certificate into a file and returns it.
func sign(t testing.TB, template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey, file string) *x509.Certificate {
	t.Helper()
	data, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, "CERTIFICATE", data)
	made, err := x509.ParseCertificate(data)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// write replaces a file in one step.
func write(t testing.TB, file, kind string, data []byte) {
	t.Helper()
	err := os.WriteFile(file+".new", pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600)
	if err == nil {
		err = os.Rename(file+".new", file)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func serial(t testing.TB) *big.Int {
	t.Helper()
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

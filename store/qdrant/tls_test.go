package qdrant_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"dalil/corpus"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// authority signs certificates for one test.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, dir: t.TempDir()}
	a.key = a.newKey()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.cert, a.file = a.sign(template, template, &a.key.PublicKey, "ca")
	return a
}

func (a *authority) newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	return key
}

func (a *authority) sign(template, parent *x509.Certificate, public *ecdsa.PublicKey, name string) (*x509.Certificate, string) {
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, public, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert, a.write(name+".pem", "CERTIFICATE", raw)
}

func (a *authority) write(name, kind string, raw []byte) string {
	path := filepath.Join(a.dir, name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return path
}

// issue makes a certificate for loopback and its key, as files.
func (a *authority) issue(name string, usage x509.ExtKeyUsage) (certificate, key string) {
	private := a.newKey()
	_, certificate = a.sign(&x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{usage},
	}, a.cert, &private.PublicKey, name)
	raw, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		a.t.Fatal(err)
	}
	return certificate, a.write(name+".key", "EC PRIVATE KEY", raw)
}

// A server that wants a certificate gets one, and is known by its own.
func TestTLS(t *testing.T) {
	ours := newAuthority(t)
	certificate, key := ours.issue("server", x509.ExtKeyUsageServerAuth)
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	clients := x509.NewCertPool()
	clients.AddCert(ours.cert)
	server := standin.Start(t, standin.Options{Server: []grpc.ServerOption{grpc.Creds(credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients, MinVersion: tls.VersionTLS12,
	}))}})
	options := at(server.Address())
	options.TLS, options.CA = true, ours.file
	options.Certificate, options.PrivateKey = ours.issue("client", x509.ExtKeyUsageClientAuth)
	opened(t, options)

	for name, change := range map[string]func(o *qdrant.Options){
		"no TLS":            func(o *qdrant.Options) { o.TLS, o.CA, o.Certificate, o.PrivateKey = false, "", "", "" },
		"no certificate":    func(o *qdrant.Options) { o.Certificate, o.PrivateKey = "", "" },
		"unknown authority": func(o *qdrant.Options) { o.CA = newAuthority(t).file },
		"file that is none": func(o *qdrant.Options) { o.CA = key },
		"file that is gone": func(o *qdrant.Options) { o.CA = filepath.Join(t.TempDir(), "no.pem") },
		"key of another":    func(o *qdrant.Options) { o.PrivateKey = key },
	} {
		t.Run(name, func(t *testing.T) {
			o := options
			change(&o)
			if s, err := qdrant.Open(t.Context(), o); err == nil {
				s.Close()
				t.Error("was opened")
			} else if errors.Is(err, corpus.ErrCorrupt) {
				t.Errorf("got %v", err)
			}
		})
	}
}

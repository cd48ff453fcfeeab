// Package certificates serves TLS from files that may change while the server runs.
// Start with [Open].
package certificates

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"dalil/corpus"
)

// ClientAuth says whether clients need a certificate.
type ClientAuth string

// The values of [ClientAuth].
const (
	None     ClientAuth = "none"     // clients are not asked for one
	Optional ClientAuth = "optional" // a client without one is accepted, a wrong one is not
	Required ClientAuth = "required"
)

// Files are the files of a server's TLS, in PEM.
type Files struct {
	Certificate string // the chain, the server's own certificate first
	Key         string
	ClientCA    string // authorities of the clients' certificates; empty if ClientAuth is None
	ClientAuth  ClientAuth
}

// Pair is a certificate with its key. It reads its files again when they have changed
// (also when a symbolic link to them moved, as in Kubernetes). New connections use the
// new certificate, and running ones go on. If the new files cannot be used, it keeps
// the old ones.
type Pair struct {
	files Files
	log   *slog.Logger
	every time.Duration // how often the files are read
	now   func() time.Time

	current atomic.Pointer[loaded]
	next    atomic.Int64 // when the files are read again, in Unix nanoseconds

	mu      sync.Mutex
	refused []byte // what could not be used last, so that it is logged once
}

// loaded is a pair that can be used.
type loaded struct {
	content []byte // of all files
	leaf    *x509.Certificate
	config  *tls.Config
}

// checkEvery is how often a busy server reads its files.
const checkEvery = time.Second

// Open reads the files. Its error is a corpus.ErrInvalid that names the file.
func Open(f Files, log *slog.Logger) (*Pair, error) {
	p := &Pair{files: f, log: log, every: checkEvery, now: time.Now}
	content, err := p.read()
	if err != nil {
		return nil, err
	}
	first, err := p.load(content)
	if err != nil {
		return nil, err
	}
	p.current.Store(first)
	p.next.Store(p.now().Add(p.every).UnixNano())
	return p, nil
}

// NotAfter returns when the certificate in use ends.
func (p *Pair) NotAfter() time.Time { return p.latest().leaf.NotAfter }

// Config returns a configuration for a listener whose connections use one of the
// protocols ("h2", "http/1.1"). TLS 1.2 is the oldest version.
func (p *Pair) Config(protocols ...string) *tls.Config {
	of := func(l *loaded) *tls.Config {
		c := l.config.Clone()
		c.NextProtos = protocols
		return c
	}
	var mu sync.Mutex
	var last *loaded
	var config *tls.Config // of last; one for all connections, so that they can resume sessions
	outer := of(p.latest())
	outer.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		now := p.latest()
		mu.Lock()
		defer mu.Unlock()
		if now != last {
			last, config = now, of(now)
		}
		return config, nil
	}
	return outer
}

// latest returns the newest pair that can be used. At most once in a while it reads
// the files; other connections do not wait for it.
func (p *Pair) latest() *loaded {
	now, due := p.now(), p.next.Load()
	if now.UnixNano() >= due && p.next.CompareAndSwap(due, now.Add(p.every).UnixNano()) {
		p.refresh()
	}
	return p.current.Load()
}

func (p *Pair) refresh() {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.current.Load()
	content, err := p.read()
	if err == nil && bytes.Equal(content, old.content) {
		p.refused = nil
		return
	}
	var fresh *loaded
	if err == nil {
		fresh, err = p.load(content)
	}
	if err == nil && !fresh.leaf.NotAfter.After(p.now()) && old.leaf.NotAfter.After(p.now()) {
		err = fmt.Errorf("%s: the certificate ended at %s", p.files.Certificate, fresh.leaf.NotAfter.Format(time.RFC3339))
	}
	if err != nil {
		why := append(content, err.Error()...)
		if !bytes.Equal(why, p.refused) {
			p.refused = why
			p.log.Error("the new TLS certificate cannot be used; the old one stays", "error", err.Error(), "not_after", old.leaf.NotAfter)
		}
		return
	}
	p.refused = nil
	p.current.Store(fresh)
	p.log.Info("read the changed files of TLS", "subject", fresh.leaf.Subject.String(), "not_after", fresh.leaf.NotAfter)
}

// read returns the content of all files.
func (p *Pair) read() ([]byte, error) {
	var all []byte
	for _, name := range []string{p.files.Certificate, p.files.Key, p.files.ClientCA} {
		if name == "" {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, corpus.Errorf(corpus.ErrInvalid, "TLS: %w", corpus.Foreign(err))
		}
		all = append(append(all, data...), 0)
	}
	return all, nil
}

// load makes a pair of the content of the files.
func (p *Pair) load(content []byte) (*loaded, error) {
	parts := bytes.Split(content, []byte{0})
	pair, err := tls.X509KeyPair(parts[0], parts[1])
	if err != nil {
		return nil, corpus.Errorf(corpus.ErrInvalid, "TLS certificate %s with key %s: %w", p.files.Certificate, p.files.Key, corpus.Foreign(err))
	}
	c := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if p.files.ClientAuth != None && p.files.ClientAuth != "" {
		c.ClientCAs = x509.NewCertPool()
		if !c.ClientCAs.AppendCertsFromPEM(parts[2]) {
			return nil, corpus.Errorf(corpus.ErrInvalid, "TLS authorities of clients %s: %w", p.files.ClientCA, errors.New("there is no certificate in PEM"))
		}
		// The certificate of a resumed session is verified again, by the authorities of
		// the time.
		c.ClientAuth = tls.VerifyClientCertIfGiven
		if p.files.ClientAuth == Required {
			c.ClientAuth = tls.RequireAndVerifyClientCert
		}
	}
	return &loaded{content, pair.Leaf, c}, nil
}

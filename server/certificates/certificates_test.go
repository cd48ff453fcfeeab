package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/tlstest"
)

// log is a log that counts its lines.
type book struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *book) lines() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Count(b.text.String(), "\n")
}

func open(t *testing.T, f Files) (*Pair, *book) {
	t.Helper()
	b := &book{}
	p, err := Open(f, slog.New(slog.NewTextHandler(b, nil)))
	if err != nil {
		t.Fatal(err)
	}
	p.every = 0 // each handshake reads the files
	p.next.Store(0)
	return p, b
}

// handshake returns the common name of the server's certificate, and the client's error.
func handshake(t *testing.T, p *Pair, ca *tlstest.CA, client *tlstest.Pair) (string, error) {
	t.Helper()
	return connect(t, p.Config("h2"), ca, client, nil)
}

func connect(t *testing.T, served *tls.Config, ca *tlstest.CA, client *tlstest.Pair, sessions tls.ClientSessionCache) (string, error) {
	t.Helper()
	roots := x509.NewCertPool()
	data, err := os.ReadFile(ca.File)
	if err != nil {
		t.Fatal(err)
	}
	roots.AppendCertsFromPEM(data)
	config := &tls.Config{RootCAs: roots, ServerName: "localhost", NextProtos: []string{"h2"}, ClientSessionCache: sessions}
	if client != nil {
		pair, err := tls.LoadX509KeyPair(client.Certificate, client.Key)
		if err != nil {
			t.Fatal(err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var serving sync.WaitGroup
	defer serving.Wait()
	serving.Go(func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = io.WriteString(tls.Server(c, served), "x") // the client sees its error
	})
	c, err := tls.Dial("tcp", listener.Addr().String(), config)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if _, err := c.Read(make([]byte, 1)); err != nil { // of TLS 1.3: the server's verdict on the client
		return "", err
	}
	if state := c.ConnectionState(); state.NegotiatedProtocol != "h2" || state.Version != tls.VersionTLS13 {
		t.Errorf("protocol %q, version %x", state.NegotiatedProtocol, state.Version)
	}
	return c.ConnectionState().PeerCertificates[0].Subject.CommonName, nil
}

func TestANewPairIsUsedAndABrokenOneIsNot(t *testing.T) {
	ca := tlstest.New(t)
	pair := ca.Issue(t, tlstest.Leaf{Name: "first"})
	p, log := open(t, Files{Certificate: pair.Certificate, Key: pair.Key})
	expect := func(want string) {
		t.Helper()
		for range 3 {
			if got, err := handshake(t, p, ca, nil); got != want || err != nil {
				t.Fatalf("served by %q, %v; want %q", got, err, want)
			}
		}
	}
	expect("first")
	key, err := os.ReadFile(pair.Key)
	if err != nil {
		t.Fatal(err)
	}
	ca.IssueTo(t, tlstest.Leaf{Name: "second"}, pair)
	expect("second")
	lines := log.lines()
	for name, broken := range map[string][]byte{"another key": key, "no key": []byte("x"), "nothing": nil} {
		if err := os.WriteFile(pair.Key, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		expect("second")
		if lines++; log.lines() != lines {
			t.Errorf("%s: %d lines are logged, want %d", name, log.lines(), lines)
		}
	}
	ca.IssueTo(t, tlstest.Leaf{Name: "over", Until: time.Now().Add(-time.Minute)}, pair)
	expect("second")
	if err := os.Remove(pair.Certificate); err != nil {
		t.Fatal(err)
	}
	expect("second")
	ca.IssueTo(t, tlstest.Leaf{Name: "third"}, pair)
	expect("third")
	if until := time.Until(p.NotAfter()); until < 23*time.Hour || until > 25*time.Hour {
		t.Errorf("the certificate ends in %v", until)
	}
}

// A volume of Kubernetes changes a symbolic link to a folder.
func TestAMovedLinkIsSeen(t *testing.T) {
	ca := tlstest.New(t)
	dir := t.TempDir()
	point := func(pair tlstest.Pair) {
		t.Helper()
		if err := os.Symlink(filepath.Dir(pair.Certificate), filepath.Join(dir, "next")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, "next"), filepath.Join(dir, "data")); err != nil {
			t.Fatal(err)
		}
	}
	point(ca.Issue(t, tlstest.Leaf{Name: "first"}))
	p, _ := open(t, Files{Certificate: filepath.Join(dir, "data", "tls.crt"), Key: filepath.Join(dir, "data", "tls.key")})
	for _, name := range []string{"first", "second"} {
		if got, err := handshake(t, p, ca, nil); got != name || err != nil {
			t.Errorf("served by %q, %v; want %q", got, err, name)
		}
		point(ca.Issue(t, tlstest.Leaf{Name: "second"}))
	}
}

func TestCertificatesOfClients(t *testing.T) {
	ca, other := tlstest.New(t), tlstest.New(t)
	pair, mine, foreign := ca.Issue(t, tlstest.Leaf{Name: "server"}), ca.Issue(t, tlstest.Leaf{Name: "client"}), other.Issue(t, tlstest.Leaf{})
	over := ca.Issue(t, tlstest.Leaf{Until: time.Now().Add(-time.Minute)})
	for _, c := range []struct {
		auth   ClientAuth
		client *tlstest.Pair
		fine   bool
	}{
		{None, nil, true},
		{Optional, nil, true},
		{Optional, &mine, true},
		{Optional, &foreign, false},
		{Required, nil, false},
		{Required, &mine, true},
		{Required, &foreign, false},
		{Required, &over, false},
	} {
		p, _ := open(t, Files{Certificate: pair.Certificate, Key: pair.Key, ClientCA: ca.File, ClientAuth: c.auth})
		if _, err := handshake(t, p, ca, c.client); (err == nil) != c.fine {
			t.Errorf("%s, client %v: %v", c.auth, c.client, err)
		}
	}
}

// A client that was accepted is checked again on its next connection, also against
// authorities that changed.
func TestASessionIsNotResumedPastNewAuthorities(t *testing.T) {
	ca, other := tlstest.New(t), tlstest.New(t)
	pair, mine := ca.Issue(t, tlstest.Leaf{}), ca.Issue(t, tlstest.Leaf{})
	authorities := filepath.Join(t.TempDir(), "ca.pem")
	trust := func(of *tlstest.CA) {
		t.Helper()
		data, err := os.ReadFile(of.File)
		if err == nil {
			err = os.WriteFile(authorities, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	trust(ca)
	p, _ := open(t, Files{Certificate: pair.Certificate, Key: pair.Key, ClientCA: authorities, ClientAuth: Required})
	served := p.Config("h2") // of one listener, so that it could resume sessions
	sessions := tls.NewLRUClientSessionCache(1)
	for i, fine := range []bool{true, true, false} {
		if !fine {
			trust(other)
		}
		if _, err := connect(t, served, ca, &mine, sessions); (err == nil) != fine {
			t.Errorf("connection %d: %v", i, err)
		}
	}
}

func TestOpenNamesTheFile(t *testing.T) {
	ca := tlstest.New(t)
	pair, other := ca.Issue(t, tlstest.Leaf{}), ca.Issue(t, tlstest.Leaf{})
	for name, f := range map[string]Files{
		"/missing.crt":   {Certificate: "/missing.crt", Key: pair.Key},
		other.Key:        {Certificate: pair.Certificate, Key: other.Key},
		pair.Key + ".no": {Certificate: pair.Certificate, Key: pair.Key, ClientCA: pair.Key + ".no", ClientAuth: Required},
		pair.Key:         {Certificate: pair.Certificate, Key: pair.Key, ClientCA: pair.Key, ClientAuth: Optional},
	} {
		if _, err := Open(f, slog.Default()); err == nil || !strings.Contains(err.Error(), name) || !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

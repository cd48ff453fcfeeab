package endpoint_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"dalil/embedder/endpoint"
)

// path answers with the path that was asked for.
var path = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = json.NewEncoder(w).Encode(r.URL.Path) })

func ask(t *testing.T, options endpoint.Options) (string, error) {
	t.Helper()
	client, err := endpoint.New(options)
	if err != nil {
		return "", err
	}
	var answer string
	err = client.Post(t.Context(), "embeddings", struct{}{}, &answer)
	return answer, err
}

func TestUnixSocket(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: path}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	if answer, err := ask(t, endpoint.Options{URL: "unix:" + socket}); err != nil || answer != "/v1/embeddings" {
		t.Errorf("got %q, %v, want an answer from below /v1", answer, err)
	}
	if _, err := ask(t, endpoint.Options{URL: "unix:" + socket + "-none"}); err == nil || !strings.Contains(err.Error(), socket+"-none") {
		t.Errorf("a socket that is not there: %v, want its path", err)
	}
	if _, err := ask(t, endpoint.Options{URL: "unix:relative"}); err == nil || !strings.Contains(err.Error(), "unix:/PATH") {
		t.Errorf("a relative path: %v", err)
	}
}

// A name that leads inside is refused, unless that is meant; an address says
// itself what it means.
func TestNamesOfPrivateAddresses(t *testing.T) {
	server := httptest.NewServer(path)
	t.Cleanup(server.Close)
	resolveAll(t, [4]byte{127, 0, 0, 1})
	address := server.Listener.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	inside := "http://models.example.org:" + port
	if _, err := ask(t, endpoint.Options{URL: inside}); err == nil || !strings.Contains(err.Error(), "embedder.private") {
		t.Errorf("a name of a loopback address: %v, want what to set", err)
	}
	for name, options := range map[string]endpoint.Options{
		"the name, allowed": {URL: inside, Private: true},
		"the address":       {URL: "http://" + address},
		"localhost":         {URL: "http://localhost:" + port},
	} {
		if answer, err := ask(t, options); err != nil || answer != "/embeddings" {
			t.Errorf("%s: %q, %v", name, answer, err)
		}
	}
}

// resolveAll lets every name stand for one address.
func resolveAll(t *testing.T, address [4]byte) {
	before := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = before })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go answerName(there, address)
		return here, nil
	}}
}

// answerName answers one question as a DNS server does over TCP.
func answerName(c net.Conn, address [4]byte) {
	defer c.Close()
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return
	}
	raw := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(c, raw); err != nil {
		return
	}
	var m dnsmessage.Message
	if m.Unpack(raw) != nil || len(m.Questions) == 0 {
		return
	}
	m.Response, m.Additionals = true, nil
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60}, Body: &dnsmessage.AResource{A: address},
		}}
	}
	packed, err := m.Pack()
	if err != nil {
		return
	}
	_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...)) // the client may have left
}

package main

import (
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/alecthomas/kong"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"dalil/internal/tlstest"
)

// guarded is a server with TLS that refuses calls without the right key, and all others
// because of their scope. Its counters are of calls without the key and with it.
type guarded struct {
	address      string
	ca           *tlstest.CA
	wrong, right atomic.Int64
}

const rightKey = "dalil_0123456789"

func guard(t *testing.T) *guarded {
	t.Helper()
	g := &guarded{ca: tlstest.New(t)}
	pair := g.ca.Issue(t, tlstest.Leaf{})
	certificate, err := tls.LoadX509KeyPair(pair.Certificate, pair.Key)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{certificate}})),
		grpc.UnknownServiceHandler(func(_ any, s grpc.ServerStream) error {
			md, _ := metadata.FromIncomingContext(s.Context())
			if !slices.Equal(md.Get("authorization"), []string{"Bearer " + rightKey}) {
				g.wrong.Add(1)
				return status.Error(codes.Unauthenticated, "there is no valid key")
			}
			g.right.Add(1)
			return status.Error(codes.PermissionDenied, "needs the scope admin")
		}))
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	g.address = listener.Addr().String()
	return g
}

// Every command that can use a server sends the key over TLS, and explains refusals.
func TestEveryRemoteCommandSendsTheKey(t *testing.T) {
	g, record := guard(t), filepath.Join(t.TempDir(), "a.txt")
	keyFile := filepath.Join(t.TempDir(), "key")
	for name, text := range map[string]string{record: "Rivers cross the old city.", keyFile: rightKey + "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tool := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"query":"rivers"}}}
`
	arguments := map[string][]string{
		"index": {record}, "search": {"rivers"}, "context": {"rivers"}, "similar": {"a"}, "explain": {"rivers", "a"},
		"ground": {"--query", "rivers"}, "preview": {record}, "docs list": {}, "docs get": {"a"}, "docs put": {"a", record},
		"docs update": {"a", "author=b"}, "docs delete": {"a"}, "docs failures": {}, "docs retry": {record}, "facets": {"language"},
		"backup create": {filepath.Join(t.TempDir(), "index.tar")}, "info": {}, "mcp": {}, "health": {},
		"reindex status": {}, "reindex rebuild": {}, "reindex compare": {}, "reindex activate": {}, "reindex rollback": {}, "reindex drop": {"x"},
		"tenants list": {}, "tenants usage": {"news"}, "tenants delete": {"news", "--yes"},
	}
	parser, err := kong.New(&cli{}, append(flagMappers(), kong.Name("dalil"), kong.Vars{"version": ""})...)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, leaf := range parser.Model.Leaves(false) {
		flags := map[string]bool{}
		for _, group := range leaf.AllFlags(false) {
			for _, f := range group {
				flags[f.Name] = true
			}
		}
		if !flags["server"] && !flags["address"] {
			continue
		}
		checked++
		name := strings.TrimPrefix(leaf.FullPath(), "dalil ")
		name, _, _ = strings.Cut(name, " <")
		name, _, _ = strings.Cut(name, " [")
		args, known := arguments[name]
		if !known {
			t.Errorf("the command %q calls a server and is not in this test", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			at := "--server"
			if flags["address"] {
				at = "--address"
			}
			call := func(environment []string, flags ...string) (int, string) {
				words := strings.Fields(name)
				where := append(flags, at, g.address)
				if words[0] == "reindex" {
					words = slices.Concat(words[:1], where, words[1:])
				} else {
					words = slices.Concat(words, where)
				}
				stdin := map[string]string{"mcp": tool, "ground": "Rivers cross the city."}[name]
				code, out, errs := dalil(t, "", stdin, environment, append(words, args...)...)
				if strings.Contains(out+errs, rightKey) {
					t.Errorf("the key is printed: %s%s", out, errs)
				}
				return code, out + errs
			}
			g.wrong.Store(0)
			g.right.Store(0)
			code, said := call(nil, "--tls-ca", g.ca.File)
			if name != "mcp" && (code != 1 || !strings.Contains(said, "--api-key-file FILE") || !strings.Contains(said, "DALIL_API_KEY")) {
				t.Errorf("without a key: %d\n%s", code, said)
			}
			if g.wrong.Load() == 0 || g.right.Load() > 0 {
				t.Errorf("without a key: %d calls without and %d with it", g.wrong.Load(), g.right.Load())
			}
			for from, test := range map[string]struct{ environment, flags []string }{
				"file":     {nil, []string{"--tls-ca", g.ca.File, "--api-key-file", keyFile}},
				"variable": {[]string{"DALIL_API_KEY=" + rightKey}, []string{"--tls-ca", g.ca.File}},
				"both":     {[]string{"DALIL_API_KEY=another"}, []string{"--tls-ca", g.ca.File, "--api-key-file", keyFile}},
			} {
				g.wrong.Store(0)
				g.right.Store(0)
				code, said := call(test.environment, test.flags...)
				if name != "mcp" && (code != 1 || !strings.Contains(said, "does not allow this call: needs the scope admin")) {
					t.Errorf("%s: %d\n%s", from, code, said)
				}
				if g.wrong.Load() > 0 || g.right.Load() == 0 {
					t.Errorf("%s: %d calls without the key and %d with it", from, g.wrong.Load(), g.right.Load())
				}
			}
		})
	}
	if checked != len(arguments) {
		t.Errorf("%d commands were checked, the table has %d", checked, len(arguments))
	}
}

// What is wrong with a connection is said in one sentence, which says what to do.
func TestConnectionsThatAreRefused(t *testing.T) {
	g, stranger, plain := guard(t), tlstest.New(t), serving(t)
	for name, test := range map[string]struct {
		environment []string
		args        []string
		want        string
	}{
		"another CA":      {nil, []string{"--server", g.address, "--tls-ca", stranger.File}, "the server at " + g.address + " has a certificate of an unknown CA; name the file of its CA with --tls-ca"},
		"no CA":           {nil, []string{"--server", "https://" + g.address}, "name the file of its CA with --tls-ca"},
		"no TLS here":     {nil, []string{"--server", g.address}, "if it uses TLS, add --tls"},
		"no TLS there":    {nil, []string{"--server", plain, "--tls"}, "the server at " + plain + " does not use TLS"},
		"no key file":     {nil, []string{"--server", g.address, "--api-key-file", "nowhere"}, "--api-key-file nowhere: there is no such file"},
		"in the open":     {[]string{"DALIL_API_KEY=" + rightKey}, []string{"--server", "dalil.example:7810"}, "the key is not sent to dalil.example:7810 without encryption"},
		"without server":  {nil, []string{"--tls"}, "need --server"},
		"file, no server": {nil, []string{"--api-key-file", "x"}, "need --server"},
	} {
		code, out, errs := dalil(t, "", "", test.environment, append([]string{"search", "rivers", "--timeout", "1s"}, test.args...)...)
		if code != 1 || !strings.HasPrefix(errs, "dalil: ") || !strings.Contains(errs, test.want) || strings.Contains(errs, rightKey) {
			t.Errorf("%s: %d\n%s%s", name, code, out, errs)
		}
	}
	code, out, errs := dalil(t, "", "", []string{"DALIL_API_KEY=" + rightKey}, "config")
	if code != 0 || strings.Contains(out+errs, rightKey) || strings.Contains(strings.ToLower(out), "api_key:") && strings.Contains(out, rightKey) {
		t.Errorf("config: %d\n%s%s", code, out, errs)
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dalil/internal/tlstest"
)

// A server with TLS and keys, and the programs that use it.
func TestCallsOverANetwork(t *testing.T) {
	ca, folder := tlstest.New(t), t.TempDir()
	pair, keys := ca.Issue(t, tlstest.Leaf{}), filepath.Join(folder, "keys.json")
	key := func(name, scope string) string {
		t.Helper()
		code, out, errs := dalil(t, "", "", nil, "keys", "create", "--keys", keys, "--name", name, "--scope", scope)
		if code != 0 || strings.Count(out, "\n") != 1 {
			t.Fatalf("keys create: %d\n%s%s", code, out, errs)
		}
		file := filepath.Join(folder, name+".key")
		writeFile(t, file, out)
		return file
	}
	writer, reader := key("writer", "write"), key("reader", "search")
	address := serving(t, "--keys", keys, "--set", "tls.cert="+pair.Certificate, "--set", "tls.key="+pair.Key)
	call := func(keyFile string, args ...string) (int, string) {
		code, out, errs := dalil(t, "", "", nil, append(args, "--server", address, "--tls-ca", ca.File, "--api-key-file", keyFile)...)
		return code, out + errs
	}
	if code, said := call(writer, "index", "../../seeds"); code != 0 || !strings.HasPrefix(said, "5 indexed") {
		t.Fatalf("index: %d\n%s", code, said)
	}
	if code, said := call(reader, "search", "poverty reduction cooperation"); code != 0 || !strings.Contains(said, "001_9b34745794db2986") {
		t.Errorf("search: %d\n%s", code, said)
	}
	if code, said := call(writer, "search", "poverty"); code != 1 || !strings.Contains(said, "does not allow this call") {
		t.Errorf("search with a key of scope write: %d\n%s", code, said)
	}
	for name, text := range map[string]string{"a typo": "dalil_x", "a key of nobody": "dalil_000000000000_" + strings.Repeat("0", 49)} {
		wrong := filepath.Join(folder, "wrong.key")
		writeFile(t, wrong, text)
		if code, said := call(wrong, "search", "poverty"); code != 1 || !strings.Contains(said, "does not accept the call") || !strings.Contains(said, "--api-key-file") || strings.Contains(said, text) {
			t.Errorf("%s: %d\n%s", name, code, said)
		}
	}
	if code, said := call(reader, "search", "--tenant", "no name", "poverty"); code != 1 || !strings.Contains(said, "--tenant") && !strings.Contains(said, "does not allow") {
		t.Errorf("a tenant that has no such name: %d\n%s", code, said)
	}
	admin := key("admin", "admin")
	for tenant, want := range map[string]string{"news": "1 indexed", "no name": "dalil: --tenant: must "} {
		file := filepath.Join(folder, "a.txt")
		writeFile(t, file, "Rivers cross the old city.")
		until := time.Now().Add(10 * time.Second) // the server reads the file of the keys every second
		for {
			_, said := call(admin, "index", "--tenant", tenant, file)
			if strings.Contains(said, want) {
				break
			}
			if time.Now().After(until) {
				t.Fatalf("index --tenant %q: %s", tenant, said)
			}
		}
	}
	if _, said := call(admin, "docs", "list", "--tenant", "news"); !strings.HasPrefix(said, "a\t") {
		t.Errorf("the documents of the tenant:\n%s", said)
	}
	if _, said := call(reader, "search", "rivers old city"); strings.Contains(said, "Rivers cross") {
		t.Errorf("another tenant's document is found:\n%s", said)
	}
	code, out, errs := dalil(t, "", "", nil, "search", "--server", address, "--tls-ca", ca.File, "poverty")
	if code != 1 || !strings.Contains(errs, "give a valid key with --api-key-file FILE") {
		t.Errorf("without a key: %d\n%s%s", code, out, errs)
	}
	for _, flags := range [][]string{
		{"--listen", address, "--set", "tls.cert=" + pair.Certificate, "--set", "tls.key=" + pair.Key, "health"}, // the server's own configuration
		{"health", "--address", address, "--tls-ca", ca.File},
	} {
		if code, out, errs := dalil(t, "", "", nil, flags...); code != 0 || !strings.Contains(out, "serving") {
			t.Errorf("%v: %d\n%s%s", flags, code, out, errs)
		}
	}
	clients := tlstest.New(t)
	mine, mutual := clients.Issue(t, tlstest.Leaf{}), []string{
		"--set", "tls.cert=" + pair.Certificate, "--set", "tls.key=" + pair.Key, "--set", "tls.client_auth=required", "--set", "tls.client_ca=" + clients.File,
	}
	probe := append([]string{"--listen", serving(t, mutual...)}, append(mutual, "health", "--timeout", "10s")...)
	if code, out, errs := dalil(t, "", "", nil, append(probe, "--tls-cert", mine.Certificate, "--tls-key", mine.Key)...); code != 0 || !strings.Contains(out, "serving") {
		t.Errorf("health with a client certificate: %d\n%s%s", code, out, errs)
	}
	if code, _, errs := dalil(t, "", "", nil, append(probe, "--timeout", "2s")...); code != 1 || !strings.Contains(errs, "--tls-cert and --tls-key") {
		t.Errorf("health with the server's certificate, of another CA: %d\n%s", code, errs)
	}
	other := ca.Issue(t, tlstest.Leaf{})
	code, _, errs = dalil(t, "", "", nil, "--listen", address, "--set", "tls.cert="+other.Certificate, "--set", "tls.key="+other.Key, "health", "--timeout", "1s")
	if code != 1 || !strings.Contains(errs, "another certificate than tls.cert") {
		t.Errorf("health with another certificate: %d\n%s", code, errs)
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

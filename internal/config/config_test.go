package config_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/config"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dalil.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagsBeatEnvironmentBeatsFileBeatsDefaults(t *testing.T) {
	got, err := config.Load(config.Sources{
		File:        write(t, "listen: 127.0.0.1:1\nadmin: 127.0.0.1:2\ndata: file\nsearch:\n  depth: 7\nserver:\n  deadline: 3s\n"),
		Environment: []string{"DALIL_ADMIN=127.0.0.1:3", "DALIL_DATA=env", "DALIL_SEARCH_RERANK_DEPTH=9", "PATH=/bin", "DALIL_CONFIG=x"},
		Flags:       map[string]string{"data": "flag"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.Listen, want.Admin, want.Data = "127.0.0.1:1", "127.0.0.1:3", "flag"
	want.Search.Depth, want.Search.RerankDepth, want.Server.Deadline = 7, 9, 3*time.Second
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
}

func TestWhatCantWorkIsRefusedByName(t *testing.T) {
	for _, test := range []struct {
		name    string
		sources config.Sources
		want    []string
	}{
		{"unknown key in the file", config.Sources{File: write(t, "search:\n  dept: 3\n")}, []string{"dalil.yaml", "search.dept", "did you mean key search.depth?"}},
		{"unknown section", config.Sources{File: write(t, "serch:\n  depth: 3\n")}, []string{"serch.depth", "search.depth"}},
		{"a value for a section", config.Sources{File: write(t, "search: 5\n")}, []string{"dalil.yaml", "search is a section"}},
		{"unknown variable", config.Sources{Environment: []string{"DALIL_LISTN=x"}}, []string{"DALIL_LISTN", "DALIL_LISTEN"}},
		{"not a number", config.Sources{File: write(t, "search:\n  depth: many\n")}, []string{"search.depth", "whole number", "many"}},
		{"not a whole number", config.Sources{File: write(t, "search:\n  depth: 7.5\n")}, []string{"search.depth", "whole number", "7.5"}},
		{"a time without unit", config.Sources{File: write(t, "server:\n  drain: 10\n")}, []string{"server.drain", "10s", "10"}},
		{"not yes or no", config.Sources{Environment: []string{"DALIL_INSECURE=perhaps"}}, []string{"environment", "insecure", "true or false", "perhaps"}},
		{"a key without value", config.Sources{File: write(t, "data:\n")}, []string{"data", "no value"}},
		{"an empty variable of a protection", config.Sources{File: write(t, "access:\n  keys: k.json\n"), Environment: []string{"DALIL_ACCESS_KEYS="}}, []string{"environment", "access.keys", "no value"}},
		{"an empty flag of a protection", config.Sources{Flags: map[string]string{"tls.cert": " "}}, []string{"setting", "tls.cert", "no value"}},
		{"a list for one value", config.Sources{File: write(t, "data: [a, b]\n")}, []string{"data", "single value"}},
		{"a hidden key in a file", config.Sources{File: write(t, "embedder:\n  key: (hidden)\n")}, []string{"embedder.key", "(hidden)", "dalil config"}},
		{"a hidden key in a variable", config.Sources{Environment: []string{"DALIL_STORE_KEY=(hidden)"}}, []string{"store.key", "(hidden)"}},
		{"a hidden key in a flag", config.Sources{Flags: map[string]string{"store.key": "(hidden)"}}, []string{"store.key", "(hidden)"}},
		{"a person's own port", config.Sources{Environment: []string{"DALIL_PORT=7810"}}, []string{"DALIL_PORT"}},
		{"a mistyped variable", config.Sources{Environment: []string{"DALIL_SERVER_DEADLIN=1s"}}, []string{"DALIL_SERVER_DEADLINE"}},
		{"out of range", config.Sources{Flags: map[string]string{"search.depth": "0"}}, []string{"search.depth", "1 to 1000"}},
		{"not an address", config.Sources{Flags: map[string]string{"listen": "7810"}}, []string{"listen", "7810"}},
		{"not a choice", config.Sources{Flags: map[string]string{"log.level": "loud"}}, []string{"log.level", "loud", "warn"}},
		{"no collection", config.Sources{Flags: map[string]string{"store.name": "qdrant", "store.collection": "a/b"}}, []string{"store.collection", "a/b"}},
		{"no metadata key", config.Sources{Flags: map[string]string{"store.name": "qdrant", "store.numbers": "price,a b"}}, []string{"store.numbers", "a b"}},
		{"certificate without TLS", config.Sources{Flags: map[string]string{"store.name": "qdrant", "store.ca": "x"}}, []string{"store.tls"}},
		{"a password for the issuer's keys", config.Sources{Flags: map[string]string{
			"access.jwt.issuer": "i", "access.jwt.audience": "a", "access.jwt.jwks": "https://u:pw@issuer.example/jwks",
		}}, []string{"access.jwt.jwks", "no user and password"}},
		{"not YAML", config.Sources{File: write(t, "listen: [\n")}, []string{"dalil.yaml"}},
		{"no such file", config.Sources{File: "nowhere.yaml"}, []string{"nowhere.yaml"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := config.Load(test.sources)
			if err == nil {
				t.Fatal("was accepted")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not name %q", err, part)
				}
			}
		})
	}
}

// A Service named "dalil", "dalil-admin" or "dalil-store" puts these into every
// pod of its namespace.
func TestVariablesOfKubernetesAreIgnored(t *testing.T) {
	var environment []string
	for _, service := range []string{"DALIL", "DALIL_ADMIN", "DALIL_STORE", "DALIL_V2_GRPC"} {
		environment = append(environment,
			service+"_PORT=tcp://10.0.0.1:7810", service+"_SERVICE_HOST=10.0.0.1", service+"_SERVICE_PORT=7810", service+"_SERVICE_PORT_GRPC=7810",
			service+"_PORT_7810_TCP=tcp://10.0.0.1:7810", service+"_PORT_7810_TCP_PROTO=tcp", service+"_PORT_7810_TCP_PORT=7810",
			service+"_PORT_7810_TCP_ADDR=10.0.0.1", service+"_PORT_53_UDP=udp://10.0.0.1:53", service+"_PORT_53_UDP_ADDR=10.0.0.1")
	}
	got, err := config.Load(config.Sources{Environment: append(environment, "DALIL_SEARCH_DEPTH=7")})
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.Search.Depth = 7
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
}

func TestAnEmptySectionIsNoMistake(t *testing.T) {
	got, err := config.Load(config.Sources{File: write(t, "store:\n  # name: qdrant\nsearch:\n  depth: 1e2\n")})
	if err != nil || got.Search.Depth != 100 || got.Store.Name != "local" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestPrintedConfigurationLoadsBack(t *testing.T) {
	want := config.Default()
	want.Data, want.Search.Depth, want.Insecure = `a "quoted" folder`, 42, true
	want.Store.Numbers = []string{"price", "year"}
	got, err := config.Load(config.Sources{File: write(t, config.YAML(want))})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("printed and read back (-want +got):\n%s", diff)
	}
	for _, l := range config.Leaves(want) {
		if l.Doc == "" {
			t.Errorf("%s has no doc", l.Key)
		}
	}
}

func TestSecretsAreHidden(t *testing.T) {
	const canary = "canary-6f1d"
	secret := config.Secret(canary)
	encoded, err := json.Marshal(map[string]any{"key": secret})
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Embedder.Key = secret
	for _, shown := range []string{secret.String(), string(encoded), config.YAML(c)} {
		if strings.Contains(shown, canary) {
			t.Errorf("%q shows the secret", shown)
		}
	}
}

func TestProxies(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://env:3128")
	t.Setenv("HTTPS_PROXY", "http://env:3129")
	t.Setenv("NO_PROXY", "inside.example.org")
	for _, test := range []struct{ setting, provider, want string }{
		{"environment", "https://api.example.org/v1", "http://env:3129"},
		{"environment", "http://api.example.org/v1", "http://env:3128"},
		{"environment", "http://inside.example.org/v1", ""},
		{"environment", "http://10.0.0.7:8080", ""},
		{"environment", "http://localhost:8080", ""},
		{"none", "https://api.example.org/v1", ""},
		{"http://own:1", "https://api.example.org/v1", "http://own:1"},
	} {
		provider, err := url.Parse(test.provider)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if proxy, err := config.Proxy(test.setting).For(provider); err != nil {
			t.Error(err)
		} else if proxy != nil {
			got = proxy.String()
		}
		if got != test.want {
			t.Errorf("%s for %s: %q, want %q", test.setting, test.provider, got, test.want)
		}
	}
	c := config.Default()
	c.Embedder.Proxy = "http://user:canary@proxy:3128"
	if printed := config.YAML(c); strings.Contains(printed, "canary") || !strings.Contains(printed, "@proxy:3128") {
		t.Errorf("the configuration is printed with the password of the proxy, or without its address")
	} else if _, err := config.Load(config.Sources{File: write(t, printed)}); err == nil || !strings.Contains(err.Error(), "embedder.proxy") {
		t.Errorf("a printed password was read back: %v", err)
	}
	if _, err := config.Load(config.Sources{Flags: map[string]string{"embedder.proxy": "proxy:3128"}}); err == nil || !strings.Contains(err.Error(), "embedder.proxy") {
		t.Errorf("a proxy without a scheme: %v, want the key", err)
	}
}

// Parameters and headers may be a section, a JSON object or pairs; they are read
// back as printed, but for what is hidden.
func TestParametersAndHeaders(t *testing.T) {
	const want = `{"n":3,"task":"retrieval.query","x":null}`
	for name, sources := range map[string]config.Sources{
		"a section": {File: write(t, "embedder:\n  query_parameters:\n    task: retrieval.query\n    n: 3\n    x: null\n")},
		"in a line": {File: write(t, "embedder:\n  query_parameters: {task: retrieval.query, n: 3, x: null}\n")},
		"JSON":      {Environment: []string{`DALIL_EMBEDDER_QUERY_PARAMETERS={"task":"retrieval.query","n":3,"x":null}`}},
		"pairs":     {Flags: map[string]string{"embedder.query_parameters": "task=retrieval.query,n=3,x=null"}},
		"a flag over a file": {
			File: write(t, "embedder:\n  query_parameters: {other: 1}\n"), Flags: map[string]string{"embedder.query_parameters": "task=retrieval.query,n=3,x=null"},
		},
	} {
		c, err := config.Load(sources)
		if err != nil || string(c.Embedder.QueryParameters) != want {
			t.Errorf("%s: %q, %v", name, string(c.Embedder.QueryParameters), err)
			continue
		}
		if again, err := config.Load(config.Sources{File: write(t, config.YAML(c))}); err != nil || again.Embedder != c.Embedder {
			t.Errorf("%s: read back as printed: %q, %v", name, string(again.Embedder.QueryParameters), err)
		}
	}
	c, err := config.Load(config.Sources{File: write(t, "embedder:\n  headers:\n    Api-Key: canary\n")})
	if err != nil || c.Embedder.Headers.Map()["Api-Key"] != "canary" {
		t.Fatalf("headers: %v, %v", c.Embedder.Headers.Map(), err)
	}
	printed := config.YAML(c)
	if strings.Contains(printed, "canary") || !strings.Contains(printed, "Api-Key") {
		t.Errorf("printed:\n%s", printed)
	}
	if _, err := config.Load(config.Sources{File: write(t, printed)}); err == nil || !strings.Contains(err.Error(), "Api-Key") {
		t.Errorf("a hidden value was read back: %v", err)
	}
	for given, says := range map[string]string{
		"embedder.query_parameters={": "JSON", "embedder.passage_parameters=input=x": "input", "embedder.query_parameters=x": "name=value",
		"embedder.headers=Host=x": "Host", "embedder.headers=a b=x": "a b",
	} {
		key, value, _ := strings.Cut(given, "=")
		if _, err := config.Load(config.Sources{Flags: map[string]string{key: value}}); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v, want the key and %q", given, err, says)
		}
	}
}

package config_test

import (
	"encoding/json"
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
		{"unknown variable", config.Sources{Environment: []string{"DALIL_LISTN=x"}}, []string{"DALIL_LISTN", "DALIL_LISTEN"}},
		{"not a number", config.Sources{File: write(t, "search:\n  depth: many\n")}, []string{"search.depth", "int"}},
		{"out of range", config.Sources{Flags: map[string]string{"search.depth": "0"}}, []string{"search.depth", "1 to 1000"}},
		{"not an address", config.Sources{Flags: map[string]string{"listen": "7810"}}, []string{"listen", "7810"}},
		{"not a choice", config.Sources{Flags: map[string]string{"log.level": "loud"}}, []string{"log.level", "loud", "warn"}},
		{"no collection", config.Sources{Flags: map[string]string{"store.name": "qdrant", "store.collection": "a/b"}}, []string{"store.collection", "a/b"}},
		{"no metadata key", config.Sources{Flags: map[string]string{"store.name": "qdrant", "store.numbers": "price,a b"}}, []string{"store.numbers", "a b"}},
		{"certificate without TLS", config.Sources{Flags: map[string]string{"store.name": "qdrant", "store.ca": "x"}}, []string{"store.tls"}},
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

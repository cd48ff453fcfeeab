package app_test

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"dalil/internal/config"
	"dalil/internal/doctor"
	"dalil/internal/task"
)

func findings(t *testing.T, c config.Config) map[string]doctor.Finding {
	t.Helper()
	found, err := task.Doctor(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]doctor.Finding{}
	for _, f := range found {
		if f.State != "ok" && f.State != "warning" && f.State != "failed" || f.Detail == "" {
			t.Errorf("%+v says nothing", f)
		}
		if f.State != "ok" && f.Advice == "" {
			t.Errorf("%+v gives no advice", f)
		}
		all[f.Check] = f
	}
	return all
}

func TestDoctorFindsNothingWrong(t *testing.T) {
	c := onQdrant(t, nil)
	a := open(t, c)
	indexSeeds(t, a)
	all := findings(t, c)
	for _, check := range []string{"port listen", "port admin", "embedder", "embedder prefixes", "store", "clock", "average length", "recall"} {
		if all[check].State != "ok" {
			t.Errorf("%s: %+v", check, all[check])
		}
	}
}

func TestDoctorSaysWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, test := range []struct {
		name, check, state, advice string
		change                     func(*config.Config)
	}{
		{"a port in use", "port listen", "warning", "listen", func(c *config.Config) { c.Listen = taken.Addr().String() }},
		{"an address that is not ours", "port admin", "failed", "admin", func(c *config.Config) { c.Admin = "192.0.2.1:1" }},
		{"no file of keys", "API keys", "failed", "access.keys", func(c *config.Config) { c.Access.Keys = "none.json" }},
		{"no such provider", "embedder", "failed", "embedder.name", func(c *config.Config) { c.Embedder.Name = "nobody" }},
		{"an endpoint that is down", "embedder", "failed", "embedder.url", func(c *config.Config) {
			c.Embedder.Name, c.Embedder.URL, c.Embedder.Model, c.Embedder.Dimensions = "openai", "http://127.0.0.1:1/v1", "m", 4
		}},
		{"a store that is down", "store", "failed", "store.address", func(c *config.Config) { c.Store.Name, c.Store.Address = "qdrant", "127.0.0.1:1" }},
		{"an empty store", "store", "warning", "dalil index", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := findings(t, settings(t, test.change))[test.check]
			if f.State != test.state || !strings.Contains(f.Advice, test.advice) {
				t.Errorf("got %+v, want %s and advice on %s", f, test.state, test.advice)
			}
		})
	}
	c := settings(t, nil)
	a := open(t, c)
	indexSeeds(t, a)
	if f := findings(t, c)["store"]; f.State != "warning" || !strings.Contains(f.Detail, "in use") {
		t.Errorf("a store that a server has: %+v", f)
	}
}

func TestDoctorReportsTheModel(t *testing.T) {
	var changed, cuts atomic.Bool
	provider := startProvider(t, func(texts []string) bool {
		for i := range texts {
			if changed.Load() {
				texts[i] = "another " + texts[i]
			}
			if words := strings.Fields(texts[i]); cuts.Load() && len(words) > 64 {
				texts[i] = strings.Join(words[:64], " ")
			}
		}
		return true
	})
	c := settings(t, func(c *config.Config) {
		c.Embedder = config.Embedder{Name: "openai", URL: provider + "/v1", Model: "m", Dimensions: 32, MaxTokens: 512}
	})
	a := open(t, c)
	indexSeeds(t, a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	all := findings(t, c)
	for _, check := range []string{"limits", "embedder", "embedder length", "store"} {
		if all[check].State == "failed" || all[check].Check == "" {
			t.Errorf("%s: %+v", check, all[check])
		}
	}
	if all["embedder length"].State != "ok" {
		t.Errorf("a model that reads to the end: %+v", all["embedder length"])
	}
	cuts.Store(true)
	if f := findings(t, c)["embedder length"]; f.State != "warning" || !strings.Contains(f.Advice, "embedder.max_tokens") {
		t.Errorf("an endpoint that cuts: %+v", f)
	}
	cuts.Store(false)
	changed.Store(true)
	if f := findings(t, c)["model"]; f.State != "failed" || !strings.Contains(f.Advice, "--rebuild") {
		t.Errorf("another model: %+v", f)
	}
}

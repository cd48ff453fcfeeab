package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dalil/internal/config"
	"dalil/internal/tlstest"
)

func TestDoctorChecksTLS(t *testing.T) {
	ca := tlstest.New(t)
	day := 24 * time.Hour
	in := func(d time.Duration) time.Time { return time.Now().Add(d) }
	good := tlstest.Leaf{Until: in(90 * day)}
	nonsense := filepath.Join(t.TempDir(), "nonsense")
	if err := os.WriteFile(nonsense, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		leaf   tlstest.Leaf
		change func(*testing.T, *config.Config)
		check  string
		state  string
		want   string // in the detail or the advice
	}{
		"right":           {good, nil, "TLS certificate", "ok", "is valid until"},
		"its names":       {good, nil, "TLS names", "ok", "localhost, 127.0.0.1, ::1"},
		"its key":         {good, nil, "TLS key", "ok", "closed to other users"},
		"ends soon":       {tlstest.Leaf{Until: in(20 * day)}, nil, "TLS certificate", "warning", "ends in 19 days"},
		"ended":           {tlstest.Leaf{From: in(-2 * day), Until: in(-day)}, nil, "TLS certificate", "failed", "ended at"},
		"early":           {tlstest.Leaf{From: in(day), Until: in(90 * day)}, nil, "TLS certificate", "failed", "is not valid before"},
		"another name":    {tlstest.Leaf{Hosts: []string{"dalil.example"}, Until: in(90 * day)}, nil, "TLS names", "warning", "the certificate is for dalil.example, and listen is 127.0.0.1:0"},
		"every interface": {tlstest.Leaf{Hosts: []string{"dalil.example"}, Until: in(90 * day)}, everywhere, "TLS names", "ok", "dalil.example"},
		"no names":        {tlstest.Leaf{Hosts: []string{}, Until: in(90 * day)}, nil, "TLS names", "failed", "has no names"},
		"an open key": {good, func(t *testing.T, c *config.Config) {
			if err := os.Chmod(c.TLS.Key, 0o644); err != nil {
				t.Fatal(err)
			}
		}, "TLS key", "warning", "chmod 600"},
		"another's key": {good, func(t *testing.T, c *config.Config) { c.TLS.Key = ca.Issue(t, good).Key }, "TLS certificate", "failed", "does not match"},
		"no file":       {good, func(_ *testing.T, c *config.Config) { c.TLS.Key = "nowhere" }, "TLS key", "failed", "nowhere"},
		"clients":       {good, func(_ *testing.T, c *config.Config) { c.TLS.ClientCA = ca.File }, "TLS client CA", "ok", "is valid until"},
		"no client CA":  {good, func(_ *testing.T, c *config.Config) { c.TLS.ClientCA = nonsense }, "TLS client CA", "failed", "contains no certificate"},
		"no TLS":        {good, func(_ *testing.T, c *config.Config) { c.TLS.Certificate, c.TLS.Key = "", "" }, "TLS certificate", "", ""},
	} {
		pair := ca.Issue(t, test.leaf)
		got := findings(t, settings(t, func(c *config.Config) {
			c.Embedder.Name = "hash"
			c.TLS.Certificate, c.TLS.Key = pair.Certificate, pair.Key
			if test.change != nil {
				test.change(t, c)
			}
		}))[test.check]
		if got.State != test.state || !strings.Contains(got.Detail+" "+got.Advice, test.want) {
			t.Errorf("%s: %+v, want %s with %q", name, got, test.state, test.want)
		}
	}
}

// everywhere sets addresses of every interface. No port has these numbers, so nothing listens.
func everywhere(_ *testing.T, c *config.Config) { c.Listen, c.Admin = ":99999", "0.0.0.0:99999" }

package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/internal/config"
)

func TestQuotas(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dalil.yaml")
	text := "quota:\n  documents: 100\n  bytes: 1e6\n  tenants:\n    news: {documents: 5, passages: 7, versions: 8}\n    a.b: {documents: 0}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]config.Sources{
		"file":     {File: file},
		"variable": {Environment: []string{"DALIL_QUOTA_DOCUMENTS=100", "DALIL_QUOTA_BYTES=1000000", `DALIL_QUOTA_TENANTS={"news":{"documents":5,"passages":7,"versions":8},"a.b":{"documents":0}}`}},
	} {
		c, err := config.Load(s)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		of := c.Quota.Of()
		for tenant, want := range map[string]corpus.Quota{
			"": {Documents: 100, Bytes: 1e6, Versions: 1000}, "sport": {Documents: 100, Bytes: 1e6, Versions: 1000},
			"news": {Documents: 5, Passages: 7, Bytes: 1e6, Versions: 8}, "a.b": {Bytes: 1e6},
		} {
			if got := of(tenant); got != want {
				t.Errorf("%s: tenant %q has %+v, want %+v", name, tenant, got, want)
			}
		}
		printed := filepath.Join(t.TempDir(), "printed.yaml")
		if err := os.WriteFile(printed, []byte(config.YAML(c)), 0o600); err != nil {
			t.Fatal(err)
		}
		if again, err := config.Load(config.Sources{File: printed}); err != nil || again.Quota != c.Quota {
			t.Errorf("%s: read back as printed: %+v, %v", name, again.Quota, err)
		}
	}
	for given, says := range map[string]string{
		`{"News":{"documents":1}}`: "News", `{"news":{"document":1}}`: "must be documents", `{"news":{"documents":-1}}`: "must not be negative",
		`{"news":1}`: "must be a section", `{"news":{"documents":"many"}}`: "whole number",
	} {
		if _, err := config.Load(config.Sources{Environment: []string{"DALIL_QUOTA_TENANTS=" + given}}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v does not say %q", given, err, says)
		}
	}
	if _, err := config.Load(config.Sources{Environment: []string{"DALIL_QUOTA_DOCUMENTS=-1"}}); err == nil {
		t.Error("a negative limit was accepted")
	}
}

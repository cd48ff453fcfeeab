package model_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/embedder/static"
	"dalil/internal/config"
	"dalil/internal/model"
)

func TestATableOfAnotherKindOfModelIsRefused(t *testing.T) {
	built, err := static.Default()
	if err != nil {
		t.Fatal(err)
	}
	own, err := model.OpenRelevance("", "static", built)
	if err != nil || own == nil {
		t.Fatalf("the built-in table: %v, %v", own, err)
	}
	file := filepath.Join(t.TempDir(), "my.relevance.json")
	if err := os.WriteFile(file, own.Encode(), 0o600); err != nil {
		t.Fatal(err)
	}
	if table, err := model.OpenRelevance(file, "static", built); err != nil || table == nil {
		t.Errorf("its own kind: %v, %v", table, err)
	}
	_, err = model.OpenRelevance(file, "openai", nil)
	if err == nil || !strings.Contains(err.Error(), `search.calibration: `+file+` was fitted to a model of the kind "static", and embedder.name is "openai"`) {
		t.Errorf("another kind: %v", err)
	}
	for preset, want := range map[string]string{"": "static", "voyage/voyage-3.5": "openai"} {
		if kind, err := model.Kind(config.Embedder{Name: "static", Preset: preset}); kind != want || err != nil {
			t.Errorf("preset %q: kind %q, error %v; want %q", preset, kind, err, want)
		}
	}
	if table, err := model.OpenRelevance("none", "openai", nil); err != nil || table != nil {
		t.Errorf("none: %v, %v", table, err)
	}
}

package model

import (
	"cmp"
	"strings"
	"testing"

	"dalil/embedder"
	"dalil/internal/config"
)

func TestPresets(t *testing.T) {
	e, err := withPreset(config.Embedder{Preset: "multilingual-e5-small", MaxTokens: 300})
	if err != nil || e.Dimensions != 384 || e.MaxTokens != 300 || e.QueryPrefix != "query: " || e.Pooling != "mean" || e.PassagePrefix != "passage: " {
		t.Errorf("got %+v, %v", e, err)
	}
	if e, err := withPreset(config.Embedder{Preset: "text-embedding-3-large", Dimensions: 256}); err != nil || e.Dimensions != 256 {
		t.Errorf("a model that shortens: got %+v, %v", e, err)
	}
	if _, err := withPreset(config.Embedder{Preset: "bge-m3", Dimensions: 256}); err == nil || !strings.Contains(err.Error(), "1024") {
		t.Errorf("a model that does not shorten: got %v", err)
	}
	if _, err := withPreset(config.Embedder{Preset: "nobody"}); err == nil || !strings.Contains(err.Error(), "bge-m3") {
		t.Errorf("no such preset: got %v, want the names", err)
	}
	e, err = withPreset(config.Embedder{Name: "static", Preset: "cohere/embed-v4.0", URL: "http://here", PassageParameters: `{"input_type":"clustering"}`})
	if err != nil || e.Name != "cohere" || e.URL != "http://here" || e.Model != "embed-v4.0" || e.MaxBatch != 96 ||
		e.QueryParameters.Map()["input_type"] != "search_query" || e.PassageParameters.Map()["input_type"] != "clustering" {
		t.Errorf("a hosted model: got %+v, %v", e, err)
	}
	for name, p := range embedder.Presets() {
		query, passage := config.Parameters(p.QueryParameters).Map(), config.Parameters(p.PassageParameters).Map()
		if _, known := embedders[cmp.Or(p.Kind, "openai")]; !known || len(query) != len(passage) || (len(query) > 0) != (p.QueryParameters != "") {
			t.Errorf("%s: %+v", name, p)
		}
		if asked := query["input_type"]; asked != nil && asked == passage["input_type"] {
			t.Errorf("%s: questions and passages have one input_type, %v", name, asked)
		}
		if p.Dimensions < 1 || p.MaxTokens < 1 || (p.QueryPrefix == "") != (p.PassagePrefix == "") {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

package model

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/lexical"
)

func TestSeveralLexiconsTranslateTogether(t *testing.T) {
	folder := t.TempDir()
	own := filepath.Join(folder, "own.lex")
	file, err := lexical.EncodeLexicon(lexical.NewAnalyzer().Name(), []lexical.Entry{{Source: "varroa", Target: "فاروا", Weight: 1}})
	if err != nil {
		t.Fatal(err)
	}
	other, err := lexical.EncodeLexicon("ar-en-0", []lexical.Entry{{Source: "a", Target: "b", Weight: 1}})
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(folder, "old.lex")
	for path, data := range map[string][]byte{own: file, old: other} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lexicon, err := OpenLexicon("builtin, " + own)
	if err != nil {
		t.Fatal(err)
	}
	if !lexicon.Contains("varroa") || !lexicon.Contains("poverti") {
		t.Error("the two lexicons do not translate together")
	}
	for setting, says := range map[string]string{
		filepath.Join(folder, "gone.lex"): "gone.lex", "builtin,none": "none", old: "ar-en-0", "builtin,": `""`,
	} {
		if _, err := OpenLexicon(setting); !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want an invalid setting that names %s", setting, err, says)
		}
	}
}

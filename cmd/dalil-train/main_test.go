package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/embedder"
	"dalil/embedder/static"
	"dalil/lexical"
)

// frenchPairs are 240 sentences from templates, as TSV: the example of
// docs/train-your-own.md.
func frenchPairs() string {
	who := [][2]string{{"the teacher", "le professeur"}, {"the farmer", "le fermier"}, {"my neighbour", "mon voisin"}, {"the doctor", "le médecin"}, {"the child", "enfant"}, {"the mayor", "le maire"}}
	does := [][2]string{{"buys", "achète"}, {"sells", "vend"}, {"washes", "lave"}, {"finds", "trouve"}, {"paints", "peint"}}
	what := [][2]string{{"bread", "du pain"}, {"apples", "des pommes"}, {"a horse", "un cheval"}, {"a boat", "un bateau"}, {"the window", "la fenêtre"}, {"an old chair", "une vieille chaise"}, {"white shirts", "des chemises blanches"}, {"a heavy hammer", "un lourd marteau"}}
	var b strings.Builder
	for _, w := range who {
		for _, d := range does {
			for _, x := range what {
				fmt.Fprintf(&b, "%s %s %s\t%s %s %s\n", w[0], d[0], x[0], w[1], d[1], x[1])
			}
		}
	}
	return b.String()
}

func frenchFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "own.tsv"), []byte(frenchPairs()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func trained(t *testing.T, args ...string) {
	t.Helper()
	var out, errors bytes.Buffer
	if code := run(args, &out, &errors); code != 0 {
		t.Fatalf("dalil-train %s: exit status %d\n%s", strings.Join(args, " "), code, &errors)
	}
}

// Another language end to end: a French question finds the English text, by
// the vectors and by the lexicon.
func TestTrainYourOwn(t *testing.T) {
	dir, parallel := t.TempDir(), frenchFolder(t)
	lex, model := filepath.Join(dir, "en-fr.lex"), filepath.Join(dir, "model")
	trained(t, "lexicon", "--parallel", parallel, "--out", lex)
	trained(t, "static", "--parallel", parallel, "--out", model, "--dimensions", "32", "--vocabulary", "300", "--epochs", "60", "--batch", "16")

	// New sentences of words that the pairs hold: so small a model knows no
	// others, and letters that it never saw in training only mislead it.
	passages := []string{
		"the doctor finds a horse, the farmer a boat", "the mayor sells apples", "a heavy hammer, an old chair", "my neighbour washes shirts",
		"the teacher buys bread", "the child paints the window",
	}
	for question, want := range map[string]int{
		"vend des pommes": 1, "lave des chemises": 3, "professeur du pain": 4, "peint la fenêtre": 5, "un lourd marteau": 2, "un cheval": 0,
	} {
		e, err := static.Load(os.DirFS(model), static.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Embed(t.Context(), embedder.Query, append([]string{question}, passages...))
		if err != nil {
			t.Fatal(err)
		}
		best, most := 0, float32(-1)
		for i, v := range got.Vectors[1:] {
			var cosine float32
			for j := range v {
				cosine += v[j] * got.Vectors[0][j]
			}
			if cosine > most {
				best, most = i, cosine
			}
		}
		if best != want {
			t.Errorf("%q finds %q, want %q", question, passages[best], passages[want])
		}
	}

	data, err := os.ReadFile(lex)
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := lexical.LoadLexicon(data)
	if err != nil {
		t.Fatal(err)
	}
	a := lexical.NewAnalyzer()
	for french, english := range map[string]string{"cheval": "horse", "fermier": "farmer", "vend": "sells", "marteau": "hammer"} {
		weights := map[string]float64{}
		lexicon.Translations(a.Stem(french), func(target string, w float64) bool { weights[target] = w; return true })
		if weights[a.Stem(english)] < 0.3 {
			t.Errorf("%s: got %v, want %s among them", french, weights, english)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	empty, file := t.TempDir(), filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no command":                  {[]string{"fly"}, 2, "fly"},
		"no folder":                   {[]string{"lexicon", "--out", "x"}, 2, "--parallel"},
		"empty folder":                {[]string{"static", "--parallel", empty, "--out", filepath.Join(empty, "m")}, 1, empty},
		"no such provider":            {[]string{"static", "--parallel", frenchFolder(t), "--out", filepath.Join(empty, "m"), "--teacher", "http://127.0.0.1:1/v1", "--teacher-provider", "x"}, 1, "openai"},
		"a rate that is not a number": {[]string{"static", "--parallel", empty, "--out", "m", "--rate", "NaN"}, 2, "--rate"},
		"a share above one":           {[]string{"static", "--parallel", empty, "--out", "m", "--passages", "7"}, 2, "--passages"},
		"a weight above one":          {[]string{"lexicon", "--parallel", empty, "--out", "m", "--least", "2"}, 2, "--least"},
		"no rounds":                   {[]string{"lexicon", "--parallel", empty, "--out", "m", "--iterations", "0"}, 2, "--iterations"},
		"no workers":                  {[]string{"static", "--parallel", empty, "--out", "m", "--teacher-workers", "0"}, 2, "--teacher-workers"},
		"a target in a file":          {[]string{"lexicon", "--parallel", "nowhere", "--out", filepath.Join(file, "x.lex")}, 1, "--out"},
		"a target that is a folder":   {[]string{"lexicon", "--parallel", "nowhere", "--out", empty}, 1, "--out"},
		"a model in a file":           {[]string{"static", "--parallel", "nowhere", "--out", file}, 1, "--out"},
		"a checkpoint in a file":      {[]string{"static", "--parallel", "nowhere", "--out", empty, "--checkpoint", filepath.Join(file, "c")}, 1, "--checkpoint"},
		"two folders, one missing":    {[]string{"static", "--parallel", frenchFolder(t), "--parallel", "nowhere", "--out", empty}, 1, "nowhere"},
		"no width":                    {[]string{"static", "--parallel", frenchFolder(t), "--out", filepath.Join(empty, "m"), "--teacher", "http://127.0.0.1:1/v1", "--teacher-model", "m"}, 1, "--teacher-dimensions"},
		"no address":                  {[]string{"static", "--parallel", frenchFolder(t), "--out", filepath.Join(empty, "m"), "--teacher", "ftp://127.0.0.1:1/v1", "--teacher-model", "m", "--teacher-dimensions", "8"}, 1, "--teacher:"},
		"a teacher without a model":   {[]string{"static", "--parallel", frenchFolder(t), "--out", filepath.Join(empty, "m"), "--teacher", "http://127.0.0.1:1/v1"}, 1, "model"},
	} {
		var out, errors bytes.Buffer
		if got := run(c.args, &out, &errors); got != c.code || !strings.Contains(errors.String(), c.says) {
			t.Errorf("%s: got exit status %d and %q, want %d and %q in it", name, got, &errors, c.code, c.says)
		}
	}
	var out, errors bytes.Buffer
	if code := run(nil, &out, &errors); code != 0 || !strings.Contains(out.String(), "lexicon") {
		t.Errorf("without arguments: exit status %d and %q", code, &out)
	}
}

func TestShowPrintsWhatTheLexiconsMakeOfAWord(t *testing.T) {
	own := t.TempDir()
	if err := os.WriteFile(filepath.Join(own, "bees.tsv"), []byte("varroa\tفاروا\nhoney\tشهد\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(own, "bees.lex")
	var out, errs bytes.Buffer
	if code := run([]string{"lexicon", "--lexicon", own, "--out", file}, &out, &errs); code != 0 {
		t.Fatalf("code %d: %s", code, &errs)
	}
	out.Reset()
	if code := run([]string{"lexicon", "--show", "varroa", "--show", "honey", "--show", "cooperation", "--from", "builtin", "--from", file}, &out, &errs); code != 0 {
		t.Fatalf("code %d: %s", code, &errs)
	}
	for _, want := range []string{"فار", "شهد", "عسل", "تعاون"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in\n%s", want, &out)
		}
	}
}

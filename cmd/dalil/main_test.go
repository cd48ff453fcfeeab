package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/wirejson"
)

// dalil runs the program with a data folder of its own.
func dalil(t *testing.T, data, stdin string, environment []string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e shared
	if data != "" {
		args = append([]string{"--data", data}, args...)
	}
	code = run(t.Context(), args, streams{in: strings.NewReader(stdin), out: &o, err: &e, environment: environment})
	return code, o.String(), e.String()
}

// shared is a buffer that several goroutines write to: a server in this process logs
// beside its command.
type shared struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestIndexAndSearch(t *testing.T) {
	data := t.TempDir()
	code, out, errs := dalil(t, data, "", nil, "index", "../../seeds")
	if code != 0 || !strings.HasPrefix(out, "5 indexed, 0 unchanged, 0 failed") {
		t.Fatalf("index: %d\n%s%s", code, out, errs)
	}
	if _, out, _ := dalil(t, data, "", nil, "index", "../../seeds"); !strings.HasPrefix(out, "0 indexed, 5 unchanged") {
		t.Errorf("again: %s", out)
	}
	code, out, errs = dalil(t, data, "", nil, "search", "--json", "-n", "3", "poverty", "reduction", "cooperation")
	answer := &dalilv1.SearchResponse{}
	if err := wirejson.Unmarshal([]byte(out), answer); code != 0 || err != nil {
		t.Fatalf("search --json: %d, %v\n%s%s", code, err, out, errs)
	}
	if first := answer.GetPassages()[0]; len(answer.GetPassages()) != 3 || first.GetDocument().GetDocumentId() != "001_9b34745794db2986" || first.GetRank() != 1 ||
		first.GetScores().Fused == nil || first.GetText() == "" {
		t.Errorf("search --json: %v", answer)
	}
	for _, want := range []string{`"scores":{"dense":`, `"ordinal":`, `"span":{"start":`, `"stage":"EXPAND"`, `"degraded_arms":[]`} {
		if !strings.Contains(out, want) {
			t.Errorf("search --json does not contain %s:\n%s", want, out)
		}
	}
	_, out, _ = dalil(t, data, "", nil, "search", "--debug", "التعاون للحد من الفقر")
	for _, want := range []string{"001_9b34745794db2986", "[الفقر]", "coverage", "الفقر → ", "store "} {
		if !strings.Contains(out, want) {
			t.Errorf("search for people does not contain %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "\x1b") || strings.ContainsAny(out, "\u2066\u2067\u2069") {
		t.Error("escapes or isolates go to what is not a terminal")
	}
	if _, out, _ := dalil(t, data, "", nil, "search", "--language", "en", "الفقر"); !strings.Contains(out, "Nothing was found") {
		t.Errorf("a filter that keeps nothing: %s", out)
	}
}

func TestFailuresAreListedAndSetTheExitCode(t *testing.T) {
	data := t.TempDir()
	records := `{"id":"good","text":"Rivers run to the sea."}` + "\n" + `{"id":"bad","titel":"x"}` + "\n"
	code, out, errs := dalil(t, data, records, nil, "index", "-")
	if code != 1 || !strings.HasPrefix(out, "1 indexed, 0 unchanged, 1 failed") || !strings.Contains(errs, "-:2") || !strings.Contains(errs, "titel") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
	code, out, _ = dalil(t, data, records, nil, "index", "--json", "-")
	var summary struct {
		Unchanged int
		Failures  []struct{ Source, Reason string }
	}
	if err := json.Unmarshal([]byte(out), &summary); code != 1 || err != nil || summary.Unchanged != 1 || len(summary.Failures) != 1 {
		t.Errorf("--json: %d, %v, %s", code, err, out)
	}
	if code, _, errs := dalil(t, data, "", nil, "index", "no/such/folder"); code != 1 || !strings.Contains(errs, "no/such/folder") {
		t.Errorf("a folder that is not there: %d %s", code, errs)
	}
}

func TestDryRunAndPrune(t *testing.T) {
	data, docs := t.TempDir(), t.TempDir()
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(docs, name), []byte("Mountains stand still, "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.txt")
	write("b.txt")
	if _, out, _ := dalil(t, data, "", nil, "index", "--dry-run", docs); !strings.Contains(out, "2 indexed") || !strings.Contains(out, "nothing was written") {
		t.Errorf("dry run: %s", out)
	}
	dalil(t, data, "", nil, "index", docs)
	if err := os.Remove(filepath.Join(docs, "a.txt")); err != nil {
		t.Fatal(err)
	}
	if _, out, _ := dalil(t, data, "", nil, "index", "--prune", docs); !strings.HasPrefix(out, "0 indexed, 1 unchanged, 0 failed, 1 deleted") {
		t.Errorf("prune: %s", out)
	}
	if err := os.Remove(filepath.Join(docs, "b.txt")); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := dalil(t, data, "", nil, "index", "--prune", docs); code != 1 || !strings.Contains(errs, "nothing was pruned") {
		t.Errorf("prune under an empty folder: %d %s", code, errs)
	}
}

func TestRebuildIsTheWayToAnotherModel(t *testing.T) {
	data := t.TempDir()
	dalil(t, data, "", nil, "index", "../../seeds")
	code, _, errs := dalil(t, data, "", nil, "--set", "embedder.name=hash", "index", "../../seeds")
	if code != 1 || !strings.Contains(errs, "--rebuild") {
		t.Fatalf("another model: %d %s", code, errs)
	}
	if code, out, errs := dalil(t, data, "", nil, "--set", "embedder.name=hash", "index", "--rebuild", "../../seeds"); code != 0 || !strings.HasPrefix(out, "5 indexed") {
		t.Fatalf("rebuild: %d %s%s", code, out, errs)
	}
	if _, out, errs := dalil(t, data, "", nil, "--set", "embedder.name=hash", "index", "../../seeds"); !strings.HasPrefix(out, "0 indexed, 5 unchanged") {
		t.Errorf("after the rebuild: %s%s", out, errs)
	}
	broken := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(broken, []byte("%PDF-1.7\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := dalil(t, data, "", nil, "index", "--rebuild", broken); code != 1 {
		t.Errorf("a rebuild with failures: %d", code)
	}
	if _, out, _ := dalil(t, data, "", nil, "--set", "embedder.name=hash", "index", "../../seeds"); !strings.HasPrefix(out, "0 indexed, 5 unchanged") {
		t.Errorf("a failed rebuild touched the old collection: %s", out)
	}
}

func TestEvalJSON(t *testing.T) {
	code, out, errs := dalil(t, "", "", nil, "eval", "--json", "../../seeds")
	var report struct{ Sets []map[string]any }
	if err := json.Unmarshal([]byte(out), &report); code != 0 || err != nil || len(report.Sets) != 1 {
		t.Fatalf("%d, %v\n%s%s", code, err, out, errs)
	}
	for _, key := range []string{"name", "queries", "ndcg@10", "recall@1", "recall@10", "mrr@10"} {
		if _, ok := report.Sets[0][key]; !ok {
			t.Errorf("there is no %q", key)
		}
	}
}

func TestConfigurationAndMistakes(t *testing.T) {
	code, out, _ := dalil(t, "folder", "", []string{"DALIL_SEARCH_DEPTH=7"}, "--require-all-arms", "config", "--json")
	var keys map[string]string
	if err := json.Unmarshal([]byte(out), &keys); code != 0 || err != nil || keys["data"] != "folder" || keys["search.depth"] != "7" || keys["search.require_all_arms"] != "true" {
		t.Errorf("%d, %v, %v", code, err, keys)
	}
	indexed := t.TempDir()
	dalil(t, indexed, "", nil, "index", "../../seeds")
	for name, test := range map[string]struct {
		environment []string
		args        []string
		code        int
		want        string
	}{
		"unknown command":  {nil, []string{"serch", "x"}, 2, "serch"},
		"unknown flag":     {nil, []string{"search", "--limt", "3", "x"}, 2, "--limt"},
		"unknown variable": {[]string{"DALIL_LISTN=x"}, []string{"config"}, 1, "DALIL_LISTEN"},
		"unknown arm":      {nil, []string{"search", "--arms", "sparse", "x"}, 1, "--arms: must be dense or lexical, is \"sparse\""},
		"unknown arm 2":    {nil, []string{"eval", "--arms", "dense,sparse", "x"}, 1, "--arms: must be dense or lexical, is \"sparse\""},
		"page too large":   {nil, []string{"search", "-n", "1000", "x"}, 1, "--limit: must be 1 to 100, is 1000"},
		"page too small":   {nil, []string{"search", "-n", "0", "x"}, 1, "--limit: must be 1 or more, is 0"},
		"no number":        {nil, []string{"search", "-n", "ten", "x"}, 2, "--limit: must be a whole number, is \"ten\""},
		"no time":          {nil, []string{"search", "--timeout", "3", "x"}, 2, "--timeout: must be a time with its unit, such as 500ms, 10s or 1m30s, is \"3\""},
		"no similarity":    {nil, []string{"search", "--min-dense", "5", "x"}, 1, "--min-dense: must be -1 to 1, is 5"},
		"half a share":     {nil, []string{"index", "--partition", "1/4x", "x"}, 1, "--partition: must be I/N with I from 1 to N, such as 2/8; is \"1/4x\""},
		"a share of none":  {nil, []string{"index", "--partition", "5/4", "x"}, 1, "--partition: must be I/N"},
		"nobody answers":   {nil, []string{"search", "--server", "127.0.0.1:1", "--timeout", "300ms", "x"}, 1, "dalil: the server at 127.0.0.1:1 does not answer: dial tcp 127.0.0.1:1: connect: connection refused\n"},
		"nothing to index": {nil, []string{"index"}, 1, "PATH is missing"},
		"prune of stdin":   {nil, []string{"index", "--prune", "-"}, 1, "--prune cannot be combined with -: standard input"},
		"prune of a glob":  {nil, []string{"index", "--prune", "*.go"}, 1, "--prune cannot be combined with the glob \"*.go\""},
		"too many asked":   {nil, []string{"reindex", "compare", "--sample", "1001"}, 1, "--sample: must be 1 to 1000, is 1001"},
		"nothing asked":    {nil, []string{"reindex", "compare", "--sample", "0"}, 1, "--sample: must be 1 to 1000, is 0"},
		"no time at all":   {nil, []string{"backup", "create", "--timeout", "0s", "x"}, 1, "--timeout: must be above 0, is 0s"},
		"half a rebuild":   {nil, []string{"index", "--activate", "x"}, 1, "--rebuild"},
		"a share alone":    {nil, []string{"index", "--rebuild", "--partition", "1/2"}, 1, "--partition"},
		"a strange share":  {nil, []string{"index", "--partition", "two", "x"}, 1, "I/N"},
		"empty question":   {nil, []string{"search", " "}, 1, "dalil: the question: is empty\n"},
		"no such file":     {nil, []string{"--config", "nowhere.yaml", "config"}, 1, "nowhere.yaml"},
		"open listener":    {nil, []string{"--listen", "0.0.0.0:0", "serve"}, 1, "--insecure"},
	} {
		data := t.TempDir()
		if test.args[0] == "search" {
			data = indexed
		}
		code, out, errs := dalil(t, data, "", test.environment, test.args...)
		if code != test.code || !strings.Contains(out+errs, test.want) {
			t.Errorf("%s: %d, want %d naming %q\n%s%s", name, code, test.code, test.want, out, errs)
		}
	}
	if code, out, _ := dalil(t, "", "", nil, "--help"); code != 0 || !strings.Contains(out, "dalil index seeds/") {
		t.Errorf("--help: %d\n%s", code, out)
	}
	for _, args := range [][]string{{"help"}, {"help", "search"}, {"search", "--help"}} {
		code, out, errs := dalil(t, "", "", nil, args...)
		if want := "Usage: dalil " + map[bool]string{true: "<command>", false: "search"}[len(args) == 1]; code != 0 || !strings.HasPrefix(out, want) {
			t.Errorf("%v: %d\n%s%s", args, code, out, errs)
		}
	}
	if code, out, _ := dalil(t, "", "", nil, "--version"); code != 0 || !strings.HasPrefix(out, "dalil ") {
		t.Errorf("--version: %d %s", code, out)
	}
	if code, out, _ := dalil(t, "", "", nil, "version"); code != 0 || !strings.HasPrefix(out, "dalil ") {
		t.Errorf("version: %d %s", code, out)
	}
}

// Whatever the text and the marks, wrapping loses no letter but white space and
// every mark stays on the letters that it marked.
func TestWrapKeepsTextAndMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zأ-ي😀]{1,12}`), 1, 40).Draw(t, "words")
		text, marks := "", []mark(nil)
		want := ""
		for _, w := range words {
			if rapid.Bool().Draw(t, "marked") {
				marks = append(marks, mark{len(text), len(text) + len(w)})
				want += "[" + w + "]"
			} else {
				want += w
			}
			text += w + " "
		}
		got := ""
		for _, l := range wrap(text, marks, rapid.IntRange(5, 40).Draw(t, "width"), 2) {
			if !utf8.ValidString(l.text) {
				t.Fatalf("a line is broken: %q", l.text)
			}
			got += strings.ReplaceAll((&renderer{}).marked(l), " ", "")
		}
		if got != want {
			t.Fatalf("wrapped %q, want %q", got, want)
		}
	})
}

func TestATerminalIsShownNoControls(t *testing.T) {
	if got := printable("a\x1b[2Jb\u009bc\u202ed"); strings.ContainsAny(got, "\x1b\u009b\u202e") || len(got) != len("a\x1b[2Jb\u009bc\u202ed") {
		t.Errorf("printable = %q", got)
	}
	r := &renderer{screen: screen{terminal: true}}
	if got := r.isolated("نص abc", true); got != "\u2067نص abc\u2069" {
		t.Errorf("isolated = %q", got)
	}
	if !rightToLeft("123 نص abc") || rightToLeft("123 abc نص") {
		t.Error("the first letter with a direction decides")
	}
}

// A charset that was guessed is not a failure, and no secret either.
func TestWarningsAreShown(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	page := "\xc7\xdd\xca\xca\xcd\xca \xc7\xe1\xc8\xe1\xcf\xed\xc9 \xcd\xcf\xed\xde\xc9 \xda\xc7\xe3\xc9 \xda\xe1\xec \xc7\xe1\xe4\xe5\xd1" // windows-1256
	if err := os.WriteFile(filepath.Join(folder, "page.txt"), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := dalil(t, data, "", nil, "index", folder)
	if code != 0 || !strings.Contains(out, "1 indexed") || !strings.Contains(errs, "warning: ") || !strings.Contains(errs, "page.txt: ") || !strings.Contains(errs, "charset") {
		t.Errorf("index: %d\n%s%s", code, out, errs)
	}
	var records strings.Builder
	for i := range 30 {
		fmt.Fprintf(&records, "{\"id\":%d,\"text\":\"x\",\"published_at\":\"01/02/2024\"}\n", i)
	}
	if _, _, errs := dalil(t, data, records.String(), nil, "index", "-"); strings.Count(errs, "warning: ") != 11 || !strings.Contains(errs, "warning: 20 more documents: ") {
		t.Errorf("thirty records with one warning print:\n%s", errs)
	}
	_, out, _ = dalil(t, data, "", nil, "index", "--json", folder)
	var summary struct {
		Warned   int
		Warnings []struct {
			Source   string
			Warnings []string
		}
	}
	if err := json.Unmarshal([]byte(out), &summary); err != nil || summary.Warned != 1 || len(summary.Warnings) != 1 || len(summary.Warnings[0].Warnings) != 1 {
		t.Errorf("--json: %v, %s", err, out)
	}
}

// Bytes that are no text are not searched for as something else.
func TestArgumentsThatAreNotUTF8(t *testing.T) {
	for _, args := range [][]string{{"context", "clin\xffic"}, {"search", "--language", "\xff", "clinic"}, {"docs", "get", "a\xff"}} {
		if code, out, errs := dalil(t, t.TempDir(), "", nil, args...); code != 2 || out != "" || !strings.Contains(errs, "is not valid UTF-8") || !strings.Contains(errs, `\xff`) {
			t.Errorf("%q: %d\n%s%s", args, code, out, errs)
		}
	}
}

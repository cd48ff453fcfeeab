package indexer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/indexer"
)

func TestIDsKeepWhatIsNoExtension(t *testing.T) {
	dir := tree(t, map[string]string{
		"notes 2024.05.01": "x", "notes 2024.05.02": "y", "v1.2.md": "x", "report.final.TXT": "x", "a.b/c.html": "x", "main.go": "x",
	})
	want := []string{"a.b/c", "main.go", "notes 2024.05.01", "notes 2024.05.02", "report.final", "v1.2"}
	if diff := cmp.Diff(want, walk(t, dir, indexer.WalkOptions{}, dir)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"p/v1.2"}, walk(t, dir, indexer.WalkOptions{Prefix: "p/"}, filepath.Join(dir, "v1.2.md"))); diff != "" {
		t.Errorf("with a prefix (-want +got):\n%s", diff)
	}
}

func TestLongPathsAreShortenedByAHash(t *testing.T) {
	folders := strings.Repeat(strings.Repeat("ش", 100)+"/", 3)
	dir := tree(t, map[string]string{folders + "a.txt": "x", folders + "b.txt": "y"})
	got := walk(t, dir, indexer.WalkOptions{}, dir)
	if len(got) != 2 || got[0] == got[1] {
		t.Fatalf("ids %q", got)
	}
	for _, id := range got {
		if len(id) > corpus.MaxIDBytes || len(id) < corpus.MaxIDBytes-4 || !strings.HasPrefix(id, "شش") || strings.ToValidUTF8(id, "?") != id {
			t.Errorf("%d bytes: %q", len(id), id)
		}
	}
	if again := walk(t, dir, indexer.WalkOptions{}, dir); !cmp.Equal(got, again) {
		t.Errorf("another walk gives %q", again)
	}
}

func TestOneFolderHasOneRootUnderAllItsNames(t *testing.T) {
	dir := tree(t, map[string]string{"a/x.txt": "x", "a/y.jsonl": `{"text":"z"}`, "b/x.txt": "x"})
	if err := os.Symlink(filepath.Join(dir, "a"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, "a"))
	read := func(path string) []string {
		var all []string
		for raw, err := range indexer.Walk(t.Context(), []string{path}, indexer.WalkOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, raw.Document.ID+" of "+raw.Document.Root)
		}
		return all
	}
	want := read(".")
	for _, path := range []string{"./", "../a", filepath.Join(dir, "a"), filepath.Join(dir, "b", "..", "a") + "/", filepath.Join(dir, "link"), "*", "../a/**/*"} {
		if path == "" {
			continue
		}
		if diff := cmp.Diff(want, read(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if len(want) != 2 || !strings.HasPrefix(want[0], "x of /") || !strings.HasPrefix(want[1], "y.jsonl:1 of /") {
		t.Errorf("found %q", want)
	}
	if got := read("../b"); len(got) != 1 || got[0] == want[0] {
		t.Errorf("another folder: %q", got)
	}
	if got := read("x.txt"); len(got) != 1 || got[0] != want[0] {
		t.Errorf("a file of it: %q", got)
	}
}

func TestRecordsOfStandardInputAreNamedByTheirContent(t *testing.T) {
	read := func(lines string) []string {
		return walk(t, "/nowhere", indexer.WalkOptions{Stdin: strings.NewReader(lines)}, "-")
	}
	one := read(`{"text":"one"}` + "\n" + `{"text":"two"}` + "\n" + `{"id":"own","text":"one"}` + "\n" + `{"text":"one"}` + "\n")
	other := read(`{"text":"three"}` + "\n\n" + `{"text":"one"}` + "\n")
	if len(one) != 3 || len(other) != 2 || one[2] != "own" || other[1] != one[0] || other[0] == one[0] || one[0] == one[1] {
		t.Errorf("ids %q and %q", one, other)
	}
}

func TestAJSONFileNamesItself(t *testing.T) {
	dir := tree(t, map[string]string{"a.json": `{"id":"own","text":"x"}`, "b.JSON": `{"text":"x"}`, "c.json": `{"broken`})
	if diff := cmp.Diff([]string{"own", "b", "c"}, walk(t, dir, indexer.WalkOptions{}, dir)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

// A link to what the walk does not find is read through the link.
func TestLinksToHiddenFilesAreRead(t *testing.T) {
	dir := tree(t, map[string]string{".store/x.txt": "x", "b.txt": "x"})
	for target, name := range map[string]string{".store/x.txt": "a.txt", "b.txt": "c.txt"} {
		if err := os.Symlink(filepath.Join(dir, target), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"a", "b"}, walk(t, dir, indexer.WalkOptions{}, dir)); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func rooted(id, root, text string, replace bool) corpus.Raw {
	return corpus.Raw{Document: corpus.Document{ID: id, Root: root, Source: root + "/" + id, Text: text}, ReplaceRoot: replace}
}

func TestOneIDOfTwoRoots(t *testing.T) {
	h := newFixture(t)
	step := func(raw corpus.Raw, want string, says ...string) {
		t.Helper()
		r := h.run(t, indexer.Options{}, raw)[0]
		if r.Outcome.String() != want {
			t.Errorf("%s: %v, error %v, want %s", raw.Document.Source, r.Outcome, r.Err, want)
		}
		for _, text := range says {
			if r.Err == nil || !strings.Contains(r.Err.Error(), text) {
				t.Errorf("%s: error %v, want one that says %q", raw.Document.Source, r.Err, text)
			}
		}
	}
	step(rooted("readme", "/a", "Rivers.", false), "indexed")
	step(rooted("readme", "/a", "Rivers run.", false), "indexed") // its own folder
	step(rooted("readme", "/b", "Lakes.", false), "failed", "readme", "/a", "/b", "--replace", "--id-prefix")
	step(rooted("readme", "-", "Lakes.", false), "failed", "/a", "standard input")
	step(rooted("readme", "/b", "Lakes.", true), "indexed")
	step(rooted("readme", "/a", "Rivers run.", false), "failed", "/b") // it is the other folder's now
	step(rooted("readme", "", "Hills.", false), "indexed")             // a client replaces by id
	step(rooted("readme", "/c", "Lakes.", false), "indexed")           // whose no root was known
	same := rooted("readme", "/c", "Lakes.", true)
	same.Document.Root = "/d" // the same content of a folder that has moved
	step(same, "indexed")
	moved := rooted("readme", "/c", "Lakes.", false)
	step(moved, "unchanged")
	step(rooted("readme", "/c", "Other lakes.", false), "failed", "/d")
	dry := h.run(t, indexer.Options{DryRun: true}, rooted("readme", "/e", "Lakes and hills.", false))[0]
	if dry.Outcome != corpus.Failed {
		t.Errorf("dry run: %v", dry.Outcome)
	}
}

// README.md and README.txt have one id; indexed one after the other they are two
// documents still.
func TestOneIDOfTwoFilesOfOneRoot(t *testing.T) {
	h := newFixture(t)
	file := func(source, text string, replace bool) corpus.Receipt {
		raw := corpus.Raw{Document: corpus.Document{ID: "readme", Root: "/a", Source: source, Text: text}, ReplaceRoot: replace}
		return h.run(t, indexer.Options{}, raw)[0]
	}
	if r := file("a/readme.md", "Rivers.", false); r.Outcome != corpus.Indexed {
		t.Fatal(r.Err)
	}
	r := file("readme.txt", "Lakes.", false)
	if r.Outcome != corpus.Failed || !strings.Contains(r.Err.Error(), "a/readme.md") || !strings.Contains(r.Err.Error(), "readme.txt") {
		t.Errorf("another file: %v, %v", r.Outcome, r.Err)
	}
	if r := file("feed-1.jsonl:1", "One.", false); r.Outcome != corpus.Failed {
		t.Errorf("a record with a file's id: %v", r.Outcome)
	}
	for _, same := range []corpus.Receipt{
		file("../a/readme.md", "Rivers run.", false), // the same file from elsewhere
		file("readme.txt", "Lakes.", true),
		file("feed-1.jsonl:1", "One.", true), // records name their ids themselves
		file("feed-2.jsonl:9", "Two.", false),
	} {
		if same.Outcome != corpus.Indexed {
			t.Errorf("%s: %v, %v", same.Source, same.Outcome, same.Err)
		}
	}
}

func TestPruneGoesByTheRoot(t *testing.T) {
	dir := tree(t, map[string]string{"a/x.txt": "x", "a/list.jsonl": "{}", "b/x.txt": "x"})
	a, err := indexer.Root(filepath.Join(dir, "a"))
	if err != nil {
		t.Fatal(err)
	}
	of := func(id, root, source string) corpus.Document {
		return corpus.Document{ID: id, Root: root, Source: source}
	}
	t.Chdir(filepath.Join(dir, "a"))
	for _, test := range []struct {
		path, prefix string
		document     corpus.Document
		want         bool
	}{
		{".", "", of("gone", a, "another/spelling/gone.txt"), true},
		{filepath.Join(dir, "a"), "", of("gone", a, "gone.txt"), true},
		{filepath.Join(dir, "b"), "", of("gone", a, "gone.txt"), false},
		{filepath.Join(dir, "b"), "", of("gone", a, filepath.ToSlash(dir)+"/b/gone.txt"), false},
		{".", "p/", of("gone", a, "gone.txt"), false},
		{".", "p/", of("p/gone", a, "gone.txt"), true},
		{"list.jsonl", "", of("r7", a, "list.jsonl:7"), true},
		{"list.jsonl", "", of("x", a, "x.txt"), false},
		{".", "", of("gone", "", "gone.txt"), true},
		{".", "", of("other", "", "gone.txt"), false},
		{".", "p/", of("p/gone", "", "gone.txt"), true},
		{".", "", of("own", "", "gone.json"), true},
	} {
		below, err := indexer.Below([]string{test.path}, test.prefix)
		if err != nil {
			t.Fatal(err)
		}
		if got := below(test.document); got != test.want {
			t.Errorf("below %s with the prefix %q is %+v: %v", test.path, test.prefix, test.document, got)
		}
	}
}

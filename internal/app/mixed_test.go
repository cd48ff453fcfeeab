//go:build !race

package app_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/corpus"
)

// mixedSet is xquad-en-ar with every n-th English passage added to its index,
// under names of their own: the judged passages stay the Arabic ones.
func mixedSet(t *testing.T, n int) string {
	t.Helper()
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(judgedSet(t, filepath.Dir(name)), filepath.Base(name)))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	dir := t.TempDir()
	passages := read("xquad-en-ar/corpus.jsonl")
	lines := bufio.NewScanner(strings.NewReader(read("xquad-en-en/corpus.jsonl")))
	lines.Buffer(nil, 1<<20)
	for i := 0; lines.Scan(); i++ {
		var row map[string]any
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if i%n != 0 {
			continue
		}
		row["_id"] = "en:" + row["_id"].(string)
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		passages += string(line) + "\n"
	}
	for name, text := range map[string]string{
		"corpus.jsonl": passages, "queries.jsonl": read("xquad-en-ar/queries.jsonl"), "qrels.tsv": read("xquad-en-ar/qrels.tsv"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestMixedIndexBars(t *testing.T) {
	both := evaluate(t, mixedSet(t, 1), corpus.Query{})
	t.Logf("Arabic and English passages in one index: the Arabic twin in the first ten %.4f", both.Recall10)
	if both.Recall10 < .82 {
		t.Errorf("the Arabic twin is in the first ten for %.4f, the bar is 0.82", both.Recall10)
	}
	some := evaluate(t, mixedSet(t, 20), corpus.Query{})
	pure := evaluate(t, judgedSet(t, "xquad-en-ar"), corpus.Query{})
	t.Logf("nDCG@10 %.4f, with 12 English passages added %.4f", pure.NDCG10, some.NDCG10)
	if some.NDCG10 < pure.NDCG10-.01 {
		t.Errorf("12 English passages cost %.4f, the bar is 0.01", pure.NDCG10-some.NDCG10)
	}
}

// A question and its twin in the other language should be answered alike.
func TestTwinsAreAnsweredAlike(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	data, err := os.ReadFile("../../seeds/queries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	top := map[string]map[corpus.ChunkID]bool{}
	first, asked := map[string]int{}, map[string]int{}
	for line := range strings.Lines(string(data)) {
		var q struct {
			ID       string `json:"_id"`
			Text     string
			Relevant map[string]int
		}
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			t.Fatal(err)
		}
		answer, err := a.Search(operator(t), corpus.Query{Text: q.Text, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		top[q.ID] = map[corpus.ChunkID]bool{}
		for _, p := range answer.Passages {
			top[q.ID][p.Chunk.ID] = true
		}
		asked[q.ID[:2]]++
		if q.Relevant[answer.Passages[0].Document.ID] > 0 {
			first[q.ID[:2]]++
		}
	}
	shared, pairs := 0, 0
	for id, mine := range top {
		number, ok := strings.CutPrefix(id, "ar-")
		if !ok {
			continue
		}
		pairs++
		for c := range mine {
			if top["en-"+number][c] {
				shared++
			}
		}
	}
	overlap := float64(shared) / float64(5*pairs)
	t.Logf("%d pairs of twins: overlap of the first five %.3f; a right article first: Arabic %d of %d, English %d of %d",
		pairs, overlap, first["ar"], asked["ar"], first["en"], asked["en"])
	if overlap < .6 {
		t.Errorf("overlap of the first five is %.3f, the bar is 0.6", overlap)
	}
	for _, language := range []string{"ar", "en"} {
		if first[language]*10 < asked[language]*9 {
			t.Errorf("%s: a right article is first for %d of %d, the bar is 90 %%", language, first[language], asked[language])
		}
	}
}

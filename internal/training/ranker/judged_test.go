package ranker_test

import (
	"bufio"
	"hash/maphash"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"dalil/evaluation"
	"dalil/internal/training"
	"dalil/internal/training/ranker"
	"dalil/lexical"
)

// What judges does not train: of judged sets the trainer gets numbers alone, of
// at most half of their questions, and of the topical sets none; and no passage
// or question that is made is a text of a judged set.
func TestNoJudgedTextIsTrainedOn(t *testing.T) {
	numbers := reflect.TypeFor[ranker.Example]()
	for i := range numbers.NumField() {
		f := numbers.Field(i)
		if f.Type.Kind() == reflect.String && f.Name != "Set" && f.Name != "Query" {
			t.Errorf("ranker.Example.%s may carry a text into the training", f.Name)
		}
	}
	listed := map[string]map[string]bool{}
	f, err := os.Open("questions.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		set, id, _ := strings.Cut(lines.Text(), "\t")
		if strings.HasPrefix(set, "topical") {
			t.Errorf("%s: topical sets only judge", lines.Text())
		}
		if listed[set] == nil {
			listed[set] = map[string]bool{}
		}
		listed[set][id] = true
	}
	if len(listed) == 0 {
		t.Fatal("questions.txt lists nothing")
	}
	root := "../../../../shared/data"
	sets, err := filepath.Glob(filepath.Join(root, "eval", "*", "corpus.jsonl"))
	if err != nil || len(sets) == 0 {
		t.Skip("the judged sets are not here")
	}
	judged := map[uint64]bool{} // runs of words
	seed := maphash.MakeSeed()
	a := lexical.NewAnalyzer()
	for _, file := range sets {
		set, err := evaluation.Load(filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(listed[set.Name]); n > (len(set.Queries)*11+19)/20 {
			t.Errorf("%s: %d of %d questions are listed, want about half", set.Name, n, len(set.Queries))
		}
		for _, d := range set.Documents {
			for run := range runs(a, d.Text, 1) {
				judged[maphash.String(seed, run)] = true
			}
		}
	}
	for _, made := range ranker.Topics(read(t, filepath.Join(root, "train")), a, ranker.TopicsOptions{}) {
		for _, d := range made.Documents {
			for run := range runs(a, d.Text, 6) {
				if judged[maphash.String(seed, run)] {
					t.Errorf("%s %s and a judged passage share %q", made.Name, d.ID, run)
				}
			}
		}
	}
}

// runs yields runs of twelve words, one at each step.
func runs(a *lexical.Analyzer, text string, step int) func(func(string) bool) {
	return func(yield func(string) bool) {
		var words []string
		for _, t := range a.Words(text) {
			words = append(words, t.Word)
		}
		for at := 0; at+12 <= len(words); at += step {
			if !yield(strings.Join(words[at:at+12], " ")) {
				return
			}
		}
	}
}

func read(t *testing.T, dir string) [][]training.Pair {
	var files [][]training.Pair
	for _, name := range []string{"tico19", "ud-pud", "tatoeba"} {
		pairs, err := training.ReadFile(filepath.Join(dir, "parallel", name+".tsv.gz"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, pairs)
	}
	return files
}

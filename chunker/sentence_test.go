package chunker_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dalil/chunker"
	"dalil/corpus"
)

// marked reads testdata/sentences.txt: the text, and the byte at which every
// sentence but the first begins.
func marked(t *testing.T) (text string, begins []int) {
	t.Helper()
	file, err := os.ReadFile("testdata/sentences.txt")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(string(file), "\n"), "\n") {
		if strings.HasPrefix(line, "%") {
			continue
		}
		if b.Len() > 0 {
			begins = append(begins, b.Len())
		}
		switch {
		case strings.HasSuffix(line, "∅"):
			line = strings.TrimSuffix(line, "∅")
		case !strings.HasSuffix(line, "⏎"):
			line += " "
		}
		b.WriteString(strings.ReplaceAll(line, "⏎", "\n"))
	}
	return b.String(), begins
}

func TestSentencesAgreeWithAReader(t *testing.T) {
	text, want := marked(t)
	if len(want) < 149 {
		t.Fatalf("the file marks %d sentences, 150 are the least", len(want)+1)
	}
	var got []int
	for _, span := range chunker.Sentences(text)[1:] {
		got = append(got, span.Start)
	}
	hits := 0
	for _, at := range got {
		if slices.Contains(want, at) {
			hits++
			continue
		}
		t.Logf("cut in mid-sentence: %s", around(text, at))
	}
	for _, at := range want {
		if !slices.Contains(got, at) {
			t.Logf("not cut:             %s", around(text, at))
		}
	}
	precision, recall := float64(hits)/float64(len(got)), float64(hits)/float64(len(want))
	f1 := 2 * precision * recall / (precision + recall)
	t.Logf("%d sentences: precision %.3f, recall %.3f, F1 %.3f", len(want)+1, precision, recall, f1)
	if f1 < 0.97 {
		t.Errorf("got a boundary F1 of %.3f, want at least 0.97", f1)
	}
}

func around(text string, at int) string {
	left, right := []rune(text[:at]), []rune(text[at:])
	return strings.ReplaceAll(string(left[max(0, len(left)-30):])+"┃"+string(right[:min(30, len(right))]), "\n", "⏎")
}

// sentences cuts text and trims the pieces.
func sentences(text string) []string {
	var all []string
	for _, s := range chunker.Sentences(text) {
		all = append(all, strings.TrimSpace(text[s.Start:s.End]))
	}
	return all
}

func join(text string, spans []corpus.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(text[s.Start:s.End])
	}
	return b.String()
}

// BenchmarkSentences cuts passages of 600 letters.
func BenchmarkSentences(b *testing.B) {
	for name, sentence := range map[string]string{
		"english": "The ministry asked for a plan of the railway, and the engineers wrote about gravel and sleepers. ",
		"arabic":  "طلبت الوزارة خطة للسكة الحديدية، وكتب المهندسون عن الحصى والعوارض الخشبية. ",
	} {
		text := strings.Repeat(sentence, 600/utf8.RuneCountInString(sentence))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				chunker.Sentences(text)
			}
		})
	}
}

// TestSentencesPassOnlyWhatEndsNone compares with a reader that looks at every character,
// on texts of pieces that may be mistaken for each other, valid and invalid.
func TestSentencesPassOnlyWhatEndsNone(t *testing.T) {
	pieces := []string{
		"a", "B", " ", "\n", ".", "!", "?", "…", "؟", "؛", "۔", "ن", "ؔ", "ٔ", "ٛ", "ۛ", "ט", "›", "ț", "œ", "。", "中", "😀", "’", "Ο", "\u0301",
		"\xd8", "\xdb", "\x9b", "\x9f", "\x94", "\xe2", "\xff", "dr", "3",
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var b strings.Builder
		for range 1 + random.IntN(30) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		text := b.String()
		if got, want := chunker.Sentences(text), chunker.StepByStep(text); !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, want %v", text, got, want)
		}
	}
}

package chunker_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dalil/chunker"
	"dalil/corpus"
)

func TestSentences(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"no mark", "كلمة واحدة", []string{"كلمة واحدة"}},
		{"a question without a space", "هل تعلم؟نعم أعلم.", []string{"هل تعلم؟", "نعم أعلم."}},
		{"titles", "قال د. سامي و أ.د. ليلى. ثم خرجا.", []string{"قال د. سامي و أ.د. ليلى.", "ثم خرجا."}},
		{"numbers", "ارتفع ٣٫٥ ثم 3.5 ثم ١٢.٧. انتهى.", []string{"ارتفع ٣٫٥ ثم 3.5 ثم ١٢.٧.", "انتهى."}},
		{"a quote that reads on", "“Why?” she asked. Nobody knew.", []string{"“Why?” she asked.", "Nobody knew."}},
		{"closing quotes", "قال: «نعم.» ثم جلس.", []string{"قال: «نعم.»", "ثم جلس."}},
		{"a quote set off by a space", "سأل: ” لماذا “؟ لم يجب.", []string{"سأل: ” لماذا “؟", "لم يجب."}},
		{"Chinese", "他走了。我留下！好吗？", []string{"他走了。", "我留下！", "好吗？"}},
		{"Urdu", "یہ شہر ہے۔ وہ گاؤں ہے۔", []string{"یہ شہر ہے۔", "وہ گاؤں ہے۔"}},
		{"an address", "See https://a.example/b.c?d=1.5 now. Done.", []string{"See https://a.example/b.c?d=1.5 now.", "Done."}},
		{"an address before small letters", "See foo.example. then more. Done.", []string{"See foo.example. then more.", "Done."}},
		{"a long word before small letters", "See the example. then more.", []string{"See the example.", "then more."}},
		{"a list", "1. First.\n2. Second.", []string{"1. First.", "2. Second."}},
		{"a mark behind a break", "One.\n\u0301two. Three.", []string{"One.\n\u0301two.", "Three."}},
		{"broken bytes", "a\xff. B\xe2\x82", []string{"a\xff.", "B\xe2\x82"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, sentences(test.text)); diff != "" {
				t.Errorf("sentences (-want +got):\n%s", diff)
			}
		})
	}
}

// counters are ways to size a text, as models do.
var counters = map[string]func(string) int{
	"words":       nil,
	"runes":       utf8.RuneCountInString,
	"bytes":       func(s string) int { return len(s) },
	"half a rune": func(s string) int { return (utf8.RuneCountInString(s) + 1) / 2 },
}

func count(name string) func(string) int {
	if f := counters[name]; f != nil {
		return f
	}
	return func(s string) int { return len(strings.Fields(s)) }
}

// checkSplit states the laws of Split for valid text.
func checkSplit(t interface{ Fatalf(string, ...any) }, text string, options chunker.Options, counter string) {
	options.Count = counters[counter]
	c := chunker.New(options)
	spans := c.Split(text)
	at := 0
	for i, s := range spans {
		if s.Start != at || s.End <= s.Start || s.End > len(text) {
			t.Fatalf("span %d is %v, want one that starts at %d and is not empty; text %q", i, s, at, text)
		}
		at = s.End
		chunk := text[s.Start:s.End]
		first, size := utf8.DecodeRuneInString(chunk)
		if !utf8.ValidString(chunk) {
			t.Fatalf("span %d splits a rune: %q", i, chunk)
		}
		if i > 0 && unicode.IsMark(first) {
			t.Fatalf("span %d starts with the combining mark %U: %q", i, first, text)
		}
		// Marks and white space stay with what is before them.
		cluster := strings.ContainsFunc(chunk[size:], func(r rune) bool { return !unicode.IsMark(r) && !unicode.IsSpace(r) })
		if n := count(counter)(chunk); n > options.Max && cluster {
			t.Fatalf("span %d has %d %s, the maximum is %d: %q", i, n, counter, options.Max, chunk)
		}
	}
	if at != len(text) {
		t.Fatalf("the spans end at %d, the text at %d", at, len(text))
	}
	if diff := cmp.Diff(spans, chunker.New(options).Split(text)); diff != "" {
		t.Fatalf("a second run cut differently:\n%s", diff)
	}
}

// texts draws what documents are made of, and what they are not.
func texts() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{
			" ", "\n", "\n\n", ". ", "؟ ", "! ", "؛ ", "… ", "۔ ", "،", ":", "\"", "”", "»", "د. ", "أ.د. ", "Dr. ", "e.g. ", "3.5", "٣٫٥", "١", "# عنوان\n", "title\n", "- ", "\t",
			"قال", "المدينة", "كَتَبَ", "the", "House", "e\u0301", "\u0301", "\u064b", "漢字", "。", "👩‍👩‍👧", "\u200f", "\u00a0", "https://a.b/c.d", "\x00",
		}),
		rapid.StringN(0, 6, -1),
	)
	return rapid.Map(rapid.SliceOfN(part, 0, 60), func(parts []string) string { return strings.ToValidUTF8(strings.Join(parts, ""), "?") })
}

func TestSplitKeepsItsLaws(t *testing.T) {
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range counters {
			if !yield(name) {
				return
			}
		}
	})
	generator := texts()
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 40).Draw(t, "max")
		options := chunker.Options{Max: limit, Target: rapid.IntRange(1, limit).Draw(t, "target")}
		checkSplit(t, generator.Draw(t, "text"), options, rapid.SampledFrom(names).Draw(t, "counter"))
	})
}

// The line feed behind a heading counts, where the model counts it.
func TestHeadingsFitWithTheirLineFeed(t *testing.T) {
	checkSplit(t, "# عنوان\n", chunker.Options{Max: 7, Target: 1}, "runes")
	checkSplit(t, "# عنوان\n# عنوان\nقال", chunker.Options{Max: 17, Target: 17}, "runes")
}

// A mark of Tibetan without a letter is a word like others.
func TestMarksWithoutLettersFit(t *testing.T) {
	for _, text := range []string{"༾ A", ". ༾. ", "༾༾ ༾"} {
		checkSplit(t, text, chunker.Options{Max: 1, Target: 1}, "words")
	}
}

func TestSplitOfTheSeeds(t *testing.T) {
	files, err := filepath.Glob("../seeds/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, limit := range []int{7, 60, 500} {
			checkSplit(t, string(text), chunker.Options{Max: limit, Target: limit * 2 / 5}, "words")
		}
		for i, s := range chunker.New(chunker.Options{Target: 100}).Split(string(text)) {
			if n := count("words")(string(text[s.Start:s.End])); n < 33 && i > 0 {
				t.Errorf("%s: passage %d has %d words of a target of 100: a tail", filepath.Base(file), i, n)
			}
		}
	}
}

// A heading belongs to what follows it: every one behind other text opens a
// passage, whatever the sizes.
func TestHeadingsOpenPassages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		var headings []int
		for i := range rapid.IntRange(1, 6).Draw(t, "sections") {
			headings = append(headings, b.Len())
			b.WriteString(rapid.SampledFrom([]string{"# عنوان القسم", "التعاون الدولي:", "A short title", "## Two 3.5"}).Draw(t, "heading"))
			b.WriteString("\n\n")
			for j := range rapid.IntRange(1, 12).Draw(t, "sentences") {
				fmt.Fprintf(&b, "هذه جملة رقمها %d في القسم %d من النص.", j, i)
				b.WriteString(rapid.SampledFrom([]string{" ", "\n", "\n\n"}).Draw(t, "space"))
			}
		}
		text := b.String()
		spans := chunker.New(chunker.Options{Target: rapid.IntRange(5, 300).Draw(t, "target")}).Split(text)
		for _, at := range headings[1:] {
			if text[at-1] != '\n' {
				continue // follows a sentence in the same line: no heading
			}
			if !slices.ContainsFunc(spans, func(s corpus.Span) bool { return s.Start == at }) {
				t.Fatalf("the heading at byte %d opens no passage: %v\n%s", at, spans, text)
			}
		}
	})
}

func TestName(t *testing.T) {
	byWords, byTokens := chunker.New(chunker.Options{}), chunker.New(chunker.Options{Count: utf8.RuneCountInString})
	if byWords.Name() == byTokens.Name() {
		t.Errorf("two units share the name %q", byWords.Name())
	}
	if a, b := byWords.Name(), chunker.New(chunker.Options{Target: 100}).Name(); a == b {
		t.Errorf("two sizes share the name %q", a)
	}
	if got, want := byWords.Name(), chunker.New(chunker.Options{Target: 200, Max: 500}).Name(); got != want {
		t.Errorf("the defaults are %q, want %q", got, want)
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "د. سامي. ثم؟ نعم!", "a\u0301b. c\n# t\n\nx", "…….. ”", strings.Repeat("x", 300), "\xff\xfe."} {
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = 1 + (limit%500+500)%500
		if got := join(text, chunker.New(chunker.Options{Max: limit, Count: utf8.RuneCountInString}).Split(text)); got != text {
			t.Fatalf("got %q back, want %q", got, text)
		}
		checkSplit(t, strings.ToValidUTF8(text, "?"), chunker.Options{Max: limit, Target: limit/2 + 1}, "runes")
		checkSplit(t, strings.ToValidUTF8(text, "?"), chunker.Options{Max: limit, Target: limit/2 + 1}, "words")
	})
}

package snippet_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"
	"pgregory.net/rapid"

	"dalil/corpus"
	"dalil/internal/growth"
	"dalil/searcher/snippet"
)

// words that a text is made of: both languages, marks, emoji of several code points,
// scripts without spaces, and one that no snippet can hold.
var snippetWords = []string{
	"grain", "railway", "a", "Vienna,", "القطارات", "تحمل", "الحبوب،", "كُتِبَ", "يُسْتَعْمَل", "e\u0301te\u0301", "👩‍👩‍👧‍👦", "🇸🇦🇬🇧", "1,234.50", "中文字沒有空格所以很長", "ไทยไม่มีช่องว่าง",
	"(see", "below).", "can't", "\n\n", "\n", "## Heading", strings.Repeat("e\u0301", 250), strings.Repeat("長", 300),
}

func TestSnippets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(snippetWords), 1, 150).Draw(t, "words")
		text := strings.Join(words, " ")
		around := corpus.Span{}
		around.Start = rapid.IntRange(0, len(text)).Draw(t, "start")
		around.End = rapid.IntRange(around.Start, len(text)).Draw(t, "end")
		for around.Start > 0 && around.Start < len(text) && text[around.Start-1] != ' ' { // sentences begin behind white space
			around.Start--
		}
		for around.End < len(text) && text[around.End] != ' ' {
			around.End++
		}
		var matched []corpus.Span
		at := 0
		for _, word := range words {
			if s := (corpus.Span{Start: at, End: at + len(word)}); word == "grain" && s.Start >= around.Start && s.End <= around.End {
				matched = append(matched, s)
			}
			at += len(word) + 1
		}
		most := rapid.SampledFrom([]int{50, 100, corpus.MaxSnippet}).Draw(t, "most")
		got := snippet.Cut(text, around, matched, most)
		start := strings.Index(text, got)
		switch {
		case start < 0:
			t.Fatalf("%q is not in the text", got)
		case utf8.RuneCountInString(got) > most:
			t.Fatalf("%q has %d code points", got, utf8.RuneCountInString(got))
		case got == "" && strings.TrimSpace(text) != "":
			t.Fatal("a text without a snippet")
		case got != strings.TrimSpace(got):
			t.Fatalf("%q has white space around it", got)
		case len(matched) > 0 && !strings.Contains(got, "grain"):
			t.Fatalf("%q has none of the words that matched", got)
		case len(got) > 0 && len(got) < len(text) && utf8.RuneCountInString(got) < most/2 && utf8.RuneCountInString(strings.TrimSpace(text)) > 400 && !strings.ContainsAny(text, "長") && !strings.Contains(text, strings.Repeat("e\u0301", 100)):
			t.Fatalf("%q is short beside a text of %d", got, utf8.RuneCountInString(text))
		}
		// It stands somewhere in the text with cuts between words and graphemes.
		cuts := map[int]bool{0: true}
		segments := graphemes.FromString(text)
		for at := 0; segments.Next(); {
			at += len(segments.Value())
			cuts[at] = true
		}
		sound := false
		for from := 0; !sound; from++ {
			i := strings.Index(text[from:], got)
			if i < 0 {
				break
			}
			from += i
			sound = cuts[from] && cuts[from+len(got)] && (between(text, from) && between(text, from+len(got)) || hasLongWord(got))
		}
		if !sound && got != "" {
			t.Fatalf("%q is cut inside of a word or grapheme of %q", got, text)
		}
	})
}

// Words are cut as UAX 29 says, whichever way finds them.
func TestWordsAreThoseOfUAX29(t *testing.T) {
	letters := []string{"a", "Z", "7", "ل", "غ", "ي", "ـ", "َ", "\u0301", "\u200d", "\u200f", " ", " ", "\u00a0", "\n", ".", "'", ",", "_", "٣", "中", "ก", "👩", "é", "ؤ", "ڤ", "\xd8"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(letters), 1, 40).Draw(t, "letters"), "")
		at := 0
		for segments := words.FromString(text); segments.Next(); {
			got, n := snippet.FirstWord(text[at:])
			if want := segments.Value(); got != want || n != utf8.RuneCountInString(want) {
				t.Fatalf("at %d of %q the word is %q with %d code points, want %q", at, text, got, n, want)
			}
			at += len(segments.Value())
		}
	})
}

// BenchmarkSnippet cuts a snippet out of a passage of 600 letters.
// TestTheLastWordsDecideAsAllDo compares a snippet that begins at a place with one that is
// cut by all its words.
func TestTheLastWordsDecideAsAllDo(t *testing.T) {
	pieces := []string{
		" ", " ", " ", "a", "Word", "7", "كلمة", "سيارة", "ـ", "،", ".", ",", "'", "\"", "-", "\n", "\n\n", "\r\n", "3.5", "can't", "\u0301", "\u200d", "👩\u200d🌾", "🇪🇬", "🇪",
		"中文", "カナ", "א", "\"א", "\u00a0", "\u2028", "_", "ﷲ", "٣", strings.Repeat("e", 45), strings.Repeat("ن", 130), strings.Repeat("e\u0301", 120), "\xd8", "\xe2\x80",
	}
	random := rand.New(rand.NewPCG(3, 4))
	decided := 0
	for range 30_000 {
		var b strings.Builder
		for range random.IntN(150) {
			usual := 12 // most are spaces and letters
			if random.IntN(6) == 0 {
				usual = len(pieces)
			}
			b.WriteString(pieces[random.IntN(usual)])
		}
		text := b.String()
		most := 1 + random.IntN(60)
		if random.IntN(4) == 0 {
			most = 200
		}
		start := 0
		if at := strings.Index(text, " W"); at > 0 && random.IntN(2) == 0 {
			start = at + 1
		}
		byLast, byAll := snippet.LastCut(text, start, most)
		if byLast == 0 {
			continue
		}
		if decided++; byLast != byAll {
			t.Fatalf("%q from %d, %d code points: ends at %d, by all words at %d", text, start, most, byLast, byAll)
		}
	}
	if decided < 10_000 {
		t.Errorf("only %d were decided", decided)
	}
}

func BenchmarkSnippet(b *testing.B) {
	for name, sentence := range map[string]string{
		"english": "The ministry asked for a plan of the railway, and the engineers wrote about gravel and sleepers. ",
		"arabic":  "طلبت الوزارة خطة للسكة الحديدية، وكتب المهندسون عن الحصى والعوارض الخشبية. ",
	} {
		text := strings.Repeat(sentence, 600/utf8.RuneCountInString(sentence))
		around := corpus.Span{Start: 2 * len(sentence), End: 3 * len(sentence)}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				snippet.Cut(text, around, nil, corpus.MaxSnippet)
			}
		})
	}
}

// The time for a text of which every word matched grows with the length of the snippet, and not
// with its cube.
func TestManyMatchedWordsTakeLinearTime(t *testing.T) {
	text := strings.Repeat("a ", 4000)
	var matched []corpus.Span
	for at := 0; at < len(text); at += 2 {
		matched = append(matched, corpus.Span{Start: at, End: at + 1})
	}
	measure := func(most int) time.Duration {
		return growth.Fastest(5, func() {
			if got := snippet.Cut(text, corpus.Span{End: len(text)}, matched, most); len(got) < most-1 {
				t.Fatalf("a snippet of %d letters, want %d", len(got), most)
			}
		})
	}
	growth.AtMost(t, "a snippet of 1,200 letters, compared with one of 150", 20, func() (_, _ time.Duration) { return measure(150), measure(1200) })
}

// between reports whether a place is not between two letters.
func between(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	letter := func(r rune) bool { return unicode.In(r, unicode.Latin, unicode.Arabic) && unicode.IsLetter(r) }
	return !letter(before) || !letter(after)
}

// hasLongWord reports whether a piece of a word that no snippet can hold is there.
func hasLongWord(s string) bool { return strings.Contains(s, strings.Repeat("e\u0301", 50)) }

func TestSnippetsShowTheSentence(t *testing.T) {
	long := "In the spring of 1856 the ministry asked for a plan, " + strings.Repeat("and the engineers wrote many pages about gravel and sleepers, ", 6) +
		"until at last the railway carried grain from Constanta to Cernavoda, " + strings.Repeat("while the ships waited in the harbour, ", 6) + "and all was well."
	text := "The first sentence is about nothing at all. " + long + " The last sentence is about nothing either."
	around := corpus.Span{Start: strings.Index(text, "In the spring"), End: strings.Index(text, "The last")}
	var matched []corpus.Span
	for _, word := range []string{"railway", "grain", "Constanta"} {
		at := strings.Index(text, word)
		matched = append(matched, corpus.Span{Start: at, End: at + len(word)})
	}
	got := snippet.Cut(text, around, matched, corpus.MaxSnippet)
	for _, word := range []string{"railway", "grain", "Constanta"} {
		if !strings.Contains(got, word) {
			t.Errorf("the snippet does not contain %q: %q", word, got)
		}
	}
	if utf8.RuneCountInString(got) < 150 {
		t.Errorf("the snippet is short: %q", got)
	}
	// A sentence that fits is shown whole, from its beginning.
	whole := "Here stands one sentence that fits into a snippet with ease."
	text = strings.Repeat("Something else is said here. ", 30) + whole + " " + strings.Repeat("And more is said behind it. ", 30)
	at := strings.Index(text, whole)
	if got := snippet.Cut(text, corpus.Span{Start: at, End: at + len(whole) + 1}, nil, corpus.MaxSnippet); !strings.HasPrefix(got, whole) {
		t.Errorf("the snippet is %q", got)
	}
}

// A snippet that is long enough ends with its paragraph.
func TestSnippetsEndWithTheirParagraph(t *testing.T) {
	first := strings.TrimSpace(strings.Repeat("Trains carry grain and steel. ", 5))
	text := first + "\n\n" + strings.Repeat("Another paragraph begins here. ", 10)
	if got := snippet.Cut(text, corpus.Span{End: 30}, nil, corpus.MaxSnippet); got != first {
		t.Errorf("the snippet is %q, want %q", got, first)
	}
}

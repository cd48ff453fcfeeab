package tokenizer_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dalil/embedder/tokenizer"
)

func words(t testing.TB, preTokenizer, text string) string {
	t.Helper()
	s, err := tokenizer.NewSplitter(nil, []byte(preTokenizer))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for w := range s.Words(text) {
		all = append(all, string(w))
	}
	return strings.Join(all, "|")
}

// TestBehaviors: the wanted words are the reference library's.
func TestBehaviors(t *testing.T) {
	const text = "--the-final--countdown-"
	for _, test := range []struct {
		behavior                           string
		letters, runs, notLetters, notRuns string
	}{
		{"Removed", "the|final|countdown", "the|final|countdown", "-|-|-|-|-|-", "--|-|--|-"},
		{
			"Isolated",
			"-|-|the|-|final|-|-|countdown|-", "--|the|-|final|--|countdown|-",
			"-|-|the|-|final|-|-|countdown|-", "--|the|-|final|--|countdown|-",
		},
		{
			"MergedWithPrevious",
			"-|-|the-|final-|-|countdown-", "--|the-|final--|countdown-",
			"-|-the|-final|-|-countdown|-", "--the|-final|--countdown|-",
		},
		{
			"MergedWithNext",
			"-|-the|-final|-|-countdown|-", "--the|-final|--countdown|-",
			"-|-|the-|final-|-|countdown-", "--|the-|final--|countdown-",
		},
		{
			"Contiguous",
			"--|the|-|final|--|countdown|-", "--|the|-|final|--|countdown|-",
			"--|the|-|final|--|countdown|-", "--|the|-|final|--|countdown|-",
		},
	} {
		split := func(pattern string, invert bool) string {
			return words(t, fmt.Sprintf(`{"type":"Split","pattern":%s,"behavior":%q,"invert":%v}`, pattern, test.behavior, invert), text)
		}
		for name, c := range map[string]struct{ got, want string }{
			"Punctuation":  {words(t, fmt.Sprintf(`{"type":"Punctuation","behavior":%q}`, test.behavior), text), test.letters},
			"text":         {split(`{"String":"-"}`, false), test.letters},
			"pattern":      {split(`{"Regex":"-+"}`, false), test.runs},
			"not text":     {split(`{"String":"-"}`, true), test.notLetters},
			"not patterns": {split(`{"Regex":"-+"}`, true), test.notRuns},
		} {
			if c.got != c.want {
				t.Errorf("%s, %s: %q, want %q", name, test.behavior, c.got, c.want)
			}
		}
	}
}

// TestMetaspace: the wanted words are the reference library's.
func TestMetaspace(t *testing.T) {
	for _, test := range []struct {
		scheme             string
		split              bool
		alone, after, late string
	}{
		{"always", true, "▁a|▁|▁b|▁|▁c|▁", "▁a|▁b", "▁a|▁b"},
		{"always", false, "▁a▁▁b▁▁c▁", "▁a|▁b", "▁a|▁b"},
		{"first", true, "▁a|▁|▁b|▁|▁c|▁", "▁a|b", "a|b"},
		{"first", false, "▁a▁▁b▁▁c▁", "▁a|b", "a|b"},
		{"never", true, "▁a|▁|▁b|▁|▁c|▁", "a|b", "a|b"},
		{"never", false, "▁a▁▁b▁▁c▁", "a|b", "a|b"},
	} {
		metaspace := fmt.Sprintf(`{"type":"Metaspace","replacement":"▁","prepend_scheme":%q,"split":%v}`, test.scheme, test.split)
		afterSpaces := `{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},` + metaspace + `]}`
		for _, c := range []struct{ pre, text, want string }{
			{metaspace, " a  b▁▁c ", test.alone}, {afterSpaces, "a b", test.after}, {afterSpaces, " a b", test.late},
		} {
			if got := words(t, c.pre, c.text); got != c.want {
				t.Errorf("%s of %q: %q, want %q", c.pre, c.text, got, c.want)
			}
		}
	}
}

// TestUnknownLettersCostTen: an unknown letter costs ten more than the least
// likely piece, and neither less nor more.
func TestUnknownLettersCostTen(t *testing.T) {
	for _, test := range []struct {
		xb   float64
		want string
	}{{-2, "ax|b"}, {-0.5, "?|xb"}} { // ax, b: -22; a unknown: -21 and xb's
		tok, err := tokenizer.NewUnigram([]tokenizer.Piece{
			{Text: "?"}, {Text: "ax", Score: -11}, {Text: "b", Score: -11}, {Text: "xb", Score: test.xb},
		}, tokenizer.UnigramOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range tok.AppendIDs(nil, "axb") {
			got = append(got, []string{"?", "ax", "b", "xb"}[id])
		}
		if strings.Join(got, "|") != test.want {
			t.Errorf("with xb at %v: %q, want %q", test.xb, got, test.want)
		}
	}
}

// TestMemoryOfWordsHoldsWordsApart asks for more words of one length than it
// can hold, so that many share a place.
func TestMemoryOfWordsHoldsWordsApart(t *testing.T) {
	pieces := []tokenizer.Piece{{Text: "?"}}
	for _, r := range "0123456789w▁" {
		pieces = append(pieces, tokenizer.Piece{Text: string(r), Score: -3})
	}
	tok, err := tokenizer.NewUnigram(pieces, tokenizer.UnigramOptions{PreTokenizer: tokenizer.WordPieces()})
	if err != nil {
		t.Fatal(err)
	}
	plain, remembers := tok.WithoutMemo()
	if !remembers {
		t.Fatal("it remembers no words")
	}
	var got, want []int32
	for i := range 100_000 {
		word := fmt.Sprintf("w%05d", i)
		for range 2 {
			got = tok.AppendIDs(got[:0], word)
		}
		got = tok.AppendIDs(got[:0], word)
		want = plain.AppendIDs(want[:0], word)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s: %v, want %v", word, got, want)
		}
	}
}

// TestASetMayHaveParentheses has the pattern of DeepSeek-V3, in which a set of marks
// is before the run of white space that looks ahead.
func TestASetMayHaveParentheses(t *testing.T) {
	const pattern = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
	split := func(pattern string) []byte {
		regex, err := json.Marshal(pattern)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Appendf(nil, `{"type":"Split","pattern":{"Regex":%s},"behavior":"Isolated","invert":false}`, regex)
	}
	if got, want := words(t, string(split(pattern)), "f(x)  says: (yes) \n نعم، no"), "f|(x|)| | says|:| (|yes|)| \n| نعم|،| no"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, grouped := range []string{`(a)b|\s+(?!\S)|\s+`, `[(]|(a)|\s+(?!\S)|\s+`} {
		if _, err := tokenizer.NewSplitter(nil, split(grouped)); err == nil || !strings.Contains(err.Error(), "groups before a lookahead") {
			t.Errorf("%s: error %v", grouped, err)
		}
	}
}

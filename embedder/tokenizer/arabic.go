package tokenizer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// ArabicNormalizer is the normalizer of the built-in models, in the
// notation of tokenizer.json, so that the reference library applies the same:
// NFKC; capitals become small; harakat, Quranic marks, tatweel, joiners and
// direction marks go; variants of one Arabic letter and Latin accents are
// folded; digits become 0-9; marks and symbols become spaces.
//
// All but NFKC are replacements of single letters by letters that later steps
// leave alone, so they compile into one table. The sets are ranges of code
// points and never Unicode classes, because two libraries seldom have the same
// version of Unicode.
func ArabicNormalizer() json.RawMessage {
	steps := []json.RawMessage{
		json.RawMessage(`{"type":"NFKC"}`),
		json.RawMessage(`{"type":"Lowercase"}`),
		replaceStep(arabicDropped, ""),
	}
	for _, f := range arabicFolds {
		steps = append(steps, replaceStep("["+f.from+"]", f.to))
	}
	steps = append(steps, latinFolds()...)
	steps = append(steps, replaceStep(separators, " "))
	return sequence("normalizers", steps)
}

// WordPieces is the pre-tokenizer that goes with [ArabicNormalizer]: words
// between spaces, each with ▁ set before it.
func WordPieces() json.RawMessage {
	return sequence("pretokenizers", []json.RawMessage{
		json.RawMessage(`{"type":"WhitespaceSplit"}`),
		json.RawMessage(`{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}`),
	})
}

// arabicDropped: combining accents, soft hyphen, Arabic signs and marks,
// tatweel, zero-width and direction characters, variation selectors.
const arabicDropped = `[\x{00AD}\x{0300}-\x{036F}\x{0610}-\x{061A}\x{061C}\x{0640}\x{064B}-\x{065F}\x{0670}` +
	`\x{06D6}-\x{06DC}\x{06DF}-\x{06E4}\x{06E7}\x{06E8}\x{06EA}-\x{06ED}\x{08CA}-\x{08E1}\x{08E3}-\x{08FF}` +
	`\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FE00}-\x{FE0F}\x{FE20}-\x{FE2F}\x{FEFF}]`

var arabicFolds = []struct{ from, to string }{
	{"أإآٱ", "ا"},
	{"ىی", "ي"},
	{"ئ", "ي"},
	{"ؤ", "و"},
	{"ة", "ه"},
	{"ک", "ك"},
	{"٠۰", "0"},
	{"١۱", "1"},
	{"٢۲", "2"},
	{"٣۳", "3"},
	{"٤۴", "4"},
	{"٥۵", "5"},
	{"٦۶", "6"},
	{"٧۷", "7"},
	{"٨۸", "8"},
	{"٩۹", "9"},
}

// separators: controls, marks and symbols of ASCII, Latin 1, Arabic, general
// punctuation, currency, arrows, drawing, CJK marks, presentation forms that
// NFKC keeps, and emoji.
const separators = `[\x{0001}-\x{002F}\x{003A}-\x{0040}\x{005B}-\x{0060}\x{007B}-\x{00A9}\x{00AB}-\x{00B4}\x{00B6}-\x{00B9}\x{00BB}-\x{00BF}` +
	`\x{00D7}\x{00F7}\x{0600}-\x{060F}\x{061B}\x{061D}-\x{061F}\x{066A}-\x{066D}\x{06D4}\x{06DD}\x{06DE}\x{06E9}\x{06FD}\x{06FE}` +
	`\x{2000}-\x{200A}\x{2010}-\x{2029}\x{202F}-\x{205F}\x{207A}-\x{207E}\x{208A}-\x{208E}\x{20A0}-\x{20CF}\x{2190}-\x{245F}` +
	`\x{2500}-\x{2BFF}\x{2E00}-\x{2E7F}\x{3000}-\x{3004}\x{3008}-\x{3020}\x{3030}\x{FD3E}-\x{FD4F}\x{FDFC}-\x{FDFF}\x{FE10}-\x{FE1F}\x{FE30}-\x{FE6F}` +
	`\x{FFFC}\x{FFFD}\x{1F000}-\x{1FBFF}]`

// latinFolds writes small Latin letters that carry an accent without it: the
// letters are computed from their decompositions.
func latinFolds() []json.RawMessage {
	var sets ['z' + 1]strings.Builder
	for _, block := range [][2]rune{{0xC0, 0x24F}, {0x1E00, 0x1EFF}} {
		for r := block[0]; r <= block[1]; r++ {
			d := norm.NFD.String(string(r))
			if base := rune(d[0]); len(d) > 1 && 'a' <= base && base <= 'z' {
				fmt.Fprintf(&sets[base], `\x{%04X}`, r)
			}
		}
	}
	var steps []json.RawMessage
	for base := 'a'; base <= 'z'; base++ {
		if set := sets[base].String(); set != "" {
			steps = append(steps, replaceStep("["+set+"]", string(base)))
		}
	}
	return steps
}

func replaceStep(pattern, content string) json.RawMessage {
	return mustMarshal(map[string]any{"type": "Replace", "pattern": map[string]string{"Regex": pattern}, "content": content})
}

func sequence(field string, steps []json.RawMessage) json.RawMessage {
	return mustMarshal(map[string]any{"type": "Sequence", field: steps})
}

// mustMarshal is for values that always marshal. It keeps < and > readable.
func mustMarshal(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

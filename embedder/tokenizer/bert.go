package tokenizer

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// bertJSON are the fields of BertNormalizer.
type bertJSON struct {
	CleanText    bool  `json:"clean_text"`
	ChineseChars bool  `json:"handle_chinese_chars"`
	StripAccents *bool `json:"strip_accents"` // null: as Lowercase
	Lowercase    bool  `json:"lowercase"`
}

// steps are those of the original BERT's clean-up.
func (j bertJSON) steps() []normalizer {
	var steps []normalizer
	if j.CleanText {
		steps = append(steps, bertClean{})
	}
	if j.ChineseChars {
		steps = append(steps, bertChinese{})
	}
	if strip := j.StripAccents; strip == nil && j.Lowercase || strip != nil && *strip {
		steps = append(steps, unicodeForm(norm.NFD), replaceLetters{func(r rune) bool { return unicode.Is(unicode.Mn, r) }, ""})
	}
	if j.Lowercase {
		steps = append(steps, lowercase{})
	}
	return steps
}

// bertClean drops what can't be seen and makes every white space a plain one.
type bertClean struct{}

func (m bertClean) appendNormal(dst, src []byte) []byte { return mapLetters(m, dst, src) }

func (bertClean) appendLetter(dst []byte, r rune) []byte {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return append(dst, ' ')
	case r == 0, r == utf8.RuneError, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co):
		return dst
	case unicode.IsSpace(r):
		return append(dst, ' ')
	}
	return utf8.AppendRune(dst, r)
}

// bertChinese sets ideographs apart.
type bertChinese struct{}

func (m bertChinese) appendNormal(dst, src []byte) []byte { return mapLetters(m, dst, src) }

func (bertChinese) appendLetter(dst []byte, r rune) []byte {
	if !isIdeograph(r) {
		return utf8.AppendRune(dst, r)
	}
	return append(utf8.AppendRune(append(dst, ' '), r), ' ')
}

// isIdeograph follows the ranges of the original BERT, which leave out kana
// and hangul.
func isIdeograph(r rune) bool {
	switch {
	case r < 0x3400:
		return false
	case r <= 0x4dbf, 0x4e00 <= r && r <= 0x9fff, 0xf900 <= r && r <= 0xfaff,
		0x20000 <= r && r <= 0x2a6df, 0x2a700 <= r && r <= 0x2b73f, 0x2b740 <= r && r <= 0x2b81f,
		0x2b820 <= r && r <= 0x2ceaf, 0x2f800 <= r && r <= 0x2fa1f:
		return true
	}
	return false
}

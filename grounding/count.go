package grounding

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Counter counts the tokens of a text.
type Counter interface {
	// Count returns how many tokens a text has; an empty text has none.
	Count(text string) int
	// Name names the way of counting. Counters of one name count equally.
	Name() string
}

// partCounter is a Counter that counts something for each text beside its parts.
type partCounter interface {
	// countPart counts a part of a text.
	countPart(text string) int
}

// Counting makes a Counter of a function.
type Counting struct {
	Tokens func(text string) int
	Title  string
}

// Count calls the function.
func (c Counting) Count(text string) int { return c.Tokens(text) }

// Name returns the title.
func (c Counting) Name() string { return c.Title }

// Estimate counts without a vocabulary. It is an upper bound for models with
// large multilingual vocabularies: it never counted less than o200k_base, Llama 3
// or Mistral's Tekken on the texts that it was fitted on, in Arabic and English.
// docs/chatbots.md says how much more it counts. Models with older vocabularies
// (cl100k_base, Llama 2) have twice as many tokens in Arabic: these need the
// setting context.tokenizer.
type Estimate struct{}

// Name returns the name of this version of the estimate.
func (Estimate) Name() string { return "estimate-1" }

// The table of the estimate, in hundredths of a token. The figures were fitted as
// a linear programme: the least sum that is below no recorded count, rounded up.
const (
	estimateBase    = 400 // of a text: what short texts with rare names need
	estimateMark    = 100 // a vowel mark of Arabic
	estimatePoint   = 90  // Arabic punctuation
	estimateDigit   = 110
	estimateNumber  = 90  // a number behind a blank: some vocabularies have no blank with a digit
	estimateIndic   = 200 // a digit of the Arabic script: some vocabularies have its bytes only
	estimateASCII   = 95  // a mark or symbol of ASCII
	estimateCapital = 50  // a word that begins with a capital, beside its length
	estimateAcronym = 50  // a capital within a run of capitals
	estimateLetter  = 90  // a letter of Latin, Greek or Cyrillic beyond ASCII
	estimateHan     = 160
	estimateBreak   = 100 // a line break, or a run of blanks
	estimateByte    = 100 // a byte of anything else: no vocabulary of bytes has more

	// What an Arabic word counts less for an article, for a conjunction or preposition
	// with one, and for a frequent ending: these are parts of many pieces.
	estimateArticle = 110
	estimateJoined  = 125
	estimateEnding  = 55
)

// Words by their length in letters; each further letter counts the last figure.
var (
	estimateArabic = [...]int{0, 130, 130, 160, 200, 305, 375, 425, 465, 470, 635, 50}
	estimateLatin  = [...]int{0, 60, 93, 98, 103, 103, 105, 182, 182, 182, 188, 210, 235, 260, 285, 310, 335, 60}
)

// Count returns the estimate.
func (Estimate) Count(text string) int {
	if text == "" {
		return 0
	}
	return (estimateBase + hundredths(text) + 99) / 100
}

func (Estimate) countPart(text string) int { return (hundredths(text) + 99) / 100 }

// hundredths is the estimate without what each text counts. It is the sum of its
// parts where a text is cut at blanks.
func hundredths(text string) int {
	sum := 0
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:])
			if arabicLetter(r) {
				n, start := 0, i
				for arabicLetter(r) {
					n++
					i += size
					r, size = utf8.DecodeRuneInString(text[i:])
				}
				sum += arabicWord(text[start:i], n)
				continue
			}
			sum += ofRune(r, size)
			i += size
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			n := latin(text[i:])
			sum += n
			i += latinRun(text[i:])
		case '0' <= c && c <= '9':
			if i > 0 && text[i-1] == ' ' {
				sum += estimateNumber
			}
			for ; i < len(text) && '0' <= text[i] && text[i] <= '9'; i++ {
				sum += estimateDigit
			}
		case c == ' ':
			run := i
			for i < len(text) && text[i] == ' ' {
				i++
			}
			if i-run > 1 {
				sum += estimateBreak
			}
		case c < ' ':
			sum += estimateBreak
			i++
		default:
			sum += estimateASCII
			i++
		}
	}
	return sum
}

// arabicWord is the figure of a word of n letters.
func arabicWord(word string, n int) int {
	sum := ofLength(estimateArabic[:], n)
	switch {
	case n >= 4 && strings.HasPrefix(word, "ال"):
		sum -= estimateArticle
	case n >= 5 && hasAny(word, strings.HasPrefix, "وال", "بال", "لل", "فال", "كال"):
		sum -= estimateJoined
	}
	if n >= 5 && hasAny(word, strings.HasSuffix, "ية", "ات", "ين", "ون", "ها", "هم", "ان") {
		sum -= estimateEnding
	}
	return sum
}

func hasAny(word string, has func(s, part string) bool, parts ...string) bool {
	for _, part := range parts {
		if has(word, part) {
			return true
		}
	}
	return false
}

// ofLength is a word's figure.
func ofLength(table []int, n int) int {
	last := len(table) - 2
	if n <= last {
		return table[n]
	}
	return table[last] + (n-last)*table[last+1]
}

// latinRun is the length of the piece at the beginning: capitals, or small
// letters with one capital before them.
func latinRun(text string) int {
	small := func(c byte) bool { return 'a' <= c && c <= 'z' }
	i := 1
	if small(text[0]) || len(text) > 1 && small(text[1]) {
		for i < len(text) && small(text[i]) {
			i++
		}
		return i
	}
	for i < len(text) && 'A' <= text[i] && text[i] <= 'Z' && (i+1 == len(text) || !small(text[i+1])) {
		i++
	}
	return i
}

// latin is the figure of the piece at the beginning.
func latin(text string) int {
	n := latinRun(text)
	capital := text[0] <= 'Z'
	switch {
	case capital && (n == 1 || text[1] <= 'Z'):
		return estimateLatin[1] + (n-1)*estimateAcronym
	case capital:
		return ofLength(estimateLatin[:], n) + estimateCapital
	}
	return ofLength(estimateLatin[:], n)
}

func arabicLetter(r rune) bool {
	return '\u0620' <= r && r <= '\u064a' && r != '\u0640' || '\u066e' <= r && r <= '\u06d3' && r != '\u0670'
}

// ofRune is the figure of a character that is part of no word of the tables.
func ofRune(r rune, size int) int {
	switch {
	case '\u064b' <= r && r <= '\u065f', r == '\u0670':
		return estimateMark
	case r == '،', r == '؛', r == '؟':
		return estimatePoint
	case '\u0660' <= r && r <= '\u0669', '\u06f0' <= r && r <= '\u06f9':
		return estimateIndic
	case unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic):
		return estimateLetter
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return estimateHan
	}
	return size * estimateByte
}

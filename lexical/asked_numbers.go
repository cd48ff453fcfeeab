package lexical

import (
	"encoding/binary"
	"sort"
	"strconv"
	"strings"
)

// A number in digits names one of several things that are otherwise alike: the iPhone 15, the World Cup of
// 2014, article 99. A passage about another one of them has the same words and the same meaning, but not
// the number.

// AskedNumber is a number that a question has in digits.
type AskedNumber struct {
	// Year says that it may be a year: the document may have it as its date.
	Year bool

	ways []spelling
}

// spelling is one way to write a number. A passage has it if it has one dimension of each of the lists.
type spelling [][]uint32

// In reports whether a passage has the number in digits or in words.
func (n *AskedNumber) In(p Profile) bool {
	parts, ok := p.parts()
	if !ok {
		return true // nothing is known of the passage
	}
	for _, w := range n.ways {
		if w.in(parts.dimensions) {
			return true
		}
	}
	return false
}

func (w spelling) in(dimensions []byte) bool {
	for _, list := range w {
		found := false
		for _, d := range list {
			found = found || holds(dimensions, d)
		}
		if !found {
			return false
		}
	}
	return true
}

// holds looks for a dimension among rising ones of four bytes each.
func holds(dimensions []byte, d uint32) bool {
	n := len(dimensions) / 4
	at := sort.Search(n, func(i int) bool { return binary.LittleEndian.Uint32(dimensions[4*i:]) >= d })
	return at < n && binary.LittleEndian.Uint32(dimensions[4*at:]) == d
}

// AskedNumbers returns the numbers in digits of the question's text, from which q was made. Decades
// (the 1990s) are none, because a passage about them may have any of their years, nor is how many things
// are asked for (3 reasons).
func (x *Expander) AskedNumbers(text string, q *Question) []AskedNumber {
	if !hasDigit(text) {
		return nil
	}
	words := x.analyzer.Words(text)
	var all []AskedNumber
	for i := range words {
		digits, letters, ending := digitsOf(words[i].Word)
		if digits == "" || ending == "s" && letters == "" || letters+ending == "" && isCount(words, i) {
			continue
		}
		n := AskedNumber{ways: x.formsHeld(q, words[i])}
		if !ordinalEnding[ending] {
			letters += ending
		}
		switch {
		case letters == "":
			n.Year = len(digits) == 4 && (digits[0] == '1' || digits[0] == '2')
			n.ways = append(append(n.ways, x.spellings(digits)...), x.beside(words, i, digits)...)
		case len(digits) > 1: // covid19: كوفيد 19; g20: مجموعة العشرين
			n.ways = append(n.ways, x.spellings(digits)...)
		default: // internet2: Internet 2, إنترنت2
			n.ways = append(n.ways, spelling{append(x.dimensionsOf(letters), soundsOf(letters, words[i].Script)...), x.dimensionsOf(digits)})
		}
		all = append(all, n)
	}
	return all
}

func hasDigit(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return digit(r) >= 0 })
}

// digitsOf divides a word into its digits and the letters before and after them; no digits: it has none, or two
// groups of them.
func digitsOf(word string) (digits, before, after string) {
	from := strings.IndexAny(word, "0123456789")
	to := strings.LastIndexAny(word, "0123456789") + 1
	if from < 0 || strings.Trim(word[from:to], "0123456789.") != "" {
		return "", word, ""
	}
	return word[from:to], word[:from], word[to:]
}

var ordinalEnding = map[string]bool{"st": true, "nd": true, "rd": true, "th": true}

// leastHeld is how certain a form of the question's word must be to have its number.
const leastHeld = 0.5

// formsHeld are the forms of the word that the index contains. Those that only sound alike may lack the
// number: the sound of Internet2 is that of Internet.
func (x *Expander) formsHeld(q *Question, word Term) (ways []spelling) {
	for i := range q.Groups {
		g := &q.Groups[i]
		for k, d := range g.Dimensions[:g.sounds] {
			if g.Span == word.Span && g.Certainties[k] >= leastHeld {
				ways = append(ways, spelling{{d}})
			}
		}
	}
	return append(ways, spelling{{Hash(word.Stem)}})
}

// soundsOf lists the dimensions of the word's sound in the other script.
func soundsOf(word string, script Script) (dimensions []uint32) {
	other := scriptOfSounds(script)
	for _, key := range skeletons(nil, word, script) {
		dimensions = append(dimensions, SoundHash(other, key))
	}
	return dimensions
}

// mostCounted is the largest number that may be how many things are asked for.
const mostCounted = 10

// isCount reports whether the number at i is how many things are asked for. It stands before its noun, and the
// number of a name behind it.
func isCount(words []Term, i int) bool {
	value, err := strconv.Atoi(words[i].Word)
	return err == nil && value <= mostCounted && i+1 < len(words) && !words[i+1].Stop && (i == 0 || words[i-1].Stop)
}

// beside are the ways in which a number is one word with the one beside it (iPhone15, 5G), and a number
// without its million.
func (x *Expander) beside(words []Term, i int, digits string) (ways []spelling) {
	if i > 0 && words[i-1].Script == Latin {
		ways = append(ways, spelling{x.dimensionsOf(words[i-1].Word + digits)})
	}
	if i > 0 && words[i-1].Span.End == words[i].Span.Start { // إنترنت2: the sound of Internet2
		ways = append(ways, spelling{soundsOf(words[i-1].Word, words[i-1].Script)})
	}
	if i+1 == len(words) {
		return ways
	}
	next := words[i+1]
	if next.Script == Latin {
		ways = append(ways, spelling{x.dimensionsOf(digits + next.Word)})
	}
	value, err := strconv.ParseFloat(digits, 64)
	for _, s := range bigNumbers {
		for _, word := range s.words {
			if err == nil && x.analyzer.Stem(word) == next.Stem {
				ways = append(ways, spelling{x.dimensionsOf(strconv.FormatFloat(value*float64(s.value), 'f', -1, 64))})
			}
		}
	}
	return ways
}

// spellings are the ways to write a number in digits and in words.
func (x *Expander) spellings(digits string) []spelling {
	ways := []spelling{{x.dimensionsOf(digits, digits+"st", digits+"nd", digits+"rd", digits+"th")}}
	value, err := strconv.Atoi(digits)
	if err != nil {
		return ways
	}
	if words := x.dimensionsOf(wordsOf(value)...); words != nil {
		ways = append(ways, spelling{words})
	}
	switch tens, ones := value/10*10, value%10; {
	case value > 10 && value < 100 && ones > 0: // twenty-one, الحادي والعشرون
		ways = append(ways, spelling{x.dimensionsOf(wordsOf(tens)...), x.dimensionsOf(wordsOf(ones)...)})
	case value >= 100:
		for _, s := range bigNumbers {
			if value%s.value == 0 {
				of := strconv.Itoa(value / s.value)
				ways = append(ways, spelling{x.dimensionsOf(append([]string{of}, wordsOf(value/s.value)...)...), x.dimensionsOf(s.words...)})
			}
		}
	}
	return ways
}

// dimensionsOf lists the dimensions of words in a passage.
func (x *Expander) dimensionsOf(words ...string) (dimensions []uint32) {
	for _, word := range words {
		for _, t := range x.analyzer.Words(word) {
			dimensions = append(dimensions, Hash(t.Stem), FormHash(t.Word))
		}
	}
	return dimensions
}

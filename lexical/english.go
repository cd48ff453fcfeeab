package lexical

import "bytes"

// stemEnglish appends the Porter2 stem of a lower-case word to dst (Porter,
// "The English (Porter2) stemming algorithm", Snowball). Words with letters
// beyond a-z and the apostrophe are appended as they are.
func stemEnglish(dst, word []byte) []byte {
	if len(word) <= 2 || !plainEnglish(word) {
		return append(dst, word...)
	}
	if stem, ok := englishExceptions[string(word)]; ok {
		return append(dst, stem...)
	}
	start := len(dst)
	dst = append(dst, bytes.TrimPrefix(word, []byte("'"))...)
	p := porter{word: dst[start:]}
	p.markY()
	p.regions()
	p.possessive()
	p.step1a()
	if !englishInvariants[string(p.word)] {
		p.step1b()
		p.step1c()
		p.replace(englishStep2, p.r1)
		p.replace(englishStep3, p.r1)
		p.step4()
		p.step5()
	}
	for i, c := range p.word {
		if c == 'Y' {
			p.word[i] = 'y'
		}
	}
	return append(dst[:start], p.word...)
}

func plainEnglish(word []byte) bool {
	for _, c := range word {
		if (c < 'a' || c > 'z') && c != '\'' {
			return false
		}
	}
	return true
}

// porter is a word on its way: suffixes come off only behind r1 or r2. A y
// that is a consonant stands as Y.
type porter struct {
	word   []byte
	r1, r2 int
}

func vowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'
}

func (p *porter) markY() {
	for i, c := range p.word {
		if c == 'y' && (i == 0 || vowel(p.word[i-1])) {
			p.word[i] = 'Y'
		}
	}
}

func (p *porter) regions() {
	p.r1 = p.behindVowel(0)
	for _, prefix := range []string{"gener", "commun", "arsen"} {
		if bytes.HasPrefix(p.word, []byte(prefix)) {
			p.r1 = len(prefix)
		}
	}
	p.r2 = p.behindVowel(p.r1)
}

// behindVowel is where the region behind the first consonant that follows a
// vowel begins.
func (p *porter) behindVowel(from int) int {
	for i := from + 1; i < len(p.word); i++ {
		if !vowel(p.word[i]) && vowel(p.word[i-1]) {
			return i + 1
		}
	}
	return len(p.word)
}

func (p *porter) ends(suffix string) bool { return bytes.HasSuffix(p.word, []byte(suffix)) }

func (p *porter) cut(n int) { p.word = p.word[:len(p.word)-n] }

func (p *porter) hasVowel(end int) bool {
	for _, c := range p.word[:end] {
		if vowel(c) {
			return true
		}
	}
	return false
}

func (p *porter) possessive() {
	for _, s := range []string{"'s'", "'s", "'"} {
		if p.ends(s) {
			p.cut(len(s))
			return
		}
	}
}

func (p *porter) step1a() {
	n := len(p.word)
	switch {
	case p.ends("sses"):
		p.cut(2)
	case p.ends("ied"), p.ends("ies"):
		if n > 4 {
			p.cut(2)
		} else {
			p.cut(1)
		}
	case p.ends("us"), p.ends("ss"):
	case p.ends("s") && n > 2 && p.hasVowel(n-2):
		p.cut(1)
	}
}

func (p *porter) step1b() {
	for _, s := range []string{"eedly", "eed"} {
		if p.ends(s) {
			if len(p.word)-len(s) >= p.r1 {
				p.cut(len(s) - 2)
			}
			return
		}
	}
	for _, s := range []string{"ingly", "edly", "ing", "ed"} {
		if !p.ends(s) {
			continue
		}
		if !p.hasVowel(len(p.word) - len(s)) {
			return
		}
		p.cut(len(s))
		switch {
		case p.ends("at"), p.ends("bl"), p.ends("iz"):
			p.word = append(p.word, 'e')
		case p.doubled():
			p.cut(1)
		case p.short():
			p.word = append(p.word, 'e')
		}
		return
	}
}

func (p *porter) doubled() bool {
	n := len(p.word)
	return n >= 2 && p.word[n-1] == p.word[n-2] && bytes.IndexByte([]byte("bdfgmnprt"), p.word[n-1]) >= 0
}

// shortSyllable reports whether the word up to end ends in one: a vowel between
// consonants of which the last is not w, x or Y, or a vowel first and a
// consonant.
func (p *porter) shortSyllable(end int) bool {
	if end == 2 {
		return vowel(p.word[0]) && !vowel(p.word[1])
	}
	return end > 2 && !vowel(p.word[end-3]) && vowel(p.word[end-2]) && !vowel(p.word[end-1]) &&
		bytes.IndexByte([]byte("wxY"), p.word[end-1]) < 0
}

func (p *porter) short() bool { return p.r1 >= len(p.word) && p.shortSyllable(len(p.word)) }

func (p *porter) step1c() {
	n := len(p.word)
	if n > 2 && (p.word[n-1] == 'y' || p.word[n-1] == 'Y') && !vowel(p.word[n-2]) {
		p.word[n-1] = 'i'
	}
}

// suffix is replaced by to where it stands in its region and, where before is
// set, behind one of those letters. In r2 only where inner is set.
type suffix struct {
	from, to, before string
	inner            bool
}

// The longest suffix stands first wherever one ends in another.
var (
	englishStep2 = []suffix{
		{from: "ational", to: "ate"}, {from: "tional", to: "tion"}, {from: "ization", to: "ize"}, {from: "ation", to: "ate"}, {from: "ator", to: "ate"},
		{from: "fulness", to: "ful"}, {from: "ousness", to: "ous"}, {from: "iveness", to: "ive"}, {from: "biliti", to: "ble"}, {from: "lessli", to: "less"},
		{from: "entli", to: "ent"}, {from: "ousli", to: "ous"}, {from: "fulli", to: "ful"}, {from: "alism", to: "al"}, {from: "aliti", to: "al"},
		{from: "iviti", to: "ive"}, {from: "enci", to: "ence"}, {from: "anci", to: "ance"}, {from: "abli", to: "able"}, {from: "izer", to: "ize"},
		{from: "alli", to: "al"}, {from: "bli", to: "ble"}, {from: "ogi", to: "og", before: "l"}, {from: "li", before: "cdeghkmnrt"},
	}
	englishStep3 = []suffix{
		{from: "ational", to: "ate"}, {from: "tional", to: "tion"}, {from: "alize", to: "al"}, {from: "icate", to: "ic"}, {from: "iciti", to: "ic"},
		{from: "ative", inner: true}, {from: "ical", to: "ic"}, {from: "ness"}, {from: "ful"},
	}
	englishStep4 = []suffix{
		{from: "ement"}, {from: "ance"}, {from: "ence"}, {from: "able"}, {from: "ible"}, {from: "ment"}, {from: "ant"}, {from: "ent"}, {from: "ism"},
		{from: "ate"}, {from: "iti"}, {from: "ous"}, {from: "ive"}, {from: "ize"}, {from: "ion", before: "st"}, {from: "al"}, {from: "er"}, {from: "ic"},
	}
)

func (p *porter) replace(suffixes []suffix, region int) {
	for _, s := range suffixes {
		if !p.ends(s.from) {
			continue
		}
		at := len(p.word) - len(s.from)
		if at < region || s.inner && at < p.r2 || s.before != "" && (at == 0 || bytes.IndexByte([]byte(s.before), p.word[at-1]) < 0) {
			return
		}
		p.word = append(p.word[:at], s.to...)
		return
	}
}

func (p *porter) step4() { p.replace(englishStep4, p.r2) }

func (p *porter) step5() {
	n := len(p.word)
	switch {
	case p.ends("e") && (n-1 >= p.r2 || n-1 >= p.r1 && !p.shortSyllable(n-1)), p.ends("ll") && n-1 >= p.r2:
		p.cut(1)
	}
}

var englishExceptions = map[string]string{
	"skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl", "gently": "gentl", "ugly": "ugli",
	"early": "earli", "only": "onli", "singly": "singl", "sky": "sky", "news": "news", "howe": "howe", "atlas": "atlas",
	"cosmos": "cosmos", "bias": "bias", "andes": "andes",
}

var englishInvariants = map[string]bool{
	"inning": true, "outing": true, "canning": true, "herring": true, "earring": true, "proceed": true, "exceed": true, "succeed": true,
}

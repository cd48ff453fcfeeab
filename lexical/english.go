package lexical

// porter is one run of the Porter2 ("English") stemmer: M. F. Porter, Snowball,
// https://snowballstem.org/algorithms/english/stemmer.html. It is written from
// that specification; capital Y is a y that is a consonant.
type porter struct {
	b      []byte // the word; lower case
	p1, p2 int    // where the regions R1 and R2 begin
}

// stemEnglish appends the stem of a lower-case word to dst. Apostrophes that
// are no possessive are left out: O'Neill is oneill.
func stemEnglish(dst, word []byte) []byte {
	n := len(dst)
	dst = append(dst, word...)
	if len(word) > 2 {
		p := porter{b: dst[n:]}
		dst = append(dst[:n], p.run()...)
	}
	kept := dst[:n]
	for _, c := range dst[n:] {
		if c != '\'' {
			kept = append(kept, c)
		}
	}
	return kept
}

func (p *porter) run() []byte {
	if len(p.b) > 0 && p.b[0] == '\'' {
		p.b = p.b[1:]
	}
	p.possessive()
	if to, ok := porterExceptions[string(p.b)]; ok {
		return append(p.b[:0], to...)
	}
	if len(p.b) <= 2 {
		return p.b
	}
	p.markConsonantY()
	p.regions()
	p.plural()
	if porterInvariants[string(p.b)] {
		return p.b
	}
	p.pastAndGerund()
	p.finalY()
	p.derivations()
	p.moreDerivations()
	p.residue()
	p.finalEL()
	for i, c := range p.b {
		if c == 'Y' {
			p.b[i] = 'y'
		}
	}
	return p.b
}

// porterExceptions are whole words with their stems.
var porterExceptions = map[string]string{
	"skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie",
	"idly": "idl", "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl",
	"sky": "sky", "news": "news", "howe": "howe", "atlas": "atlas", "cosmos": "cosmos", "bias": "bias", "andes": "andes",
}

// porterInvariants stay as they are once the plural is gone.
var porterInvariants = map[string]bool{
	"inning": true, "outing": true, "canning": true, "herring": true, "earring": true, "evening": true,
	"proceed": true, "exceed": true, "succeed": true,
}

// porterStems are beginnings after which R1 starts, where the rule would start
// it too early and join words that share a beginning only (general and
// generous, universe and university).
var porterStems = []string{"gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ", "inter"}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

func (p *porter) markConsonantY() {
	for i, c := range p.b {
		if c == 'y' && (i == 0 || vowel(p.b[i-1])) {
			p.b[i] = 'Y'
		}
	}
}

func (p *porter) regions() {
	p.p1 = 0
	for _, s := range porterStems {
		if len(p.b) >= len(s) && string(p.b[:len(s)]) == s {
			p.p1 = len(s)
			break
		}
	}
	if p.p1 == 0 {
		p.p1 = p.after(0)
	}
	p.p2 = p.after(p.p1)
}

// after returns the place behind the first consonant that follows a vowel at
// or behind i.
func (p *porter) after(i int) int {
	for i++; i < len(p.b); i++ {
		if !vowel(p.b[i]) && vowel(p.b[i-1]) {
			return i + 1
		}
	}
	return len(p.b)
}

func (p *porter) ends(suffix string) bool {
	n := len(p.b) - len(suffix)
	return n >= 0 && string(p.b[n:]) == suffix
}

func (p *porter) cut(n int) { p.b = p.b[:len(p.b)-n] }

func (p *porter) add(s string) { p.b = append(p.b, s...) }

// hasVowel reports a vowel before the last n letters.
func (p *porter) hasVowel(n int) bool {
	for _, c := range p.b[:max(len(p.b)-n, 0)] {
		if vowel(c) {
			return true
		}
	}
	return false
}

// shortSyllable reports that b ends in a vowel between consonants (the last
// neither w, x nor Y), or is a vowel and a consonant.
func shortSyllable(b []byte) bool {
	n := len(b)
	if n >= 3 {
		c := b[n-1]
		if !vowel(c) && c != 'w' && c != 'x' && c != 'Y' && vowel(b[n-2]) && !vowel(b[n-3]) {
			return true
		}
	}
	return n == 2 && vowel(b[0]) && !vowel(b[1]) || n == 4 && string(b) == "past"
}

func (p *porter) shortWord() bool { return p.p1 >= len(p.b) && shortSyllable(p.b) }

func (p *porter) possessive() {
	for _, s := range [...]string{"'s'", "'s", "'"} {
		if p.ends(s) {
			p.cut(len(s))
			return
		}
	}
}

func (p *porter) plural() {
	switch {
	case p.ends("sses"):
		p.cut(2)
	case p.ends("ied"), p.ends("ies"):
		if len(p.b) > 4 {
			p.cut(2)
		} else {
			p.cut(1)
		}
	case p.ends("us"), p.ends("ss"):
	case p.ends("s") && p.hasVowel(2):
		p.cut(1)
	}
}

func (p *porter) pastAndGerund() {
	for _, s := range [...]string{"eedly", "eed"} {
		if p.ends(s) {
			if len(p.b)-len(s) >= p.p1 {
				p.cut(len(s) - 2)
			}
			return
		}
	}
	for _, s := range [...]string{"ingly", "edly", "ing", "ed"} {
		if !p.ends(s) {
			continue
		}
		if !p.hasVowel(len(s)) {
			return
		}
		p.cut(len(s))
		switch n := len(p.b); {
		case p.ends("at"), p.ends("bl"), p.ends("iz"):
			p.add("e")
		case n >= 2 && p.b[n-1] == p.b[n-2] && doubles(p.b[n-1]):
			if n != 3 || p.b[0] != 'a' && p.b[0] != 'e' && p.b[0] != 'o' { // not add, egg, off
				p.cut(1)
			}
		case p.shortWord():
			p.add("e")
		}
		return
	}
}

func doubles(c byte) bool {
	switch c {
	case 'b', 'd', 'f', 'g', 'm', 'n', 'p', 'r', 't':
		return true
	}
	return false
}

func (p *porter) finalY() {
	n := len(p.b)
	if n > 2 && (p.b[n-1] == 'y' || p.b[n-1] == 'Y') && !vowel(p.b[n-2]) {
		p.b[n-1] = 'i'
	}
}

// suffix is a suffix and its replacement; longer ones come first.
type suffix struct{ from, to string }

var porterDerivations = []suffix{
	{"ational", "ate"},
	{"ization", "ize"},
	{"fulness", "ful"},
	{"ousness", "ous"},
	{"iveness", "ive"},
	{"tional", "tion"},
	{"biliti", "ble"},
	{"lessli", "less"},
	{"entli", "ent"},
	{"ation", "ate"},
	{"alism", "al"},
	{"aliti", "al"},
	{"ousli", "ous"},
	{"iviti", "ive"},
	{"fulli", "ful"},
	{"ogist", "og"},
	{"enci", "ence"},
	{"anci", "ance"},
	{"abli", "able"},
	{"izer", "ize"},
	{"ator", "ate"},
	{"alli", "al"},
	{"bli", "ble"},
	{"ogi", "og"},
	{"li", ""},
}

func (p *porter) derivations() {
	for _, s := range porterDerivations {
		if !p.ends(s.from) {
			continue
		}
		at := len(p.b) - len(s.from)
		if at < p.p1 {
			return
		}
		switch s.from {
		case "ogi":
			if at == 0 || p.b[at-1] != 'l' {
				return
			}
		case "li":
			if at == 0 || !validLi(p.b[at-1]) {
				return
			}
		}
		p.cut(len(s.from))
		p.add(s.to)
		return
	}
}

func validLi(c byte) bool {
	switch c {
	case 'c', 'd', 'e', 'g', 'h', 'k', 'm', 'n', 'r', 't':
		return true
	}
	return false
}

var porterMore = []suffix{
	{"ational", "ate"},
	{"tional", "tion"},
	{"alize", "al"},
	{"icate", "ic"},
	{"iciti", "ic"},
	{"ative", ""},
	{"ical", "ic"},
	{"ness", ""},
	{"ful", ""},
}

func (p *porter) moreDerivations() {
	for _, s := range porterMore {
		if !p.ends(s.from) {
			continue
		}
		at := len(p.b) - len(s.from)
		if at < p.p1 || s.from == "ative" && at < p.p2 {
			return
		}
		p.cut(len(s.from))
		p.add(s.to)
		return
	}
}

var porterResidue = []string{
	"ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic",
}

func (p *porter) residue() {
	for _, s := range porterResidue {
		if !p.ends(s) {
			continue
		}
		at := len(p.b) - len(s)
		if at < p.p2 || s == "ion" && (at == 0 || p.b[at-1] != 's' && p.b[at-1] != 't') {
			return
		}
		p.cut(len(s))
		return
	}
}

func (p *porter) finalEL() {
	n := len(p.b)
	switch {
	case p.ends("e") && (n-1 >= p.p2 || n-1 >= p.p1 && !shortSyllable(p.b[:n-1])):
		p.cut(1)
	case p.ends("ll") && n-1 >= p.p2:
		p.cut(1)
	}
}

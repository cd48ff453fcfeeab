package lexical

// Light stemming of Arabic, after light10 (Larkey, Ballesteros and Connell,
// "Light Stemming for Arabic Information Retrieval", 2007), with guards. A
// stem is always a piece of its word. What matters is not that it is a word
// but that all forms of one word come to it and few others do. Words are
// normalised: two bytes a letter, hamza carriers bare, ة is ه, ى is ي.

// letter is the length of an Arabic letter in bytes.
const letter = 2

// stemArabic returns the part of a normalised Arabic word that is indexed, as
// byte offsets.
func (t *tables) stemArabic(word []byte) (lo, hi int) {
	if lo, hi, ok := stemAllah(word); ok {
		return lo, hi
	}
	lo = t.prefix(word)
	return lo, lo + arabicSuffix(word[lo:])
}

// stemAllah joins الله and لله with all that stands before them.
func stemAllah(word []byte) (lo, hi int, ok bool) {
	n := len(word)
	if n < 3*letter || n > 6*letter || string(word[n-3*letter:]) != "لله" {
		return 0, 0, false
	}
	switch string(word[:n-3*letter]) {
	case "", "ا", "وا", "با", "فا", "تا", "و", "ف":
		return n - 3*letter, n, true
	}
	return 0, 0, false
}

// prefix returns how many bytes of particles stand before the word: the
// conjunction و, the article ال, both, and the prepositions that merge with
// the article (بال, كال, لل) or with the conjunction and it (وبال, ولل).
func (t *tables) prefix(word []byte) int {
	if n := t.article(word, 0); n > 0 {
		return n
	}
	if len(word) < 4*letter {
		return 0
	}
	switch string(word[:letter]) {
	case "و":
		if n := t.article(word, letter); n > 0 {
			return n
		}
		if t.ownWaw[string(word[:arabicSuffix(word)])] {
			return 0
		}
		return t.particle(word, letter)
	case "ف":
		if n := t.article(word, letter); n > 0 {
			return n
		}
	}
	return t.particle(word, 0)
}

// article returns where the word begins behind the article that stands at
// word[at:], 0 where there is none or where its letters belong to the word.
func (t *tables) article(word []byte, at int) int {
	rest := word[at:]
	n := 0
	switch {
	case hasPrefix(rest, "ال") && len(rest) >= 4*letter:
		n = 2 * letter
	case hasPrefix(rest, "لل") && len(rest) >= 4*letter:
		n = 2 * letter
	case (hasPrefix(rest, "بال") || hasPrefix(rest, "كال") || hasPrefix(rest, "فال")) && len(rest) >= 5*letter:
		n = 3 * letter
	}
	if n == 0 {
		return 0
	}
	if n == 2*letter {
		if t.ownAl[string(rest[:arabicSuffix(rest)])] {
			return 0
		}
		return at + n
	}
	if t.ownParticle[string(rest[:arabicSuffix(rest)])] {
		return 0 // بالغ
	}
	if own := rest[letter:]; t.ownAl[string(own[:arabicSuffix(own)])] {
		return at + letter // بألمانيا
	}
	return at + n
}

func hasPrefix(b []byte, s string) bool { return len(b) >= len(s) && string(b[:len(s)]) == s }

func hasSuffix(b []byte, s string) bool { return len(b) >= len(s) && string(b[len(b)-len(s):]) == s }

// arabicSuffixes are the endings that are taken off, with the letters that
// must be left. Longer ones stand before the ones that they end in.
var arabicSuffixes = []struct {
	ending  string
	least   int
	pronoun bool
}{
	{"هما", 3, true},
	{"تها", 3, true},
	{"تهم", 3, true},
	{"ها", 3, true},
	{"هم", 4, true},
	{"هن", 4, true},
	{"كم", 4, true},
	{"ته", 3, true},
	{"تين", 3, false},
	{"تان", 3, false},
	{"ات", 2, false},
	{"ان", 4, false},
	{"ون", 4, false},
	{"وا", 3, false},
	{"ين", 3, false},
	{"ه", 2, true},
	{"ي", 3, false},
	{"ت", 3, false},
	{"ا", 3, false},
}

// arabicSuffix returns the length of word without its endings. It takes one
// off at a time, so that every form meets the others on the way: لبنانيون,
// لبناني.
func arabicSuffix(word []byte) int {
	n := len(word)
again:
	for _, s := range arabicSuffixes {
		if n >= 4*letter {
			switch string(word[n-2*letter : n]) {
			case "اء", "اي", "او":
				return n - letter // بناء, بنائه, بناؤه
			}
		}
		k := n - len(s.ending)
		if k < s.least*letter || !hasSuffix(word[:n], s.ending) {
			continue
		}
		if s.ending == "ين" && k == 3*letter && hasPrefix(word, "ت") {
			continue // تحسين, تكوين: no plural
		}
		n = k
		goto again
	}
	return n
}

// particle returns where the word begins behind a preposition, ب, ك or ل,
// that stands at word[at:]; at where there is none. Every word of four letters
// that begins so is taken for one, unless it is known to begin so itself.
func (t *tables) particle(word []byte, at int) int {
	rest := word[at:]
	if len(rest) < 4*letter {
		return at
	}
	switch string(rest[:letter]) {
	case "ب", "ك", "ل":
	default:
		return at
	}
	if hasPrefix(rest[letter:], "ال") && t.ownAl[string(rest[letter:][:arabicSuffix(rest[letter:])])] {
		return at + letter // بألمانيا
	}
	if t.ownParticle[string(rest[:arabicSuffix(rest)])] {
		return at
	}
	return at + letter
}

package lexical

// An Arabic word can be read in more than one way: بطريق is "by road" and
// "penguin", للجنة is "for the committee" and "for paradise". The index has every
// reading that the letters allow, with a weight, in two namespaces: the stem, which
// joins all forms of a word and some forms of other words, and the form, which is
// the word without particles but with all its endings. A question asks for both, so
// that a passage with the word itself ranks above one with a word of the same stem.

// reading is the part of a word that is left behind its particles.
type reading struct {
	lo     int     // where it begins in the word, in bytes
	weight float32 // how likely it is, above 0 to 1
}

// Weights of readings: of a word that certainly begins with its own letter, and of
// one that may not.
const (
	ownRest  = 0.25 // بطريق, listed: the rest behind its first letter
	wawWhole = 0.5  // وطريق: و is a conjunction unless it is known not to be
	bareB    = 0.8  // بمبادرة: ب and ل are prepositions unless known not to be
	restB    = 0.95
	restWaw  = 0.97
	restK    = 0.7 // كمبادرة: ك rarely is one
	restF    = 0.4 // فمبادرة: nor ف a conjunction
	lamWhole = 0.6 // للجنة: لجنة, where no noun in ل is known
)

// maxReadings bounds the readings of one word.
const maxReadings = 4

// readings returns how a normalised Arabic word may be read, the likeliest
// first.
func (t *tables) readings(word []byte) (r [maxReadings]reading, n int) {
	add := func(lo int, weight float32) {
		if n < maxReadings {
			r[n] = reading{lo, weight}
			n++
		}
	}
	if lo, _, ok := stemAllah(word); ok {
		add(lo, 1)
		return r, n
	}
	if t.article(word, 0, 1, add) {
		return r, n
	}
	if len(word) < 4*letter {
		add(0, 1)
		return r, n
	}
	switch string(word[:letter]) {
	case "و":
		if t.article(word, letter, 1, add) {
			return r, n
		}
		if t.begins(t.ownWaw, word) {
			add(0, 1)
			t.particle(word, letter, ownRest, add)
			return r, n
		}
		t.particle(word, letter, restWaw, add)
		add(0, wawWhole)
		return r, n
	case "ف":
		if t.article(word, letter, 1, add) {
			return r, n
		}
		add(0, 1)
		if t.begins(t.ownParticle, word) {
			t.particle(word, letter, ownRest, add)
		} else {
			t.particle(word, letter, restF, add)
		}
		return r, n
	}
	t.particle(word, 0, 1, add)
	return r, n
}

// article adds the readings of word[at:], which begins with the article, alone
// or merged with a preposition; false where it does not.
func (t *tables) article(word []byte, at int, weight float32, add func(int, float32)) bool {
	rest := word[at:]
	switch {
	case hasPrefix(rest, "ال") && len(rest) >= 4*letter:
		if t.begins(t.ownAl, rest) {
			add(at, weight)
		} else {
			add(at+2*letter, weight)
		}
	case hasPrefix(rest, "لل") && len(rest) >= 4*letter:
		// ل before a word in ل writes two of the three: للجنة is ل and اللجنة.
		lam := rest[letter:]
		if t.begins(t.ownParticle, lam) {
			add(at+letter, weight)
			add(at+2*letter, weight*ownRest)
		} else {
			add(at+2*letter, weight)
			add(at+letter, weight*lamWhole)
		}
	case (hasPrefix(rest, "بال") || hasPrefix(rest, "كال") || hasPrefix(rest, "فال")) && len(rest) >= 5*letter:
		own := rest[letter:]
		switch {
		case t.begins(t.ownParticle, rest):
			add(at, weight) // بالغ
			add(at+3*letter, weight*ownRest)
		case t.begins(t.ownAl, own):
			add(at+letter, weight) // بألمانيا
		default:
			add(at+3*letter, weight)
		}
	default:
		return false
	}
	return true
}

// particle adds the readings of word[at:] with and without the preposition that
// it may begin with, ب, ك or ل.
func (t *tables) particle(word []byte, at int, weight float32, add func(int, float32)) {
	rest := word[at:]
	if len(rest) < 4*letter {
		add(at, weight)
		return
	}
	var whole, bare float32
	switch string(rest[:letter]) {
	case "ب", "ل":
		whole, bare = bareB, restB
	case "ك":
		whole, bare = 1, restK
	default:
		add(at, weight)
		return
	}
	own := rest[letter:]
	switch {
	case hasPrefix(own, "ال") && t.begins(t.ownAl, own):
		add(at+letter, weight) // لألمانيا
	case t.begins(t.ownParticle, rest):
		add(at, weight)
		add(at+letter, weight*ownRest)
	case whole < bare:
		add(at+letter, weight*bare)
		add(at, weight*whole)
	default:
		add(at, weight*whole)
		add(at+letter, weight*bare)
	}
}

// begins reports whether the list holds the word with one ending or none.
func (t *tables) begins(list map[string]bool, word []byte) bool {
	n := t.arabicSuffix(word)
	return list[string(word[:n])] && (len(word)-n <= 2*letter || isEnding(word[n:]))
}

func isEnding(b []byte) bool {
	for _, e := range arabicEndings {
		if string(b) == e.text {
			return true
		}
	}
	return false
}

// Form returns the word behind its particles, with all its endings, in its
// likeliest reading.
func (a *Analyzer) Form(t Term) string {
	if t.Script != Arabic {
		return t.Word
	}
	r, _ := a.tables.readings([]byte(t.Word))
	return t.Word[r[0].lo:]
}

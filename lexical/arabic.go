package lexical

// Light stemming of Arabic, after light10 (Larkey, Ballesteros and Connell, "Light
// Stemming for Arabic Information Retrieval", 2007), with guards. A stem is always
// a part of its word. It need not be a word. What matters is that all forms of one
// word have the same stem, and few other words have it. Words are normalised: two
// bytes a letter, hamza carriers bare, ة is ه, ى is ي.

// letter is the length of an Arabic letter in bytes.
const letter = 2

// stemArabic returns the stem of a normalised Arabic word in its likeliest
// reading, as byte offsets.
func (t *tables) stemArabic(word []byte) (lo, hi int) {
	if lo, hi, ok := stemAllah(word); ok {
		return lo, hi
	}
	r, _ := t.readings(word)
	return r[0].lo, r[0].lo + t.arabicSuffix(word[r[0].lo:])
}

// stemAllah joins الله and لله with all particles before them.
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

func hasPrefix(b []byte, s string) bool { return len(b) >= len(s) && string(b[:len(s)]) == s }

func hasSuffix(b []byte, s string) bool { return len(b) >= len(s) && string(b[len(b)-len(s):]) == s }

// arabicSuffixes are the endings that are removed, with the number of letters that
// must remain. Longer ones come before the ones that they end in.
var arabicSuffixes = []arabicEnding{
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
	{"وون", 3, false},
	{"ون", 3, false},
	{"وا", 3, false},
	{"ين", 3, false},
	{"ه", 2, true},
	{"ي", 3, false},
	{"ت", 3, false},
	{"ا", 3, false},
}

type arabicEnding struct {
	ending  string
	least   int
	pronoun bool
}

// suffixesByLast are the endings by their last byte.
var suffixesByLast = func() (by [256][]arabicEnding) {
	for _, s := range arabicSuffixes {
		last := s.ending[len(s.ending)-1]
		by[last] = append(by[last], s)
	}
	return by
}()

// arabicSuffix returns the length of word without its endings. It removes one
// ending at a time, so that different forms reach the same stem: لبنانيون, لبناني.
func (t *tables) arabicSuffix(word []byte) int {
	n := len(word)
again:
	if n >= 4*letter {
		switch string(word[n-2*letter : n]) {
		case "اء", "اي", "او":
			return n - letter // بناء, بنائه, بناؤه
		}
	}
	if n == 0 {
		return n
	}
	for _, s := range suffixesByLast[word[n-1]] {
		k := n - len(s.ending)
		if k < s.least*letter || !hasSuffix(word[:n], s.ending) {
			continue
		}
		switch s.ending {
		case "ين":
			if k == 3*letter && hasPrefix(word, "ت") {
				continue // تحسين, تكوين: no plural
			}
		case "ون":
			if k == 3*letter && string(word[letter:2*letter]) != "ا" && string(word[2*letter:k]) != "ي" {
				continue // مضمون; but باقون and فنيون are plurals
			}
		}
		if len(s.ending) == 2*letter && t.ownEndings[string(word[:n])] {
			return n
		}
		n = k
		goto again
	}
	return n
}

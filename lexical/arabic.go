package lexical

// stemArabic returns the part of a normalised Arabic word (two bytes a letter)
// that is indexed, as byte offsets.
func stemArabic(word []byte) (lo, hi int) {
	lo, hi = 0, len(word)
	w := func(a, b int) string { return string(word[a:b]) }
	// conjunction
	if hi-lo >= 8 && w(lo, lo+2) == "و" {
		lo += 2
	}
	for _, p := range [...]string{"ال", "بال", "كال", "فال", "لل"} {
		if hi-lo >= len(p)+4 && w(lo, lo+len(p)) == p {
			lo += len(p)
			break
		}
	}
	for _, suf := range [...]string{"ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"} {
		if hi-lo >= len(suf)+4 && w(hi-len(suf), hi) == suf {
			hi -= len(suf)
		}
	}
	return lo, hi
}

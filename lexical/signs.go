package lexical

// Some words are written with signs or joined by them; cutting there would lose
// them: C++, C#, .NET, AT&T, R&D, e-mail, l'Abbé.

// maxGlued is the longest part, in letters, that a sign belongs to.
const maxGlued = 3

// withSigns widens the Latin word buf[lo:hi], which ends its segment, over the
// signs that belong to it.
func (s *scanner) withSigns(lo, hi int) (int, int) {
	b := s.buf
	if string(b[lo:hi]) == "net" && lo > 0 && b[lo-1] == '.' && (lo == 1 || b[lo-2] == ' ' || b[lo-2] == '(') {
		return lo - 1, hi
	}
	if hi-lo > maxGlued || hi+1 > len(b) {
		return lo, hi
	}
	rest := b[hi:]
	switch {
	case hasPrefix(rest, "++"):
		hi += 2
	case rest[0] == '#' && hi-lo == 1 && (len(rest) == 1 || !alphanumeric(rest[1])):
		hi++
	case rest[0] == '&':
		end := letters(b, hi+1)
		if n := end - hi - 1; n == 0 || n > maxGlued {
			return lo, hi
		}
		hi = end
	default:
		return lo, hi
	}
	s.skip = hi
	return lo, hi
}

func letters(b []byte, at int) int {
	for at < len(b) && b[at] >= 'a' && b[at] <= 'z' {
		at++
	}
	return at
}

// joiners are first parts that are written with a hyphen or without: e-mail,
// co-operation.
var joiners = map[string]bool{
	"e": true, "x": true, "t": true, "co": true, "re": true, "pre": true, "post": true, "non": true, "anti": true, "multi": true,
	"semi": true, "sub": true, "bi": true, "inter": true, "micro": true, "mini": true, "cyber": true, "eco": true, "bio": true, "geo": true,
}

// joined adds the word that a hyphen joins to buf[lo:hi], in one piece and its
// second part alone; false where there is none.
func (s *scanner) joined(lo, hi int) bool {
	b := s.buf
	if hi >= len(b) || b[hi] != '-' || !joiners[string(b[lo:hi])] {
		return false
	}
	end := letters(b, hi+1)
	if end-hi < 3 || end < len(b) && b[end] >= 0x80 {
		return false
	}
	// The first part moves over the hyphen; what it leaves behind is not read.
	copy(b[lo+1:hi+1], b[lo:hi])
	copy(s.from[lo+1:hi+1], s.from[lo:hi])
	copy(s.to[lo+1:hi+1], s.to[lo:hi])
	s.add(lo+1, end, Latin)
	if first := string(b[lo+1 : hi+1]); first != "co" && first != "re" { // co-operation is not an operation
		s.add(hi+1, end, Latin)
	}
	s.skip = end
	return true
}

// elided returns where the word buf[lo:hi] begins behind a French article or
// pronoun: l'Abbé, d'Estaing.
func (s *scanner) elided(lo, hi int) int {
	at := lo + 1
	if hasPrefix(s.buf[lo:hi], "qu'") {
		at++
	}
	if hi-at < 4 || s.buf[at] != '\'' {
		return lo
	}
	switch s.buf[lo] {
	case 'l', 'd', 'j', 'm', 'n', 's', 't', 'c', 'q':
	default:
		return lo
	}
	switch s.buf[at+1] {
	case 'a', 'e', 'i', 'o', 'u', 'y', 'h':
		return at + 1
	}
	return lo
}

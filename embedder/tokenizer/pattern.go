package tokenizer

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// pattern is a regular expression of the reference's engine (Oniguruma with
// Ruby's syntax), translated to Go's, which takes linear time.
type pattern struct {
	*regexp.Regexp
	letter    func(rune) bool // not nil: the pattern is a set of letters and matches one
	lookahead bool            // group 1 is a run of white space; see segments
}

const maxPatternBytes = 16 << 10

// spaceTail ends the patterns of GPT-2 and its kin: a run of white space gives
// its last letter to the word that follows it. Go's engine has no lookahead,
// so the run is matched whole and given back by segments.
const (
	spaceTail = `\s+(?!\S)|\s+`
	spaceRun  = `(\s+)` // in its place
)

// Classes that mean all of Unicode in the reference and only ASCII in Go.
const (
	spaceClass = `\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}`
	wordClass  = `\p{L}\p{M}\p{N}\p{Pc}\x{24B6}-\x{24E9}`
)

// translatePattern refuses syntax that Go's engine does not support, syntax with
// another meaning in it, and patterns that may match the empty text.
func translatePattern(source string) (*pattern, error) {
	if len(source) > maxPatternBytes || !utf8.ValidString(source) {
		return nil, fmt.Errorf("%w: a pattern of %d bytes that is not text or longer than %d", ErrFormat, len(source), maxPatternBytes)
	}
	refuse := func(why string) (*pattern, error) {
		return nil, fmt.Errorf("%w: pattern %q: %s", ErrFormat, clip(source), why)
	}
	p := &pattern{}
	rest := source
	if head, ok := strings.CutSuffix(source, spaceTail); ok && (head == "" || strings.HasSuffix(head, "|")) {
		p.lookahead = true
		rest = head + spaceRun
	}
	var out strings.Builder
	class := false
	for len(rest) > 0 {
		switch c := rest[0]; {
		case c == '\\':
			if len(rest) == 1 {
				return refuse("ends in a backslash")
			}
			text, n, why := translateEscape(rest, class)
			if why != "" {
				return refuse(why)
			}
			out.WriteString(text)
			rest = rest[n:]
			continue
		case class && c == '[':
			return refuse("a set within a set")
		case class && strings.HasPrefix(rest, "&&"):
			return refuse("a cut of sets")
		case c == '[':
			class = true
			out.WriteByte('[')
			rest = rest[1:]
			if strings.HasPrefix(rest, "^") {
				out.WriteByte('^')
				rest = rest[1:]
			}
			if strings.HasPrefix(rest, "]") {
				return refuse("a set that begins with ]")
			}
			continue
		case class && c == ']':
			class = false
		case !class && strings.HasPrefix(rest, "(?") && !strings.HasPrefix(rest, "(?:") && !strings.HasPrefix(rest, "(?i:"):
			return refuse("a group that is neither (?:…) nor (?i:…)")
		case !class && p.lookahead && c == '(' && !strings.HasPrefix(rest, "(?") && rest != spaceRun:
			return refuse("groups before a lookahead")
		case !class && (c == '^' || c == '$'):
			// Ruby's anchors hold at every line.
			out.WriteString("(?m:" + string(c) + ")")
			rest = rest[1:]
			continue
		case !class && (c == '+' || c == '?' || c == '*' || c == '}') && len(rest) > 1 && rest[1] == '+':
			return refuse("a possessive repeat")
		}
		out.WriteByte(rest[0])
		rest = rest[1:]
	}
	tree, err := syntax.Parse(out.String(), syntax.Perl)
	if err != nil {
		return refuse(err.Error())
	}
	if shortest(tree) == 0 {
		return refuse("may match nothing")
	}
	if p.Regexp, err = regexp.Compile(out.String()); err != nil {
		return refuse(err.Error())
	}
	p.letter = letterSet(tree)
	return p, nil
}

func translateEscape(s string, class bool) (text string, n int, why string) {
	wrap := func(set string, negated bool) (string, int, string) {
		switch {
		case class && negated:
			return "", 0, `the set \` + s[1:2] + ` within a set`
		case class:
			return set, 2, ""
		case negated:
			return "[^" + set + "]", 2, ""
		}
		return "[" + set + "]", 2, ""
	}
	switch c := s[1]; c {
	case 's', 'S':
		if class && c == 'S' {
			return "", 0, `\S within a set`
		}
		return wrap(spaceClass, c == 'S')
	case 'w', 'W':
		return wrap(wordClass, c == 'W')
	case 'd':
		return `\p{Nd}`, 2, ""
	case 'D':
		return `\P{Nd}`, 2, ""
	case 'u':
		if len(s) < 6 {
			return "", 0, `\u without four digits`
		}
		return `\x{` + s[2:6] + `}`, 6, ""
	case 'x', 'p', 'P':
		if end := strings.IndexByte(s, '}'); len(s) > 2 && s[2] == '{' && end > 0 {
			return s[:end+1], end + 1, ""
		}
		return "", 0, `\` + string(c) + ` without braces`
	case 'n', 'r', 't', 'f', 'v', 'a':
		return s[:2], 2, ""
	}
	if c := s[1]; c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
		return "", 0, `\` + string(rune(c)) + ` is not known`
	}
	return s[:2], 2, ""
}

// shortest is the least number of letters that a match has.
func shortest(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return shortest(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min * shortest(re.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, sub := range re.Sub {
			n += shortest(sub)
		}
		return n
	case syntax.OpAlternate:
		n := shortest(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			n = min(n, shortest(sub))
		}
		return n
	}
	return 0
}

// letterSet gives the set when the pattern is nothing else.
func letterSet(re *syntax.Regexp) func(rune) bool {
	switch {
	case re.Op == syntax.OpLiteral && len(re.Rune) == 1 && re.Flags&syntax.FoldCase == 0:
		only := re.Rune[0]
		return func(r rune) bool { return r == only }
	case re.Op == syntax.OpCharClass && len(re.Rune) > 0:
		ranges := re.Rune // pairs, ascending
		first, last := ranges[0], ranges[len(ranges)-1]
		return func(r rune) bool {
			if r < first || r > last {
				return false
			}
			low, high := 0, len(ranges)/2
			for low < high {
				mid := (low + high) / 2
				if r > ranges[2*mid+1] {
					low = mid + 1
				} else {
					high = mid
				}
			}
			return low < len(ranges)/2 && ranges[2*low] <= r
		}
	}
	return nil
}

// segments appends the stretches of word that p matches and those between.
func (p *pattern) segments(dst []segment, word []byte) []segment {
	last := 0
	for at := 0; at < len(word); {
		m := p.FindSubmatchIndex(word[at:])
		if m == nil {
			break
		}
		start, end := at+m[0], at+m[1]
		if p.lookahead && m[2] >= 0 && end < len(word) {
			if _, n := utf8.DecodeLastRune(word[start:end]); n < end-start {
				end -= n
			}
		}
		if last < start {
			dst = append(dst, segment{start, false})
		}
		dst = append(dst, segment{end, true})
		last, at = end, end
	}
	if last < len(word) {
		dst = append(dst, segment{len(word), false})
	}
	return dst
}

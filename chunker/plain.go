package chunker

import "strings"

// Plain returns text without the marks of structure: the # of headings, fences of
// code and the rules of tables. It is for models; offsets are not kept.
func Plain(text string) string {
	if !strings.ContainsAny(text, "#|`~") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	changed := false
	for at := 0; at < len(text); {
		end := lineEnd(text, at)
		line := text[at:end]
		at = end
		trimmed := strings.TrimSpace(line)
		mark, _, _ := fence(line)
		switch {
		case strings.Contains(trimmed, "\n"): // a mark behind the break
		case mark != 0 || isDelimiter(line):
			changed = true
			continue
		case headingLevel(trimmed) > 0:
			changed = true
			line = headingText(trimmed) + "\n"
		}
		b.WriteString(line)
	}
	if !changed {
		return text
	}
	return b.String()
}

// Opening returns how many headings of a passage's path, counted from the
// innermost, are the first lines of its own text.
func Opening(text string, headings []string) int {
	if len(headings) == 0 || !strings.HasPrefix(text, "#") {
		return 0
	}
	own := map[string]bool{}
	for at := 0; at < len(text); {
		end := lineEnd(text, at)
		line := strings.TrimSpace(text[at:end])
		if line != "" && headingLevel(line) == 0 {
			break
		}
		own[headingText(line)] = true
		at = end
	}
	n := 0
	for n < len(headings) && own[headings[len(headings)-1-n]] {
		n++
	}
	return n
}

package chunker

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits for headings, in bytes: a longer line is not a heading, and a path keeps
// that much of each heading.
const (
	maxHeadingLine = 400
	maxHeadingPath = 200
)

// headingLevel returns 1 to 6 for a line in Markdown's form, "## Title", and 0 for
// other lines.
func headingLevel(line string) int {
	level := 0
	for level < len(line) && line[level] == '#' {
		level++
	}
	if level == 0 || level > 6 || len(line) > maxHeadingLine || level == len(line) || line[level] != ' ' && line[level] != '\t' {
		return 0
	}
	if headingText(line) == "" {
		return 0
	}
	return level
}

// headingText returns a heading without its marks.
func headingText(line string) string {
	line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "#"))
	if bare := strings.TrimRight(line, "#"); bare != line && (bare == "" || bare[len(bare)-1] == ' ') {
		line = strings.TrimSpace(bare)
	}
	if len(line) <= maxHeadingPath {
		return line
	}
	at := maxHeadingPath
	for at > 0 && !utf8.RuneStart(line[at]) {
		at--
	}
	return strings.TrimSpace(line[:at]) + "…"
}

// path is the path of headings at the current place in the text.
type path struct {
	levels [6]string
	list   []string // of levels; nil: to be made
}

func (p *path) enter(level int, heading string) {
	p.levels[level-1] = heading
	clear(p.levels[level:])
	p.list = nil
}

// headings returns the path, outermost heading first. Callers share the slice.
func (p *path) headings() []string {
	if p.list == nil {
		for _, h := range p.levels {
			if h != "" {
				p.list = append(p.list, h)
			}
		}
	}
	return p.list
}

// maxHeading is the largest number of tokens of a line that looks like a heading.
const maxHeading = 12

// looksLikeHeading reports whether a separate line looks like a heading: a short
// line that ends with a colon or without a punctuation mark.
func looksLikeHeading(line string) bool {
	if strings.HasPrefix(line, "#") {
		return true
	}
	if line == "" || strings.HasPrefix(line, "-") || strings.HasPrefix(line, "*") || strings.HasPrefix(line, "•") {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(line)
	return last == ':' || unicode.IsLetter(last) || unicode.IsMark(last)
}

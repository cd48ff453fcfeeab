package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	dalilv1 "dalil/proto/dalil/v1"
)

// renderer prints answers for people.
type renderer struct {
	out      *bufio.Writer
	terminal bool
	width    int
	full     bool
}

// plainWidth is the line length where the output is no terminal.
const plainWidth = 100

func newRenderer(w io.Writer, full bool) *renderer {
	r := &renderer{out: bufio.NewWriter(w), width: plainWidth, full: full}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		r.terminal = true
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			r.width = max(min(columns, 120), 40)
		}
	}
	return r
}

// shownLines is how much of a passage is printed without --full.
const shownLines = 4

func (r *renderer) answer(answer *dalilv1.SearchResponse) error {
	for _, arm := range answer.GetDegradedArms() {
		fmt.Fprintf(r.out, "The %s arm could not answer; the ranking stands without it.\n", armName(arm))
	}
	if len(answer.GetPassages()) == 0 {
		fmt.Fprintln(r.out, "Nothing was found.")
	} else {
		fmt.Fprintf(r.out, "%s\n", r.dim(fmt.Sprintf("%3s  %7s  %7s  %7s  %8s  %s", "#", "score", "dense", "lexical", "coverage", "document")))
	}
	for _, p := range answer.GetPassages() {
		r.passage(p)
	}
	if d := answer.GetDebug(); d != nil {
		r.debug(answer, d)
	}
	return r.out.Flush()
}

func (r *renderer) passage(p *dalilv1.Passage) {
	s := p.GetScores()
	fmt.Fprintf(r.out, "%3d  %7.3f  %7s  %7s  %8s  %s\n", p.GetRank(), s.GetFused(),
		number(s.Dense, 3), number(s.Lexical, 2), number(s.Coverage, 2), r.name(p.GetDocument()))
	const indent = 5
	lines := wrap(p.GetText(), spans(p.GetHighlights()), r.width-indent)
	first, last := 0, len(lines)
	if !r.full && len(lines) > shownLines {
		first = densest(lines, shownLines)
		last = first + shownLines
	}
	rtl := rightToLeft(p.GetText())
	for i := first; i < last; i++ {
		line := r.marked(lines[i])
		if i == first && first > 0 {
			line = "… " + line
		}
		if i == last-1 && last < len(lines) {
			line += " …"
		}
		fmt.Fprintf(r.out, "%*s%s\n", indent, "", r.isolated(line, rtl))
	}
}

func (r *renderer) name(d *dalilv1.Document) string {
	name := d.GetDocumentId()
	if title := d.GetTitle(); title != "" {
		name += "  " + r.isolated(r.bold(oneLine(title)), rightToLeft(title))
	}
	return name
}

func number(v *float32, digits int) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%.*f", digits, *v)
}

func (r *renderer) debug(answer *dalilv1.SearchResponse, d *dalilv1.SearchDebug) {
	fmt.Fprintln(r.out)
	for _, e := range d.GetExplanations() {
		var found []string
		if e.GetHeld() {
			found = append(found, fmt.Sprintf("%s %.2f", e.GetTerm(), e.GetWeight()))
		}
		for _, t := range e.GetTranslations() {
			if t.GetSound() {
				found = append(found, fmt.Sprintf("≈ %s %.2f (sound)", t.GetTerm(), t.GetWeight()))
				continue
			}
			found = append(found, fmt.Sprintf("%s %.2f", t.GetTerm(), t.GetWeight()))
		}
		if len(found) == 0 {
			found = []string{"not in the index"}
		}
		fmt.Fprintf(r.out, "%s → %s\n", e.GetWord(), strings.Join(found, ", "))
	}
	for _, t := range answer.GetTimings() {
		stage := strings.ToLower(strings.TrimPrefix(t.GetStage().String(), "STAGE_"))
		fmt.Fprintf(r.out, "%-8s %v\n", stage, t.GetDuration().AsDuration().Round(time.Microsecond))
	}
}

// Escape sequences of ECMA-48, for terminals only.
const (
	escapeBold  = "\x1b[1m"
	escapeDim   = "\x1b[2m"
	escapeMatch = "\x1b[1;33m"
	escapeReset = "\x1b[0m"
)

func (r *renderer) bold(s string) string { return r.styled(escapeBold, s) }
func (r *renderer) dim(s string) string  { return r.styled(escapeDim, s) }

func (r *renderer) styled(escape, s string) string {
	if !r.terminal {
		return s
	}
	return escape + s + escapeReset
}

// marked shows the matched words: in colour on a terminal, in brackets
// elsewhere.
func (r *renderer) marked(l line) string {
	before, after := "[", "]"
	if r.terminal {
		before, after = escapeMatch, escapeReset
	}
	var b strings.Builder
	at := 0
	for _, m := range l.marks {
		b.WriteString(l.text[at:m.start])
		b.WriteString(before)
		b.WriteString(l.text[m.start:m.end])
		b.WriteString(after)
		at = m.end
	}
	b.WriteString(l.text[at:])
	return b.String()
}

// isolated keeps the direction of a line from reaching its neighbours: a
// terminal that orders text by the Unicode bidirectional algorithm (UAX 9)
// shows the Arabic from the right and the numbers beside it where they belong.
func (r *renderer) isolated(s string, rtl bool) string {
	const leftToRightIsolate, rightToLeftIsolate, pop = "\u2066", "\u2067", "\u2069"
	switch {
	case !r.terminal:
		return s
	case rtl:
		return rightToLeftIsolate + s + pop
	}
	return leftToRightIsolate + s + pop
}

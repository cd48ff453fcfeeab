package main

import (
	"bufio"
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	dalilv1 "dalil/proto/dalil/v1"
)

// renderer prints answers for people.
type renderer struct {
	screen
	out  *bufio.Writer
	full bool
}

func newRenderer(s streams, full bool) *renderer {
	return &renderer{screen: screenOf(s.out, s.environment), out: bufio.NewWriter(s.out), full: full}
}

// shownLines is how many lines of a passage are printed without --full.
const shownLines = 4

func (r *renderer) answer(answer *dalilv1.SearchResponse) error {
	for _, arm := range answer.GetDegradedArms() {
		fmt.Fprintf(r.out, "The %s arm did not answer, so the ranking is without it.\n", armName(arm))
	}
	for _, stage := range answer.GetDegradedStages() {
		if stage == dalilv1.Stage_STAGE_RERANK {
			fmt.Fprintln(r.out, "The reranker did not answer, so the order is the one without it.")
		}
	}
	if e := answer.GetEvidence(); e != dalilv1.Evidence_EVIDENCE_UNSPECIFIED && e != dalilv1.Evidence_EVIDENCE_UNKNOWN {
		fmt.Fprintf(r.out, "%s\n", evidenceLine(e))
	}
	if len(answer.GetPassages())+len(answer.GetGroups()) == 0 {
		fmt.Fprintln(r.out, "Nothing was found.")
	} else {
		fmt.Fprintf(r.out, "%s\n", r.dim(r.row("#", "relevance", "score", "dense", "lexical", "coverage", "document")))
	}
	for _, p := range answer.GetPassages() {
		r.passage(p)
		r.repeated(p)
	}
	r.groups(answer.GetGroups())
	r.facets(answer.GetFacets())
	if d := answer.GetDebug(); d != nil {
		r.debug(answer, d)
	}
	return r.out.Flush()
}

func (r *renderer) passage(p *dalilv1.Passage) {
	s := p.GetScores()
	fused := s.GetFused()
	fmt.Fprintln(r.out, r.row(strconv.Itoa(int(p.GetRank())), number(p.Relevance, 2), number(&fused, 3),
		number(s.Dense, 3), number(s.Lexical, 2), number(s.Coverage, 2), r.name(p)))
	const indent, ellipsis = 5, 2
	if path := r.headingPath(p); path != "" {
		fmt.Fprintf(r.out, "%*s%s\n", indent, "", path)
	}
	text := p.GetText()
	if text == "" { // another view than full
		text = p.GetSnippet()
	}
	if text == "" {
		return
	}
	lines := wrap(text, spans(p.GetHighlights()), r.width-indent-ellipsis, r.markWidth())
	first, last := 0, len(lines)
	if !r.full && len(lines) > shownLines {
		first = densest(lines, shownLines)
		last = first + shownLines
	}
	rtl := rightToLeft(text)
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

// row formats one line of the table. On a narrow terminal, the scores of the arms are left out.
func (r *renderer) row(rank, relevance, fused, dense, lexical, coverage, document string) string {
	if r.width < 70 {
		return fmt.Sprintf("%3s  %9s  %s", rank, relevance, document)
	}
	return fmt.Sprintf("%3s  %9s  %7s  %7s  %7s  %8s  %s", rank, relevance, fused, dense, lexical, coverage, document)
}

// headingPath returns the headings above a passage that are neither the title nor in
// the passage's own text.
func (r *renderer) headingPath(p *dalilv1.Passage) string {
	var path []string
	for _, h := range p.GetHeadingPath() {
		if h = oneLine(h); h != oneLine(p.GetDocument().GetTitle()) && !strings.Contains(p.GetText(), "# "+h) {
			path = append(path, h)
		}
	}
	if len(path) == 0 {
		return ""
	}
	joined := strings.Join(path, " › ")
	return r.isolated(r.dim(joined), rightToLeft(joined))
}

// name returns the id of a passage's document with its title or, if it has none, its
// source.
func (r *renderer) name(p *dalilv1.Passage) string {
	d := p.GetDocument()
	id := oneLine(cmp.Or(p.GetDocumentId(), d.GetDocumentId())) // older servers set the second
	name := r.apart(id)
	switch title, source := oneLine(d.GetTitle()), oneLine(d.GetSource()); {
	case title != "":
		name += "  " + r.isolated(r.bold(title), rightToLeft(title))
	case source != "" && source != id:
		name += "  " + r.apart(r.dim(source))
	}
	return name
}

// evidenceLine says whether the passages answer the question.
func evidenceLine(e dalilv1.Evidence) string {
	switch e {
	case dalilv1.Evidence_EVIDENCE_SUFFICIENT:
		return "Evidence: sufficient. A passage very likely answers the question."
	case dalilv1.Evidence_EVIDENCE_WEAK:
		return "Evidence: weak. A passage may answer the question."
	}
	return "Evidence: none. No passage seems to answer the question."
}

func number(v *float32, digits int) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%.*f", digits, *v)
}

func (r *renderer) debug(answer *dalilv1.SearchResponse, d *dalilv1.SearchDebug) {
	if q := answer.GetInterpretedQuery(); q != "" {
		fmt.Fprintf(r.out, "searched for: %s\n", r.isolated(oneLine(q), rightToLeft(q)))
	}
	fmt.Fprintln(r.out)
	for _, e := range d.GetExplanations() {
		var found []string
		term := func(s string) string { return r.isolated(oneLine(s), rightToLeft(s)) }
		if e.GetHeld() {
			found = append(found, fmt.Sprintf("%s %.2f", term(e.GetTerm()), e.GetWeight()))
		}
		for _, t := range e.GetTranslations() {
			if t.GetSound() {
				found = append(found, fmt.Sprintf("≈ %s %.2f (sound)", term(t.GetTerm()), t.GetWeight()))
				continue
			}
			found = append(found, fmt.Sprintf("%s %.2f", term(t.GetTerm()), t.GetWeight()))
		}
		if len(found) == 0 {
			found = []string{"not in the index"}
		}
		fmt.Fprintf(r.out, "%s → %s\n", term(e.GetWord()), strings.Join(found, ", "))
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
	if !r.colour {
		return s
	}
	return escape + s + escapeReset
}

// markWidth returns how many columns the marking of a word takes.
func (r *renderer) markWidth() int {
	if r.colour {
		return 0
	}
	return len("[]")
}

// marked highlights the matched words: in colour if the output supports it,
// otherwise in brackets.
func (r *renderer) marked(l line) string {
	before, after := "[", "]"
	if r.colour {
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

// apart isolates a name that has letters written from right to left. Other names
// stay as they are, so that ids can be copied from the terminal.
func (r *renderer) apart(s string) string {
	if !strings.ContainsFunc(s, func(c rune) bool { return rightToLeft(string(c)) }) {
		return s
	}
	return r.isolated(s, rightToLeft(s))
}

// isolated prevents the direction of a text from affecting its neighbours: a
// terminal that orders text by the Unicode bidirectional algorithm (UAX 9) shows
// Arabic from the right, and the numbers next to it in their places.
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

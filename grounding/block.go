package grounding

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dalil/corpus"
)

// overhead is the tokens of a new block of a strip without its text.
func (w *work) overhead(s *strip) int {
	if s.frame == 0 {
		s.frame = w.count(w.form.between + w.form.head("99", &s.passages[0].Document) + w.form.foot)
	}
	return s.frame
}

// render writes what was chosen into the answer. Where the counter finds more
// tokens in the whole than in its parts, the last choices are given back.
func (w *work) render(answer *corpus.ContextAnswer) {
	for {
		answer.Blocks = w.blocks()
		answer.Text = w.text(answer.Blocks)
		answer.Tokens = w.counter.Count(answer.Text)
		if answer.Tokens <= w.query.MaxTokens {
			break
		}
		w.giveBack()
	}
	for i := range answer.Blocks {
		b := &answer.Blocks[i]
		b.Tokens, b.Flags = w.counter.Count(b.Text), flags(b.Text)
	}
}

// text is the rendered form; empty without blocks.
func (w *work) text(blocks []corpus.ContextBlock) string {
	if len(blocks) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(w.form.open)
	for i := range blocks {
		if i > 0 {
			b.WriteString(w.form.between)
		}
		b.WriteString(w.form.head(blocks[i].Citation, &blocks[i].Document))
		b.WriteString(w.form.body(neutral(blocks[i].Text)))
		b.WriteString(w.form.foot)
	}
	b.WriteString(w.form.close)
	return b.String()
}

// blocks makes a block of each stretch, in the requested order.
func (w *work) blocks() []corpus.ContextBlock {
	var all []run
	for _, s := range w.strips {
		all = slices.AppendSeq(all, s.runs)
	}
	orders[w.query.Order](all)
	var blocks []corpus.ContextBlock
	for _, r := range all {
		if b := r.block(); b.Text != "" {
			b.Citation = strconv.Itoa(len(blocks) + 1)
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// orders put stretches, which are in reading order within their document, in
// order.
var orders = [...]func([]run){
	corpus.ByRank: best,
	corpus.ByDocument: func(all []run) {
		first := map[*strip]int{}
		for _, r := range all {
			if rank, held := first[r.strip]; !held || r.rank() < rank {
				first[r.strip] = r.rank()
			}
		}
		slices.SortStableFunc(all, func(a, b run) int { return first[a.strip] - first[b.strip] })
	},
	corpus.ByEdges: func(all []run) {
		best(all)
		ranked := slices.Clone(all)
		front, back := 0, len(all)-1
		for i, r := range ranked {
			if i%2 == 0 {
				all[front] = r
				front++
			} else {
				all[back] = r
				back--
			}
		}
	},
}

// block is a stretch without the blanks at its ends.
func (r run) block() corpus.ContextBlock {
	var text strings.Builder
	var b corpus.ContextBlock
	first := r.sentences[r.start]
	b.Document, b.Revision = first.Document, first.Chunk.Revision
	b.Span.Start = first.Chunk.Span.Start + r.offset(r.start)
	for i := r.start; i < r.end; i++ {
		x := r.sentences[i]
		text.WriteString(x.text)
		if n := len(b.Passages); n == 0 || b.Passages[n-1] != x.Chunk.ID {
			b.Passages = append(b.Passages, x.Chunk.ID)
			if x.Relevance != nil && (b.Relevance == nil || *x.Relevance > *b.Relevance) {
				b.Relevance = x.Relevance
			}
		}
	}
	b.Text = strings.TrimLeftFunc(text.String(), unicode.IsSpace)
	b.Span.Start += text.Len() - len(b.Text)
	b.Text = strings.TrimRightFunc(b.Text, unicode.IsSpace)
	b.Span.End = b.Span.Start + len(b.Text)
	b.Highlights = r.highlights(b.Span, b.Text)
	return b
}

// offset is where sentence i begins in its passage.
func (s *strip) offset(i int) int {
	at := 0
	for j := s.sentences[i].first; j < i; j++ {
		at += len(s.sentences[j].text)
	}
	return at
}

// highlights are those of the stretch's passages within its text.
func (r run) highlights(span corpus.Span, text string) []corpus.Highlight {
	var all []corpus.Highlight
	units, at := 0, 0 // UTF-16 code units of text[:at]
	unitsTo := func(end int) int {
		for _, c := range text[at:end] {
			units++
			if c > math.MaxUint16 {
				units++
			}
		}
		at = end
		return units
	}
	var last *passage
	for i := r.start; i < r.end; i++ {
		p := r.sentences[i].passage
		if p == last {
			continue
		}
		last = p
		shift := p.Chunk.Span.Start - span.Start
		for _, h := range p.Highlights {
			start, end := h.Start+shift, h.End+shift
			if start < at || end > len(text) {
				continue
			}
			all = append(all, corpus.Highlight{Start: start, End: end, UTF16Start: unitsTo(start), UTF16End: unitsTo(end)})
		}
	}
	return all
}

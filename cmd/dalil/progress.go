package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"dalil/corpus"
)

// progress shows how far a run has come: a bar on a terminal, a line every few
// seconds elsewhere.
type progress struct {
	screen
	out    io.Writer
	total  int // files below the paths; 0: not known
	start  time.Time
	shown  time.Time
	counts map[corpus.Outcome]int
	n      int
}

func newProgress(s streams, total int) *progress {
	now := time.Now()
	return &progress{
		screen: screenOf(s.err, s.environment), out: s.err, total: total,
		start: now, shown: now, counts: map[corpus.Outcome]int{},
	}
}

func (p *progress) receipt(r corpus.Receipt) {
	p.counts[r.Outcome]++
	p.n++
	every := 5 * time.Second
	if p.controls {
		every = 100 * time.Millisecond
	}
	if now := time.Now(); now.Sub(p.shown) >= every {
		p.shown = now
		p.show()
	}
}

func (p *progress) show() {
	const cells = 24
	text := fmt.Sprintf("%d documents: %d indexed, %d unchanged, %d failed; %.0f a second", p.n,
		p.counts[corpus.Indexed], p.counts[corpus.Unchanged], p.counts[corpus.Failed], float64(p.n)/time.Since(p.start).Seconds())
	if !p.controls {
		fmt.Fprintln(p.out, text)
		return
	}
	if p.total > 0 {
		full := min(cells*p.n/p.total, cells)
		text = "[" + strings.Repeat("#", full) + strings.Repeat(".", cells-full) + "] " + text
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s", text[:min(len(text), p.width-1)]) // a second line could not be taken away
}

// done takes the bar away; the summary follows.
func (p *progress) done() {
	if p.controls {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"dalil/corpus"
)

// progress shows the progress of a run: a bar on a terminal, otherwise a line every
// few seconds.
type progress struct {
	screen
	out    io.Writer
	total  int // number of files below the paths; 0: unknown
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
	fmt.Fprintf(p.out, "\r\x1b[K%s", text[:min(len(text), p.width-1)]) // a bar of two lines could not be erased
}

// done erases the bar before the summary is printed.
func (p *progress) done() {
	if p.controls {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

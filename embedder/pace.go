package embedder

import (
	"context"
	"errors"
	"sync"
	"time"

	"dalil/corpus"
)

// PaceOptions has the settings of a Pace. Zero fields have the defaults.
type PaceOptions struct {
	Texts  int           // in one call; 0: what the model takes
	Tokens int           // in one call, estimated where there is no [Counter]; 0: no bound
	Target time.Duration // how long a call with passages should take; 0: 3 s
	Calls  int           // largest number of running calls with passages; 0: 16
}

// Pace learns how many texts an endpoint takes in one call and how fast it works,
// and keeps calls with passages within that:
//
//   - A call should take Target. The first is small; the next ones grow while the
//     endpoint answers sooner, and shrink when it takes longer. After a timeout
//     half of the texts are sent.
//   - More calls go at once only while that does not slow each of them down, so
//     that no work piles up at the endpoint (Brakmo and Peterson, "TCP Vegas",
//     1995, find a queue the same way).
//   - A call that is refused as a whole is halved until it passes; what passed is
//     the limit from then on. A single text that is refused is a [TextError].
//
// It consists of two wrappers that share their measurements. [Pace.Measured]
// belongs inside the wrappers that wait and retry, so that it measures only the
// endpoint's own time. [Pace.Cut] belongs outside of them. Questions are cut to the
// limit, but never wait for passages.
type Pace struct {
	options PaceOptions

	mu      sync.Mutex
	most    int           // limit of texts in one call, learned from refusals; 0: unknown
	bytes   int           // of texts that a call should hold
	calls   float64       // calls that may run at the same time
	flying  int           // that are
	fastest float64       // shortest time of a full call, in seconds per byte
	freed   chan struct{} // closed when a call ends
}

const (
	firstCall = 8 << 10  // bytes: a slow model on two cores reads as much in seconds
	largest   = 16 << 20 // bytes of one call
	// queued is the factor by which a call takes longer than the best time per byte
	// if others are served before it.
	queued = 2
)

// NewPace returns a Pace without measurements of its endpoint.
func NewPace(options PaceOptions) *Pace {
	if options.Target <= 0 {
		options.Target = 3 * time.Second
	}
	if options.Calls <= 0 {
		options.Calls = 16
	}
	return &Pace{options: options, bytes: firstCall, calls: 1, freed: make(chan struct{})}
}

// Measured limits the number of running calls with passages, and measures how long
// each takes.
func (p *Pace) Measured(e Embedder) Embedder { return &measured{e, p} }

type measured struct {
	Embedder
	pace *Pace
}

func (m *measured) Unwrap() Embedder { return m.Embedder }

// errRecut is the error of a call that became too large while it waited.
var errRecut = corpus.Errorf(corpus.ErrInternal, "the batch is larger than the endpoint's pace allows by now")

func (m *measured) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	if role != Passage || len(texts) == 0 {
		return m.Embedder.Embed(ctx, role, texts)
	}
	if err := m.pace.enter(ctx, texts); err != nil {
		return Embeddings{}, err
	}
	start := time.Now()
	answer, err := m.Embedder.Embed(ctx, role, texts)
	m.pace.leave(texts, time.Since(start), err)
	return answer, err
}

// enter waits for a free place among the running calls.
func (p *Pace) enter(ctx context.Context, texts []string) error {
	for {
		p.mu.Lock()
		switch {
		case len(texts) > 1 && sum(texts) > 2*p.bytes:
			p.mu.Unlock()
			return errRecut
		case p.flying < int(p.calls):
			p.flying++
			p.mu.Unlock()
			return nil
		}
		freed := p.freed
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-freed:
		}
	}
}

// leave updates the measurements after a call.
func (p *Pace) leave(texts []string, took time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flying--
	close(p.freed)
	p.freed = make(chan struct{})
	size := sum(texts)
	switch {
	case err == nil:
		p.answered(size, len(texts), took)
	case errors.Is(err, ErrTimeout):
		p.bytes, p.calls = max(1, min(p.bytes, size/2)), 1
	}
}

// answered adjusts the size of calls towards the target, by a factor of at most
// four, and the number of running calls. A call that is small because there were
// few texts does not show that larger ones are fast enough.
func (p *Pace) answered(size, texts int, took time.Duration) {
	aim := p.options.Target
	switch full := size >= p.bytes/2; {
	case took > aim && texts > 1:
		p.bytes = max(1, int(float64(size)*max(aim.Seconds()/took.Seconds(), .25)))
	case full && took < aim/8:
		p.bytes = min(4*p.bytes, largest)
	case full && took < aim/2:
		p.bytes = min(2*p.bytes, largest)
	}
	each := took.Seconds() / float64(max(size, 1))
	if p.fastest == 0 || each < p.fastest {
		p.fastest = each
	}
	if took > aim/8 && each > queued*p.fastest {
		p.calls = max(1, p.calls-1)
		p.fastest *= 1.05 // the endpoint may have become slower permanently
		return
	}
	p.calls = min(p.calls+1/p.calls, float64(p.options.Calls))
}

// limit returns how many texts and bytes the next call of a role may have.
func (p *Pace) limit(role Role) (texts, bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if role != Passage {
		return p.most, largest
	}
	return p.most, p.bytes
}

// passed records the limit of texts that a refusal showed.
func (p *Pace) passed(texts int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.most == 0 || texts < p.most {
		p.most = texts
	}
}

func sum(texts []string) (bytes int) {
	for _, text := range texts {
		bytes += len(text) + 1
	}
	return bytes
}

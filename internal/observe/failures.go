package observe

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"dalil/corpus"
)

// failureLog logs documents that fail: the first of each kind at once, and then one
// line per minute with a count. A full disk makes thousands of documents fail in a
// second, and each would have the same line.
type failureLog struct {
	mu     sync.Mutex
	log    *slog.Logger // nil: nothing is logged
	recent map[string]*failing
}

// failing is one kind of failure that was logged less than a minute ago.
type failing struct {
	more  int // number of failures since the last line
	last  error
	timer *time.Timer
}

// failureInterval is the time between two lines of one kind.
const failureInterval = time.Minute

// LogFailures sets the log for documents that fail. Close ends it.
func (m *Metrics) LogFailures(log *slog.Logger) {
	m.failures.mu.Lock()
	defer m.failures.mu.Unlock()
	m.failures.log, m.failures.recent = log, map[string]*failing{}
}

// Close logs the counts of failures that were not logged yet.
func (m *Metrics) Close() {
	f := &m.failures
	f.mu.Lock()
	defer f.mu.Unlock()
	for why, recent := range f.recent {
		recent.timer.Stop()
		f.line(why, recent.more, recent.last)
	}
	f.log, f.recent = nil, nil
}

func (f *failureLog) note(why string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.log == nil {
		return
	}
	if recent, known := f.recent[why]; known {
		recent.more++
		recent.last = err
		return
	}
	f.line(why, 1, err)
	f.recent[why] = &failing{timer: time.AfterFunc(failureInterval, func() { f.again(why) })}
}

// again runs a minute after a line. It logs the failures since then, or removes the
// kind if there were none.
func (f *failureLog) again(why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	recent, known := f.recent[why]
	switch {
	case !known:
	case recent.more == 0:
		delete(f.recent, why)
	default:
		f.line(why, recent.more, recent.last)
		recent.more, recent.last = 0, nil
		recent.timer.Reset(failureInterval)
	}
}

// line writes one line. An error about a caller's document may quote the document,
// so only its count is logged.
func (f *failureLog) line(why string, n int, err error) {
	if n == 0 {
		return
	}
	level, attributes := slog.LevelWarn, []slog.Attr{slog.String("reason", why), slog.Int("documents", n)}
	switch why {
	case kindReasons[corpus.ErrInvalid], reasonCancelled, reasonDeadline:
		level = slog.LevelInfo
	default:
		if err != nil {
			attributes = append(attributes, slog.String("error", err.Error()))
		}
	}
	f.log.LogAttrs(context.Background(), level, "documents failed", attributes...)
}

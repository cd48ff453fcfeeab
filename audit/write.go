package audit

import (
	"bytes"
	"slices"
	"time"
)

// run writes records until Close. It is the only goroutine that uses the file.
func (l *Log) run() {
	defer close(l.ended)
	summary := time.NewTicker(l.options.Summary)
	defer summary.Stop()
	retry := time.NewTicker(retryEvery)
	defer retry.Stop()
	var flush <-chan time.Time
	if l.options.Flush > 0 {
		ticker := time.NewTicker(l.options.Flush)
		defer ticker.Stop()
		flush = ticker.C
	}
	for {
		again := false
		select {
		case <-l.wake:
		case <-retry.C:
			again = true
		case <-summary.C:
			l.refusals.flush(time.Now())
		case <-flush:
			if err := l.file.sync(); err != nil {
				l.result(0, err)
			}
		}
		if l.write(again) {
			return
		}
	}
}

// write writes what waits, in one piece. While the log cannot be written, it tries only
// if a caller waits, or again is set. It reports whether the log is closing.
func (l *Log) write(again bool) (closing bool) {
	l.mu.Lock()
	batch, kept, lost := l.batch, l.kept, l.lost
	l.batch, closing = nil, l.closing
	failed, since := l.failed, l.since
	l.mu.Unlock()
	if len(batch)+len(kept)+lost == 0 && failed == nil || failed != nil && len(batch) == 0 && !again && !closing {
		return closing
	}
	now := time.Now()
	var lines bytes.Buffer
	if failed != nil || lost > 0 {
		lines.Write(Record{Event: Resumed, Reason: "the log could not be written", Since: since, Lost: lost}.line(now))
	}
	for _, r := range kept {
		lines.Write(r.line(now))
	}
	for _, w := range batch {
		lines.Write(w.record.line(now))
	}
	err := l.file.append(lines.Bytes())
	if err == nil && (l.options.Flush <= 0 || closing) {
		err = l.file.sync()
	}
	if err == nil {
		l.mu.Lock()
		l.kept, l.lost = slices.Delete(l.kept, 0, len(kept)), l.lost-lost
		l.mu.Unlock()
	}
	l.result(len(batch)+len(kept), err)
	for _, w := range batch {
		if err != nil {
			w.done <- unwritable(err.Error())
			continue
		}
		w.done <- nil
	}
	return closing
}

// result keeps how an attempt ended.
func (l *Log) result(records int, err error) {
	l.mu.Lock()
	switch {
	case err == nil:
		l.failed = nil
	case l.failed == nil:
		l.since = time.Now()
		fallthrough
	default:
		l.failed = unwritable(err.Error())
	}
	l.mu.Unlock()
	l.options.Observe(records, err)
}

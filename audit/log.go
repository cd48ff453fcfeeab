package audit

import (
	"fmt"
	"sync"
	"time"

	"dalil/corpus"
)

// Options has the settings of a Log.
type Options struct {
	// Flush is how long a record may be in the memory of the operating system alone.
	// 0: every record is on the disk before [Log.Write] returns. A crash of the
	// process loses no record in either case; a crash of the machine may lose those
	// of the last interval.
	Flush time.Duration
	// Summary is how often refusals are summed up; 0: a minute.
	Summary time.Duration
	// Lazy opens the file with the first record, so that a command that only reads needs
	// no access to it.
	Lazy bool
	// Observe gets the number of records of each attempt to write, and its error. nil: none.
	Observe func(records int, err error)
}

// Log appends records to a file. It is safe for concurrent use. Several processes may
// append to the same file. Records of calls that run at the same time are written and
// flushed together.
//
// A file that was renamed or removed is opened again under its name before the next
// record, so that programs that rotate logs need no signal.
type Log struct {
	path     string
	options  Options
	file     file // used by the writing goroutine alone
	refusals *summaries

	mu      sync.Mutex
	batch   []waiting // to be written
	kept    []Record  // of Post; they are kept until they are written
	lost    int       // records that did not fit into kept
	failed  error     // of the last attempt; nil: it succeeded
	since   time.Time // when the log began to fail
	closing bool

	wake  chan struct{}
	ended chan struct{}
}

// waiting is a record of a caller that waits.
type waiting struct {
	record Record
	done   chan error
}

// mostKept limits the records that are kept while the log cannot be written.
const mostKept = 10_000

// retryEvery is how often a log that cannot be written is tried again.
const retryEvery = time.Second

// Open opens a log and creates its file, with mode 0600, if it does not exist. The
// folder must exist. If the last line of the file is incomplete, because a process or
// the machine stopped while it was written, the next record begins a new line.
func Open(path string, o Options) (*Log, error) {
	if o.Summary <= 0 {
		o.Summary = time.Minute
	}
	if o.Observe == nil {
		o.Observe = func(int, error) {}
	}
	l := &Log{path: path, options: o, file: file{path: path}, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	l.refusals = newSummaries(l.Post)
	if !o.Lazy {
		torn, err := l.file.open()
		if err != nil {
			return nil, err
		}
		if torn {
			l.kept = append(l.kept, Record{Event: Resumed, Reason: "the last line before this one was incomplete"})
			l.signal()
		}
	}
	go l.run()
	return l, nil
}

// Write appends a record and returns when it is written, and flushed as the options
// say. The error is corpus.ErrUnavailable; the record is then not kept.
func (l *Log) Write(r Record) error {
	w := waiting{r, make(chan error, 1)}
	l.mu.Lock()
	if l.closing {
		l.mu.Unlock()
		return unwritable("it is closed")
	}
	l.batch = append(l.batch, w)
	l.mu.Unlock()
	l.signal()
	return <-w.done
}

// Post appends a record without waiting. If it cannot be written now, it is kept in
// memory and written later; beyond 10,000 records, only their number is kept. A record
// that a full disk cut off is written again as a whole.
func (l *Log) Post(r Record) {
	if r.Time.IsZero() {
		r.Time = time.Now()
	}
	l.mu.Lock()
	if len(l.kept) < mostKept {
		l.kept = append(l.kept, r)
	} else {
		l.lost++
	}
	l.mu.Unlock()
	l.signal()
}

// Refuse counts a refused call. The first of a group is recorded at once, the others
// once a minute with their number, so that callers who are refused cannot fill the
// disk. The group is the address of a stranger, or the name of a known caller. In a
// group, refusals with another cause (the subject) are counted apart, and those of a known
// caller also by method: up to 16 kinds. Beyond 100 groups of strangers and 1,000 of known
// callers in a minute, the refusals of further groups are counted together.
func (l *Log) Refuse(group string, known bool, r Record) {
	r.Event = Refused
	l.refusals.note(group, known, r)
}

// Err returns why the log cannot be written; nil if the last attempt succeeded.
func (l *Log) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

// Close writes and flushes what is left. Its error says that records are lost.
func (l *Log) Close() error {
	l.refusals.flush(time.Now())
	l.mu.Lock()
	l.closing = true
	l.mu.Unlock()
	l.signal()
	<-l.ended
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.kept) + l.lost; n > 0 {
		return fmt.Errorf("%d records of the audit log are lost: %w", n, l.failed)
	}
	return l.file.close()
}

// signal wakes the writing goroutine.
func (l *Log) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func unwritable(why string) error {
	return corpus.Errorf(corpus.ErrUnavailable, "the audit log cannot be written: %s", why)
}

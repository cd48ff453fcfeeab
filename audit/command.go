package audit

import (
	"errors"
	"maps"
	"os/user"

	"dalil/corpus"
)

// Recorded records a command of this machine that changes something. A nil Recorded
// records nothing.
type Recorded struct {
	log      *Log
	required bool
	record   Record // what its records have in common
	batch    Record // documents that are not recorded yet
	all      Outcomes
}

// User returns the user of the operating system that runs this process, for records; "":
// it has no name.
func User() string {
	who, err := user.Current()
	if err != nil {
		return ""
	}
	return who.Username
}

// Start records that a command begins. The error says that it must not, because the log
// cannot be written and is required. The log is closed by [Recorded.End].
func Start(l *Log, required bool, r Record) (*Recorded, error) {
	first := r
	first.Event = Begin
	c := &Recorded{log: l, required: required, record: r, all: Outcomes{}}
	if err := l.Write(first); err != nil {
		if required {
			return nil, errors.Join(err, l.Close())
		}
		l.Post(first)
	}
	return c, nil
}

// Document records what became of a document. An unchanged document is only counted.
func (c *Recorded) Document(r corpus.Receipt) {
	if c == nil {
		return
	}
	c.all[r.Outcome.String()]++
	if r.Outcome == corpus.Unchanged {
		return
	}
	if c.batch.Outcomes == nil {
		c.batch = c.record
		c.batch.Event, c.batch.Documents, c.batch.Outcomes = Written, nil, Outcomes{}
	}
	c.batch.Documents = append(c.batch.Documents, r.DocumentID)
	c.batch.Outcomes[r.Outcome.String()]++
	if len(c.batch.Documents) == MostDocuments {
		c.write()
	}
}

// Subject sets what the command concerned, when it is known.
func (c *Recorded) Subject(s string) {
	if c != nil {
		c.record.Subject = s
	}
}

func (c *Recorded) write() {
	if c.batch.Outcomes != nil {
		c.log.Post(c.batch)
		c.batch = Record{}
	}
}

// End records how the command ended, and closes the log. It returns err, and the error of
// the log if that is required.
func (c *Recorded) End(err error) error {
	if c == nil {
		return err
	}
	c.write()
	last := c.record
	last.Event, last.Outcome = Command, "OK"
	if len(c.all) > 0 {
		last.Outcomes = maps.Clone(c.all)
	}
	if err != nil {
		last.Outcome, last.Reason = "Failed", string(corpus.KindOf(err))
	}
	c.log.Post(last)
	if closing := c.log.Close(); closing != nil && c.required {
		return errors.Join(err, closing)
	}
	return err
}

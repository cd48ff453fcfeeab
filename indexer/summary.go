package indexer

import (
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Summary has the counts of a run.
type Summary struct {
	Indexed   int              `json:"indexed"`
	Unchanged int              `json:"unchanged"`
	Failed    int              `json:"failed"`
	Deleted   int              `json:"deleted"`
	Stale     int              `json:"stale"` // older than the current version
	Chunks    int              `json:"chunks"`
	Tokens    int              `json:"tokens"`
	Cut       int              `json:"cut"`
	Warned    int              `json:"warned"` // documents with warnings
	Elapsed   time.Duration    `json:"-"`
	Failures  []corpus.Receipt `json:"-"`
	Missing   []store.Damage   `json:"-"` // documents that a rebuild with --salvage could not read
	Warnings  []corpus.Receipt `json:"-"` // receipts with warnings, at most maxWarnings
	Receipts  int              `json:"-"` // number of receipts of all documents
	Stopped   error            `json:"-"` // why the run ended before its input did; nil: it did not

	seen map[string]bool
}

// maxWarnings is the largest number of receipts with warnings in a summary.
const maxWarnings = 1000

// Add counts a receipt.
func (s *Summary) Add(r corpus.Receipt) {
	s.Receipts++
	switch r.Outcome {
	case corpus.Indexed:
		s.Indexed++
	case corpus.Unchanged:
		s.Unchanged++
	case corpus.Deleted:
		s.Deleted++
	case corpus.Stale:
		s.Stale++
	case corpus.Failed:
		s.Failed++
		s.Failures = append(s.Failures, r)
	}
	if len(r.Warnings) > 0 {
		if s.Warned++; len(s.Warnings) < maxWarnings {
			s.Warnings = append(s.Warnings, r)
		}
	}
	s.Chunks += r.Chunks
	s.Tokens += r.Tokens
	s.Cut += r.Cut
	if r.DocumentID != "" && r.Outcome != corpus.Deleted {
		if s.seen == nil {
			s.seen = map[string]bool{}
		}
		s.seen[r.DocumentID] = true
	}
}

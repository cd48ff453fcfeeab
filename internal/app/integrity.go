package app

import (
	"errors"
	"fmt"
	"strings"

	"dalil/corpus"
	"dalil/store/local"
)

// namedDocuments is how many damaged documents the doctor names.
const namedDocuments = 20

// integrity lets SQLite check the database, and reads every document whole.
func (d *doctor) integrity() {
	const check = "integrity"
	if d.config.Store.Name != "local" {
		return
	}
	s, err := local.OpenDamaged(d.ctx, d.config.Data)
	switch {
	case errors.Is(err, corpus.ErrNotReady), errors.Is(err, corpus.ErrLocked), errors.Is(err, corpus.ErrMissing), errors.Is(err, corpus.ErrModelMismatch):
		return // the check of the store says it
	case err != nil:
		d.fail(check, "restore a backup: dalil restore; or see what the folder holds: dalil doctor --repair", err)
		return
	}
	defer s.Close()
	lines, err := s.Integrity(d.ctx)
	if err != nil {
		d.fail(check, "", err)
		return
	}
	stats, err := s.Stats(d.ctx)
	if err != nil {
		d.fail(check, "", err)
		return
	}
	damaged := s.Damaged()
	if len(lines) == 0 && len(damaged) == 0 {
		d.ok(check, "SQLite's check finds nothing, and all %d documents can be read", stats.Documents)
		return
	}
	var found []string
	for i, one := range damaged {
		if i == namedDocuments {
			found = append(found, fmt.Sprintf("and %d more", len(damaged)-i))
			break
		}
		name := one.DocumentID
		if name == "" {
			name = "documents without a name"
		}
		if one.Readable {
			name += " (only its vectors)"
		}
		found = append(found, name+": "+one.Err.Error())
	}
	detail := fmt.Sprintf("%d documents are damaged, the texts of %d can be read", len(damaged), stats.Documents)
	if len(found) > 0 {
		detail += ": " + strings.Join(found, "; ")
	}
	if len(lines) > 0 {
		detail += "; SQLite: " + strings.Join(lines, "; ")
	}
	d.fail(check, "restore a backup (dalil restore), or save what can be read: dalil export --salvage FILE, dalil index --rebuild --salvage",
		corpus.Errorf(corpus.ErrCorrupt, "%s", detail))
}

package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

// namedDocuments is how many damaged documents the doctor names.
const namedDocuments = 20

// integrity runs the store's own check of its files, and reads every document completely.
func integrity(ctx context.Context, x *examination) {
	const check = "integrity"
	opener, able := x.Driver.(store.DamagedOpener)
	if !able {
		return
	}
	s, err := opener.OpenDamaged(ctx)
	switch {
	case errors.Is(err, corpus.ErrNotReady), errors.Is(err, corpus.ErrLocked), errors.Is(err, corpus.ErrMissing), errors.Is(err, corpus.ErrModelMismatch),
		errors.Is(err, corpus.ErrUnsupported):
		return // the check "store" reports it
	case err != nil:
		x.fail(check, "restore a backup with \"dalil restore\", or list the collections of the folder with \"dalil doctor --repair\"", err)
		return
	}
	defer s.Close()
	var lines []string
	if checker, able := s.(store.IntegrityChecker); able {
		if lines, err = checker.Integrity(ctx); err != nil {
			x.fail(check, "", err)
			return
		}
	}
	stats, err := s.Stats(ctx)
	if err != nil {
		x.fail(check, "", err)
		return
	}
	damaged := damageOf(s)
	if len(lines) == 0 && len(damaged) == 0 {
		x.ok(check, "SQLite's check finds no errors, and all %d documents can be read", stats.Documents)
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
	detail := fmt.Sprintf("%d documents are damaged; the texts of %d of them can be read", len(damaged), stats.Documents)
	if len(found) > 0 {
		detail += ": " + strings.Join(found, "; ")
	}
	if len(lines) > 0 {
		detail += "; SQLite: " + strings.Join(lines, "; ")
	}
	x.fail(check, "restore a backup with \"dalil restore\", or save what can be read with \"dalil export --salvage FILE\" or \"dalil index --rebuild --salvage\"",
		corpus.Errorf(corpus.ErrCorrupt, "%s", detail))
}

func damageOf(s store.Reader) []store.Damage {
	if salvager, ok := s.(store.Salvager); ok {
		return salvager.Damaged()
	}
	return nil
}

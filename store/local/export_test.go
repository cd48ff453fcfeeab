package local

import "context"

// TendNow brings the column of profiles up to date, as the background does.
func (s *Store) TendNow() { s.round(s.column.Load()) }

// Scans is what the searches of a store share.
type Scans struct{ scans }

func NewScans(n int) Scans { return Scans{newScans(n)} }

// Run does tasks as a search of a large index does.
func (s Scans) Run(ctx context.Context, tasks ...func()) error {
	release, err := s.enter(ctx, nil)
	if err != nil {
		return err
	}
	defer release()
	return s.run(ctx, tasks, true)
}

// Running is how many goroutines search.
func (s Scans) Running() int { return len(s.slots) }

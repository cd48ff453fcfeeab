package corpus

import "time"

// Collection is one of the collections behind a name: the active one answers,
// the others were built to take its place, or stood there before.
type Collection struct {
	Name                string
	Pipeline            Pipeline
	Active              bool
	Documents, Passages int
	CreatedAt           time.Time
	ActivatedAt         time.Time // zero: it never was
	UpdatedAt           time.Time // of the newest write; zero: never
}

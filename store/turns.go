package store

import "dalil/fair"

// TurnTaker is a store that does CPU-bound work in this process, for writes and in the
// background. Fallback: the work is done elsewhere, and only that of the indexer takes turns.
type TurnTaker interface {
	// TakeTurns has the work take turns from now on.
	TakeTurns(t *fair.Turns)
}

// TakeTurns has the work of a store take turns, if it is a [TurnTaker].
func TakeTurns(s Store, t *fair.Turns) {
	if taker, ok := s.(TurnTaker); ok {
		taker.TakeTurns(t)
	}
}

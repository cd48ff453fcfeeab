package local

import (
	"context"

	"dalil/fair"
	"dalil/store"
)

var _ store.TurnTaker = (*Store)(nil)

// TakeTurns has writes, merges and what is worked out for them take turns.
func (s *Store) TakeTurns(t *fair.Turns) { s.turns.Store(t) }

// The callers for whom the writer and the merges in the background take turns.
const (
	writerTurns = "the writer"
	mergeTurns  = "a merge"
)

// turn waits for a turn of work that nobody cancels.
func (s *Store) turn(caller string) *fair.Turn {
	turn, _ := s.turns.Load().Begin(context.Background(), caller) // which does not end
	return turn
}

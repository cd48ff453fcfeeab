package local

import (
	"time"

	"dalil/store"
)

var _ store.StepReporter = (*Store)(nil)

// ReportSteps has report called after each step of a write.
func (s *Store) ReportSteps(report func(step store.Step, took time.Duration, err error)) {
	s.steps.Store(&report)
}

// stepped reports a step that began at a time.
func (s *Store) stepped(step store.Step, began time.Time, err error) {
	if report := s.steps.Load(); report != nil && *report != nil {
		(*report)(step, time.Since(began), err)
	}
}

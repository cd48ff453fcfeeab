package store

import "time"

// Step is one of the steps by which an embedded store brings writes into its index.
type Step string

// The steps.
const (
	StepWait       Step = "wait"        // a write waits until the writer takes it
	StepInsert     Step = "insert"      // the rows of one commit are written to the database
	StepFlush      Step = "flush"       // one commit is flushed to the disk
	StepPublish    Step = "publish"     // a commit becomes a new state of the index, which searches see
	StepMerge      Step = "merge"       // the writer merges small parts of the index; writes wait
	StepMergeLarge Step = "merge_large" // a large merge in the background, with its file
	StepTend       Step = "tend"        // a round of the background work on the files of profiles
)

// Steps lists all steps.
func Steps() []Step {
	return []Step{StepWait, StepInsert, StepFlush, StepPublish, StepMerge, StepMergeLarge, StepTend}
}

// StepReporter is a store that says how long its steps take. Fallback: a store in another
// process has metrics of its own.
type StepReporter interface {
	// ReportSteps has the store call report after each step, with the step's error; nil
	// ends that. Report must not wait, and is called by several goroutines.
	ReportSteps(report func(step Step, took time.Duration, err error))
}

// StepReporterOf returns the [StepReporter] that r is or wraps; nil: there is none.
func StepReporterOf(r Reader) StepReporter {
	reporter, _ := able[StepReporter](r)
	return reporter
}

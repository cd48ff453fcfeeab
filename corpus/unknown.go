package corpus

// UnknownError is a write that was sent and not answered: it may have taken
// effect.
type UnknownError struct{ Cause error }

func (e *UnknownError) Error() string {
	return "it is not known whether this was written; send it again: " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *UnknownError) Unwrap() error { return e.Cause }

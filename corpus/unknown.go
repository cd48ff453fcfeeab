package corpus

// UnknownError is the error of a write that was sent but not answered, so that it
// may have taken effect.
type UnknownError struct{ Cause error }

func (e *UnknownError) Error() string {
	return "it is not known whether this was written; send it again: " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *UnknownError) Unwrap() error { return e.Cause }
